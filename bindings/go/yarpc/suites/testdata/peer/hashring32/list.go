// Package hashring32 is in the place of YARPC's: its lists are peerage's.
package hashring32

import (
	"slices"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/net/metrics"
	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peerage/seen"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/zap"
)

type (
	Option = yarpcpeers.Option
	List   = seen.List
)

// Config has the fields that YARPC's tests set, which are no pointers there.
type Config struct {
	OffsetHeader            string         `config:"offsetHeader"`
	OffsetGeneratorValue    int            `config:"offsetGeneratorValue"`
	PeerOverrideHeader      string         `config:"peerOverrideHeader"`
	AlternateShardKeyHeader string         `config:"alternateShardKeyHeader"`
	ReplicaDelimiter        string         `config:"replicaDelimiter"`
	NumReplicas             int            `config:"numReplicas"`
	NumPeersEstimate        int            `config:"numPeersEstimate"`
	DefaultChooseTimeout    *time.Duration `config:"defaultChooseTimeout"`
}

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
	spec := yarpcpeers.HashRing32Spec(Logger(logger))
	build := spec.BuildPeerList.(func(yarpcpeers.HashRing32Configuration, peer.Transport, *yarpcconfig.Kit) (peer.ChooserList, error))
	spec.BuildPeerList = func(c Config, t peer.Transport, k *yarpcconfig.Kit) (peer.ChooserList, error) {
		return build(yarpcpeers.HashRing32Configuration{
			OffsetHeader:            &c.OffsetHeader,
			OffsetGeneratorValue:    &c.OffsetGeneratorValue,
			PeerOverrideHeader:      &c.PeerOverrideHeader,
			AlternateShardKeyHeader: &c.AlternateShardKeyHeader,
			ReplicaDelimiter:        &c.ReplicaDelimiter,
			NumReplicas:             c.NumReplicas,
			NumPeersEstimate:        c.NumPeersEstimate,
			DefaultChooseTimeout:    c.DefaultChooseTimeout,
		}, t, k)
	}
	return spec
}
