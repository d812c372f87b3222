package main

import (
	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/peer/hashring32"
	"go.uber.org/yarpc/peer/pendingheap"
	"go.uber.org/yarpc/peer/randpeer"
	"go.uber.org/yarpc/peer/roundrobin"
	"go.uber.org/yarpc/peer/tworandomchoices"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/zap"
)

const (
	roundRobin = "round-robin"
	fewest     = "fewest-pending-requests"
	hashRing   = "hashring32"
)

var policies = []policy{
	{roundRobin, yarpcpeers.NewRoundRobin, func(t peer.Transport) peer.ChooserList { return roundrobin.New(t) }},
	{"random", yarpcpeers.NewRandom, func(t peer.Transport) peer.ChooserList { return randpeer.New(t) }},
	{"two-random-choices", yarpcpeers.NewTwoRandomChoices, func(t peer.Transport) peer.ChooserList {
		return tworandomchoices.New(t)
	}},
	{fewest, yarpcpeers.NewFewestPendingRequests, func(t peer.Transport) peer.ChooserList { return pendingheap.New(t) }},
	{hashRing, yarpcpeers.NewHashRing32, func(t peer.Transport) peer.ChooserList { return ring(t, hashring32.Config{}) }},
}

// ring is YARPC's with its own hash function, which only its specification has: New takes any, and the
// package with that one is internal.
func ring(t peer.Transport, config hashring32.Config) peer.ChooserList {
	build := hashring32.Spec(zap.NewNop(), nil).BuildPeerList
	list, _ := build.(func(hashring32.Config, peer.Transport, *yarpcconfig.Kit) (peer.ChooserList, error))(config, t, nil)
	return list
}
