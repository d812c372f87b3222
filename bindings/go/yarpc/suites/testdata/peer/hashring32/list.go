// Package hashring32 is in the place of YARPC's: its lists are peerage's.
package hashring32

import (
	"slices"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"
	"peerage.dev/go/yarpc/suites/seen"

	"go.uber.org/net/metrics"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/zap"
)

type (
	Option = yarpcpeers.Option
	Config = yarpcpeers.HashRing32Configuration
	List   = seen.List
)

func OffsetHeader(name string) Option             { return yarpcpeers.OffsetHeader(name) }
func OffsetGeneratorValue(n int) Option           { return yarpcpeers.OffsetGeneratorValue(n) }
func PeerOverrideHeader(name string) Option       { return yarpcpeers.PeerOverrideHeader(name) }
func AlternateShardKeyHeader(name string) Option  { return yarpcpeers.AlternateShardKeyHeader(name) }
func ReplicaDelimiter(delimiter string) Option    { return yarpcpeers.ReplicaDelimiter(delimiter) }
func NumReplicas(n int) Option                    { return yarpcpeers.NumReplicas(n) }
func NumPeersEstimate(n int) Option               { return yarpcpeers.NumPeersEstimate(n) }
func DefaultChooseTimeout(d time.Duration) Option { return yarpcpeers.DefaultChooseTimeout(d) }
func Logger(logger *zap.Logger) Option            { return yarpcpeers.Logger(logger) }

// New takes a hash function as YARPC's does; there is but one.
func New(t peer.Transport, _ func(string) uint32, options ...Option) *List {
	return seen.New("hashring32", t, slices.Clone(options)...)
}

func Spec(logger *zap.Logger, _ *metrics.Scope) yarpcconfig.PeerListSpec {
	return yarpcpeers.HashRing32Spec(Logger(logger))
}
