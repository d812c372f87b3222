package main

import (
	"sync/atomic"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/peer/hashring32"
	"go.uber.org/yarpc/peer/pendingheap"
	"go.uber.org/yarpc/peer/randpeer"
	"go.uber.org/yarpc/peer/roundrobin"
	"go.uber.org/yarpc/peer/tworandomchoices"
	"go.uber.org/yarpc/yarpcconfig"
	"go.uber.org/zap"
)

var (
	yarpcRoundRobin = yarpc("round-robin", func(t peer.Transport) peer.ChooserList { return roundrobin.New(t) })
	yarpcRandom     = yarpc("random", func(t peer.Transport) peer.ChooserList { return randpeer.New(t) })
	yarpcTwoRandom  = yarpc("two-random-choices", func(t peer.Transport) peer.ChooserList { return tworandomchoices.New(t) })
	yarpcFewest     = yarpc("fewest-pending-requests", func(t peer.Transport) peer.ChooserList { return pendingheap.New(t) })
	yarpcRing       = func() *side {
		// Its ring is sorted anew for each peer that comes.
		side := yarpc("hashring32", yarpcHashRing)
		side.most = 1_000
		return side
	}()
)

// yarpcHashRing is a ring with YARPC's own hash function, which only its specification has: New takes any, and the
// package with that one is internal.
func yarpcHashRing(t peer.Transport) peer.ChooserList {
	build := hashring32.Spec(zap.NewNop(), nil).BuildPeerList
	list, _ := build.(func(hashring32.Config, peer.Transport, *yarpcconfig.Kit) (peer.ChooserList, error))(
		hashring32.Config{}, t, nil)
	return list
}

// yarpc is a policy of yarpc-go's, by the name that its configuration has for it.
func yarpc(policy string, newList func(peer.Transport) peer.ChooserList) *side {
	return &side{name: "yarpc-go", policy: policy, counts: true, waits: true, open: func(peers int) (list, error) {
		l := &yarpcList{list: newList(yarpcTransport{}), peers: make([]yarpcPeer, peers), ids: make([]peer.Identifier, peers)}
		for i, name := range peerNames(peers) {
			l.peers[i].name = name
			l.peers[i].status.Store(int32(peer.Available))
			l.ids[i] = &l.peers[i]
		}
		for i := range l.requests {
			l.requests[i].ShardKey = keys[i]
		}
		return l, l.list.Start()
	}}
}

type yarpcList struct {
	list     peer.ChooserList
	peers    []yarpcPeer
	ids      []peer.Identifier
	requests [batch]transport.Request
}

func (l *yarpcList) once(request int) error {
	_, finish, err := l.list.Choose(withDeadline, &l.requests[request])
	if err == nil {
		finish(nil)
	}
	return err
}

func (l *yarpcList) update(add, remove []int) error {
	return l.list.Update(peer.ListUpdates{Additions: l.some(add), Removals: l.some(remove)})
}

func (l *yarpcList) some(peers []int) []peer.Identifier {
	if len(peers) == len(l.ids) {
		return l.ids
	}
	ids := make([]peer.Identifier, len(peers))
	for i, peer := range peers {
		ids[i] = l.ids[peer]
	}
	return ids
}

func (l *yarpcList) set(number int, available bool) {
	status := peer.Unavailable
	if available {
		status = peer.Available
	}
	p := &l.peers[number]
	p.status.Store(int32(status))
	p.subscriber.NotifyStatusChanged(p)
}

func (l *yarpcList) close() { _ = l.list.Stop() }

// yarpcTransport is one without connections, whose identifiers are its peers: so it has nothing to look up.
type yarpcTransport struct{}

func (yarpcTransport) RetainPeer(id peer.Identifier, subscriber peer.Subscriber) (peer.Peer, error) {
	p := id.(*yarpcPeer)
	p.subscriber = subscriber
	return p, nil
}

func (yarpcTransport) ReleasePeer(peer.Identifier, peer.Subscriber) error { return nil }

type yarpcPeer struct {
	name       string
	subscriber peer.Subscriber
	status     atomic.Int32
}

func (p *yarpcPeer) Identifier() string { return p.name }
func (p *yarpcPeer) Status() peer.Status {
	return peer.Status{ConnectionStatus: peer.ConnectionStatus(p.status.Load())}
}
func (*yarpcPeer) StartRequest() {}
func (*yarpcPeer) EndRequest()   {}
