package peerlist

import (
	"os"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peerage/seen"
)

// The tests of the engine that YARPC's lists share run once for each policy.
var policy = os.Getenv("PEERAGE_POLICY")

func newPeerage(_ string, t peer.Transport, _ any, given ...ListOption) *seen.List {
	o := defaultListOptions
	for _, option := range given {
		option.apply(&o)
	}
	options := []yarpcpeers.Option{yarpcpeers.Seed(o.seed)}
	if o.noShuffle {
		options = append(options, yarpcpeers.NoShuffle())
	}
	if o.failFast {
		options = append(options, yarpcpeers.FailFast())
	}
	return seen.New(policy, t, options...)
}
