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

type policy struct {
	name string
	list func(peer.Transport, ...yarpcpeers.Option) (*yarpcpeers.List, error)
}

var policies = []policy{
	{"round-robin", yarpcpeers.NewRoundRobin},
	{"random", yarpcpeers.NewRandom},
	{"two-random-choices", yarpcpeers.NewTwoRandomChoices},
	{"fewest-pending-requests", yarpcpeers.NewFewestPendingRequests},
	{"hashring32", yarpcpeers.NewHashRing32},
}

// sides are the same policy over the same peers, in the order of the table's columns.
func (p policy) sides(peers int) (sides []operation, stop func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	chooser, err := p.chooser(peers)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	list, err := p.yarpcList(peers)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	stop = func() {
		cancel()
		list.Close()
		_ = chooser.Close()
	}
	return []operation{ofChooser(ctx, chooser), ofList(ctx, list)}, stop, nil
}

func ofChooser(ctx context.Context, chooser *peerage.Chooser) operation {
	var requests [batch]peerage.Request
	for i := range requests {
		requests[i].ShardKey = fmt.Sprint("shard-", i)
	}
	return func(request int) error {
		pick, err := chooser.Choose(ctx, &requests[request])
		if err == nil {
			pick.Finish(nil)
		}
		return err
	}
}

// ofList works for any list of YARPC.
func ofList(ctx context.Context, list peer.Chooser) operation {
	var requests [batch]transport.Request
	for i := range requests {
		requests[i].ShardKey = fmt.Sprint("shard-", i)
	}
	return func(request int) error {
		_, finish, err := list.Choose(ctx, &requests[request])
		if err == nil {
			finish(nil)
		}
		return err
	}
}

func (p policy) chooser(peers int) (*peerage.Chooser, error) {
	chooser, err := peerage.NewChooser(available{}, p.name)
	if err != nil {
		return nil, err
	}
	var add []string
	for _, id := range identifiers(peers) {
		add = append(add, id.Identifier())
	}
	if err := chooser.Start(); err != nil {
		return nil, err
	}
	return chooser, chooser.Update(peerage.Updates{Add: peerage.Members(add...)})
}

func (p policy) yarpcList(peers int) (*yarpcpeers.List, error) {
	list, err := p.list(yarpctest.NewFakeTransport())
	if err != nil {
		return nil, err
	}
	if err := list.Start(); err != nil {
		return nil, err
	}
	return list, list.Update(peer.ListUpdates{Additions: identifiers(peers)})
}

type address string

func (a address) Identifier() string { return string(a) }

func identifiers(peers int) (ids []peer.Identifier) {
	for i := range peers {
		ids = append(ids, address(fmt.Sprintf("10.0.%d.%d:8080", i/256, i%256)))
	}
	return ids
}

// available is a transport without connections.
type available struct{}

func (available) RetainPeer(p *peerage.Peer) error { return p.SetStatus(peerage.Available) }
func (available) ReleasePeer(*peerage.Peer)        {}
