package abstractlist

import (
	"os"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peerage/seen"
)

// The tests of the engine that YARPC's lists share run once for each policy.
var policy = os.Getenv("PEERAGE_POLICY")

func newPeerage(_ string, t peer.Transport, _ Implementation, given ...Option) *seen.List {
	o := defaultOptions
	for _, option := range given {
		option.apply(&o)
	}
	options := []yarpcpeers.Option{
		yarpcpeers.Seed(o.seed),
		yarpcpeers.DefaultChooseTimeout(o.defaultChooseTimeout),
		yarpcpeers.Logger(o.logger),
	}
	if o.noShuffle {
		options = append(options, yarpcpeers.NoShuffle())
	}
	if o.failFast {
		options = append(options, yarpcpeers.FailFast())
	}
	return seen.New(policy, t, options...)
}
