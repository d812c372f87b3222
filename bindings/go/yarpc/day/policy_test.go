package day

import (
	"testing"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcconfig"
)

// policy is a list of many peers.
type policy struct {
	name  string
	build func(peer.Transport, ...yarpcpeers.Option) (*yarpcpeers.List, error)
	// spec is for configuration files.
	spec func(...yarpcpeers.Option) yarpcconfig.PeerListSpec
	// spread is by how much of its even share a peer's share may differ, in
	// 100ths: three available peers that answer equally fast, 300 calls with
	// keys of their own. Draws differ by 6 standard deviations once in 10^9.
	spread int
}

var policies = []policy{
	{"round-robin", yarpcpeers.NewRoundRobin, yarpcpeers.RoundRobinSpec, 0},
	{"random", yarpcpeers.NewRandom, yarpcpeers.RandomSpec, 50},
	{"two-random-choices", yarpcpeers.NewTwoRandomChoices, yarpcpeers.TwoRandomChoicesSpec, 50},
	{"fewest-pending-requests", yarpcpeers.NewFewestPendingRequests, yarpcpeers.FewestPendingRequestsSpec, 50},
	{"hashring32", yarpcpeers.NewHashRing32, yarpcpeers.HashRing32Spec, 60},
}

// everyPolicy runs a subtest for each transport and policy.
func everyPolicy(t *testing.T, test func(*testing.T, network, policy)) {
	everyNetwork(t, func(t *testing.T, n network) {
		for _, p := range policies {
			t.Run(p.name, func(t *testing.T) { test(t, n, p) })
		}
	})
}
