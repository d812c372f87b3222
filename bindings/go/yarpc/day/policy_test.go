package day

import (
	"math"
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
	// calm is what a peer gets of calls with keys of their own, one after the
	// other, and busy of several at a time.
	calm, busy share
}

// register lets files say the policy's name.
func (p policy) register(to *yarpcconfig.Configurator) error { return to.RegisterPeerList(p.spec()) }

// share is the least and the most that each of so many peers gets.
type share func(calls, peers int) (least, most int)

var policies = []policy{
	{"round-robin", yarpcpeers.NewRoundRobin, yarpcpeers.RoundRobinSpec, exact, exact},
	{"random", yarpcpeers.NewRandom, yarpcpeers.RandomSpec, drawn, drawn},
	{"two-random-choices", yarpcpeers.NewTwoRandomChoices, yarpcpeers.TwoRandomChoicesSpec, drawn, some},
	// Among peers without a request it is the one that was chosen the longest ago.
	{"fewest-pending-requests", yarpcpeers.NewFewestPendingRequests, yarpcpeers.FewestPendingRequestsSpec, exact, some},
	ring,
	// YARPC has none of these.
	named("weighted-round-robin", exact, exact),
	named("least-loaded", drawn, some),
	// How fast an answer was weighs more than a share.
	named("least-latency", whatever, whatever),
	named("least-reported", whatever, whatever),
	named("maglev", drawn, drawn),
}

var ring = policy{"hashring32", yarpcpeers.NewHashRing32, yarpcpeers.HashRing32Spec, placed, placed}

// named is a policy that the library knows by this name.
func named(name string, calm, busy share) policy {
	return policy{
		name: name,
		build: func(over peer.Transport, options ...yarpcpeers.Option) (*yarpcpeers.List, error) {
			return yarpcpeers.New(name, over, options...)
		},
		spec: func(options ...yarpcpeers.Option) yarpcconfig.PeerListSpec {
			return yarpcpeers.Spec(name, options...)
		},
		calm: calm,
		busy: busy,
	}
}

// exact is the same for each.
func exact(calls, peers int) (least, most int) { return calls / peers, calls / peers }

// drawn is what independent draws give, within 6 standard deviations: one of
// 10^9 is further away.
func drawn(calls, peers int) (least, most int) {
	n, k := float64(calls), float64(peers)
	return around(n/k, 6*math.Sqrt(n*(k-1))/k)
}

// placed are draws, too, from arcs of a ring that differ by a tenth: each is a
// sum of 100.
func placed(calls, peers int) (least, most int) {
	n, k := float64(calls), float64(peers)
	return around(n/k, 6*math.Hypot(math.Sqrt(n*(k-1))/k, n/k/10))
}

func around(even, off float64) (least, most int) {
	return int(max(1, even-off)), int(math.Ceil(even + off))
}

// some is for policies that prefer the peer that answers faster: it may get
// most of the calls, but no peer gets none.
func some(calls, _ int) (least, most int) { return 1, calls }

// whatever is for policies that learn who answers fast: the others may get
// nothing of a few calls.
func whatever(calls, _ int) (least, most int) { return 0, calls }

// recovered is calm for peers that have failed calls before: what learns of failures passes them over at
// first, for longer than a test takes.
func (p policy) recovered() share {
	if p.name == "least-loaded" {
		return whatever
	}
	return p.calm
}

// everyPolicy runs a subtest for each transport and policy.
func everyPolicy(t *testing.T, test func(*testing.T, network, policy)) {
	everyNetwork(t, func(t *testing.T, n network) {
		for _, p := range policies {
			t.Run(p.name, func(t *testing.T) { test(t, n, p) })
		}
	})
}
