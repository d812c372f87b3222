package main

import (
	"fmt"
	"strconv"

	"peerage.dev/go"
	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	yarpcpeer "go.uber.org/yarpc/peer"
	yarpcdirect "go.uber.org/yarpc/peer/direct"
	"go.uber.org/yarpc/peer/hashring32"
	"go.uber.org/yarpc/peer/roundrobin"
	"go.uber.org/yarpc/yarpctest"
)

// other is an operation that is measured beside a choice among available peers.
type other struct {
	name  string
	peers int
	sides func() ([]side, func(), error)
}

func (b *bench) otherOperations() (all []other) {
	for _, p := range policies {
		if p.name == roundRobin || p.name == fewest || p.name == hashRing {
			all = append(all, other{"add that many peers, " + p.name, b.many, func() ([]side, func(), error) {
				return p.adding(b.many)
			}})
			for _, peers := range b.sizes[:2] {
				all = append(all, other{"a peer goes and comes back, " + p.name, peers, func() ([]side, func(), error) {
					return p.flapping(peers)
				}})
			}
		}
	}
	return append(all,
		other{"ring, header that names a peer", 100, func() ([]side, func(), error) {
			return withHeader("peer-override-header", hashring32.Config{PeerOverrideHeader: "x-ring"}, nameOf)
		}},
		other{"ring, header with another key", 100, func() ([]side, func(), error) {
			return withHeader("alternate-shard-key-header", hashring32.Config{AlternateShardKeyHeader: "x-ring"}, shardKey)
		}},
		other{"ring, header with an offset", 100, func() ([]side, func(), error) {
			return withHeader("offset-header", hashring32.Config{OffsetHeader: "x-ring"},
				func(i int) string { return strconv.Itoa(i % 4) })
		}},
		other{"no peer available, fail-fast", 10, failingFast},
		other{"single", 1, single},
		other{"direct", 10, direct},
	)
}

// headerOptions are the options of a list by what the policy calls them.
var headerOptions = map[string]func(string) yarpcpeers.Option{
	"peer-override-header":       yarpcpeers.PeerOverrideHeader,
	"alternate-shard-key-header": yarpcpeers.AlternateShardKeyHeader,
	"offset-header":              yarpcpeers.OffsetHeader,
}

// withHeader is a choice of a ring of 100 peers for requests that have the header.
func withHeader(option string, config hashring32.Config, value func(int) string) ([]side, func(), error) {
	const peers = 100
	var requests [batch]transport.Request
	var own [batch]peerage.Request
	for i := range requests {
		text := value(i % peers)
		requests[i] = transport.Request{
			ShardKey: shardKey(i), Headers: transport.NewHeaders().With("x-ring", text).With("x-other", "1"),
		}
		own[i] = peerage.Request{ShardKey: shardKey(i), Headers: map[string]string{"x-ring": text}}
	}
	chooser, err := runningChooser(hashRing+":"+option+"=x-ring", members(peers))
	if err != nil {
		return nil, nil, err
	}
	ours, err := yarpcpeers.NewHashRing32(yarpctest.NewFakeTransport(), headerOptions[option]("x-ring"))
	if err != nil {
		return nil, nil, err
	}
	theirs := ring(yarpctest.NewFakeTransport(), config)
	sides := []side{{do: func(request int) error {
		pick, err := chooser.Choose(withDeadline, &own[request])
		if err == nil {
			pick.Finish(nil)
		}
		return err
	}}, ofRequests(ours, &requests), ofRequests(theirs, &requests)}
	if err = fill(ours, peers); err == nil {
		err = fill(theirs, peers)
	}
	return sides, func() { _ = chooser.Close(); ours.Close(); _ = theirs.Stop() }, err
}

// failingFast is a choice that fails because no peer is available.
func failingFast() ([]side, func(), error) {
	away := yarpctest.InitialConnectionStatus(peer.Unavailable)
	chooser, err := peerage.NewChooser(unavailable{}, roundRobin, peerage.WithFailFast(true))
	if err != nil {
		return nil, nil, err
	}
	if err := chooser.Start(); err != nil {
		return nil, nil, err
	}
	ours, err := yarpcpeers.NewRoundRobin(yarpctest.NewFakeTransport(away), yarpcpeers.FailFast())
	if err != nil {
		return nil, nil, err
	}
	theirs := roundrobin.New(yarpctest.NewFakeTransport(away), roundrobin.FailFast())
	sides := []side{{do: func(int) error {
		if _, err := chooser.Choose(withDeadline, nil); err == nil {
			return errChosen
		}
		return nil
	}}}
	for _, list := range []peer.ChooserList{ours, theirs} {
		sides = append(sides, side{do: func(int) error {
			if _, _, err := list.Choose(withDeadline, nothing); err == nil {
				return errChosen
			}
			return nil
		}})
		if err := fill(list, 10); err != nil {
			return nil, nil, err
		}
	}
	err = chooser.Update(peerage.Updates{Add: members(10)})
	return sides, func() { _ = chooser.Close(); ours.Close(); _ = theirs.Stop() }, err
}

var (
	errChosen = fmt.Errorf("a peer was chosen, and none is available")
	nothing   = &transport.Request{}
)

type unavailable struct{}

func (unavailable) RetainPeer(*peerage.Peer) error { return nil }
func (unavailable) ReleasePeer(*peerage.Peer)      {}

// single is a choice of the only peer.
func single() ([]side, func(), error) {
	chooser, err := runningChooser("single", members(1))
	if err != nil {
		return nil, nil, err
	}
	ours, err := yarpcpeers.NewSingle(address(nameOf(0)), yarpctest.NewFakeTransport())
	if err != nil {
		return nil, nil, err
	}
	theirs := yarpcpeer.NewSingle(address(nameOf(0)), yarpctest.NewFakeTransport())
	if err = ours.Start(); err == nil {
		err = theirs.Start()
	}
	sides := []side{ofChooser(chooser), ofList(ours), ofList(theirs)}
	return sides, func() { _ = chooser.Close(); ours.Close(); _ = theirs.Stop() }, err
}

// direct is a choice of the peer that the shard key names.
func direct() ([]side, func(), error) {
	var requests [batch]transport.Request
	var own [batch]peerage.Request
	for i := range requests {
		requests[i].ShardKey, own[i].ShardKey = nameOf(i%10), nameOf(i%10)
	}
	chooser, err := runningChooser("direct", nil)
	if err != nil {
		return nil, nil, err
	}
	ours, err := yarpcpeers.NewDirect(yarpctest.NewFakeTransport())
	if err != nil {
		return nil, nil, err
	}
	theirs, err := yarpcdirect.New(yarpcdirect.Configuration{}, yarpctest.NewFakeTransport())
	if err != nil {
		return nil, nil, err
	}
	sides := []side{{do: func(request int) error {
		pick, err := chooser.Choose(withDeadline, &own[request])
		if err == nil {
			pick.Finish(nil)
		}
		return err
	}}, ofRequests(ours, &requests), ofRequests(theirs, &requests)}
	return sides, func() { _ = chooser.Close(); ours.Close() }, ours.Start()
}
