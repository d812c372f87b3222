package main

import (
	"sync"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpctest"
)

// adding is one update that adds many peers to a list that runs; each round has a list of its own.
func (p policy) adding(peers int) ([]side, func(), error) {
	ids, all := identifiers(peers), members(peers)
	var chooser *peerage.Chooser
	var lists [2]peer.ChooserList
	stop := func() {
		if chooser != nil {
			_ = chooser.Close()
		}
		for _, list := range lists {
			if list != nil {
				_ = list.Stop()
			}
		}
	}
	sides := []side{{
		every: 1,
		do:    func(int) error { return chooser.Update(peerage.Updates{Add: all}) },
		before: func() (err error) {
			if chooser != nil {
				_ = chooser.Close()
			}
			chooser, err = runningChooser(p.name, nil)
			return err
		},
	}}
	for i, makes := range []func() (peer.ChooserList, error){
		func() (peer.ChooserList, error) { return p.ours(yarpctest.NewFakeTransport()) },
		func() (peer.ChooserList, error) { return p.yarpc(yarpctest.NewFakeTransport()), nil },
	} {
		sides = append(sides, side{
			every: 1,
			do:    func(int) error { return lists[i].Update(peer.ListUpdates{Additions: ids}) },
			before: func() (err error) {
				if lists[i] != nil {
					_ = lists[i].Stop()
				}
				if lists[i], err = makes(); err == nil {
					err = lists[i].Start()
				}
				return err
			},
		})
	}
	return sides, stop, nil
}

// flapping is a peer that becomes unavailable, and available again.
func (p policy) flapping(peers int) ([]side, func(), error) {
	kept := &kept{byName: map[string]*peerage.Peer{}}
	chooser, err := peerage.NewChooser(kept, p.name)
	if err != nil {
		return nil, nil, err
	}
	if err := chooser.Start(); err != nil {
		return nil, nil, err
	}
	if err := chooser.Update(peerage.Updates{Add: members(peers)}); err != nil {
		return nil, nil, err
	}
	sides := []side{{every: 8, do: func(request int) error {
		peer := kept.byName[nameOf(request%peers)]
		_ = peer.SetStatus(peerage.Unavailable)
		return peer.SetStatus(peerage.Available)
	}}}
	ourTransport, theirTransport := yarpctest.NewFakeTransport(), yarpctest.NewFakeTransport()
	ours, err := p.ours(ourTransport)
	if err != nil {
		return nil, nil, err
	}
	theirs := p.yarpc(theirTransport)
	ids := identifiers(peers)
	for _, transport := range []*yarpctest.FakeTransport{ourTransport, theirTransport} {
		sides = append(sides, side{every: 8, do: func(request int) error {
			transport.SimulateDisconnect(ids[request%peers])
			transport.SimulateConnect(ids[request%peers])
			return nil
		}})
	}
	if err = fill(ours, peers); err == nil {
		err = fill(theirs, peers)
	}
	return sides, func() { _ = chooser.Close(); ours.Close(); _ = theirs.Stop() }, err
}

// kept is a transport that finds its peers again.
type kept struct {
	mu     sync.Mutex
	byName map[string]*peerage.Peer
}

func (k *kept) RetainPeer(p *peerage.Peer) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byName[p.ID()] = p
	return p.SetStatus(peerage.Available)
}

func (*kept) ReleasePeer(*peerage.Peer) {}
