package main

import (
	"context"
	"fmt"
	"time"

	"peerage.dev/go"
	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpctest"
)

// withDeadline is the context of all calls. It has a deadline, because some of YARPC's lists make a
// context of their own for a call that has none.
var withDeadline, _ = context.WithTimeout(context.Background(), 24*time.Hour)

// policy is one way to choose, of all three sides.
type policy struct {
	name  string
	ours  func(peer.Transport, ...yarpcpeers.Option) (*yarpcpeers.List, error)
	yarpc func(peer.Transport) peer.ChooserList
}

// sides are the same policy over the same peers, all of which are available, in the order of the table.
func (p policy) sides(peers int) ([]side, func(), error) {
	chooser, err := runningChooser(p.name, members(peers))
	if err != nil {
		return nil, nil, err
	}
	ours, err := p.ours(yarpctest.NewFakeTransport())
	if err != nil {
		return nil, nil, err
	}
	theirs := p.yarpc(yarpctest.NewFakeTransport())
	sides := []side{ofChooser(chooser), ofList(ours), {}}
	stop := func() {
		_ = theirs.Stop()
		ours.Close()
		_ = chooser.Close()
	}
	err = fill(ours, peers)
	if isBearable := p.name != hashRing || peers <= 1_000; err == nil && isBearable {
		sides[2] = ofList(theirs)
		err = fill(theirs, peers)
	}
	return sides, stop, err
}

// fill starts a list and adds peers to it.
func fill(list peer.ChooserList, peers int) error {
	if err := list.Start(); err != nil {
		return err
	}
	return list.Update(peer.ListUpdates{Additions: identifiers(peers)})
}

func ofChooser(chooser *peerage.Chooser) side {
	var requests [batch]peerage.Request
	for i := range requests {
		requests[i].ShardKey = shardKey(i)
	}
	return side{do: func(request int) error {
		pick, err := chooser.Choose(withDeadline, &requests[request])
		if err == nil {
			pick.Finish(nil)
		}
		return err
	}}
}

// ofList works for any list of YARPC.
func ofList(list peer.Chooser) side {
	var requests [batch]transport.Request
	for i := range requests {
		requests[i].ShardKey = shardKey(i)
	}
	return ofRequests(list, &requests)
}

func ofRequests(list peer.Chooser, requests *[batch]transport.Request) side {
	return side{do: func(request int) error {
		_, finish, err := list.Choose(withDeadline, &requests[request])
		if err == nil {
			finish(nil)
		}
		return err
	}}
}

func runningChooser(policy string, members []peerage.Member, options ...peerage.Option) (*peerage.Chooser, error) {
	chooser, err := peerage.NewChooser(available{}, policy, options...)
	if err != nil {
		return nil, err
	}
	if err := chooser.Start(); err != nil {
		return nil, err
	}
	return chooser, chooser.Update(peerage.Updates{Add: members})
}

func shardKey(i int) string { return fmt.Sprint("shard-", i) }

func nameOf(i int) string { return fmt.Sprintf("10.0.%d.%d:8080", i/256, i%256) }

type address string

func (a address) Identifier() string { return string(a) }

func identifiers(peers int) (ids []peer.Identifier) {
	for i := range peers {
		ids = append(ids, address(nameOf(i)))
	}
	return ids
}

func members(peers int) []peerage.Member {
	made := make([]peerage.Member, peers)
	for i := range made {
		made[i].ID = nameOf(i)
	}
	return made
}

// available is a transport without connections.
type available struct{}

func (available) RetainPeer(p *peerage.Peer) error { return p.SetStatus(peerage.Available) }
func (available) ReleasePeer(*peerage.Peer)        {}
