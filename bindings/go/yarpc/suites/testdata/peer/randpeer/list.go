// Package randpeer is in the place of YARPC's: its lists are peerage's.
package randpeer

import (
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peerage/seen"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/zap"
)

// What the tests set.
type listConfig struct {
	shuffle bool
	seed    int64
	options []yarpcpeers.Option
}

type (
	ListOption    func(*listConfig)
	Configuration = yarpcpeers.Configuration
)

// List is one under test. YARPC's have a field of this name.
type List struct {
	*seen.List
	list *seen.List
}

func option(o yarpcpeers.Option) ListOption {
	return func(c *listConfig) { c.options = append(c.options, o) }
}

func Capacity(n int) ListOption       { return option(yarpcpeers.Capacity(n)) }
func FailFast() ListOption            { return option(yarpcpeers.FailFast()) }
func Logger(l *zap.Logger) ListOption { return option(yarpcpeers.Logger(l)) }
func DefaultChooseTimeout(d time.Duration) ListOption {
	return option(yarpcpeers.DefaultChooseTimeout(d))
}
func Seed(seed int64) ListOption { return func(c *listConfig) { c.seed = seed } }

func New(t peer.Transport, options ...ListOption) *List {
	return listed(seen.New("random", t, settings(options)...))
}

func listed(list *seen.List) *List { return &List{list, list} }

func settings(options []ListOption) []yarpcpeers.Option {
	c := listConfig{shuffle: false, seed: time.Now().UnixNano()}
	for _, o := range options {
		o(&c)
	}
	c.options = append(c.options, yarpcpeers.Seed(c.seed))
	if !c.shuffle {
		c.options = append(c.options, yarpcpeers.NoShuffle())
	}
	return c.options
}

func Spec() yarpcconfig.PeerListSpec { return SpecWithOptions() }

func SpecWithOptions(options ...ListOption) yarpcconfig.PeerListSpec {
	return seen.Spec[Configuration](yarpcpeers.RandomSpec(settings(options)...), listed)
}

func NewImplementation() *seen.Implementation { return seen.NewImplementation("random") }
