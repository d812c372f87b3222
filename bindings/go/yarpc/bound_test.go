package yarpcpeers

import (
	"sync"
	"testing"
	"time"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
)

// lockedPeer is a transport of one peer, whose status is under a lock.
type lockedPeer struct {
	address
	subscriber peer.Subscriber
	// Called by Status before it takes the lock.
	before func()

	mu     sync.Mutex
	status peer.ConnectionStatus
}

func (p *lockedPeer) RetainPeer(_ peer.Identifier, s peer.Subscriber) (peer.Peer, error) {
	p.subscriber = s
	return p, nil
}

func (p *lockedPeer) ReleasePeer(peer.Identifier, peer.Subscriber) error { return nil }
func (p *lockedPeer) StartRequest()                                      {}
func (p *lockedPeer) EndRequest()                                        {}

func (p *lockedPeer) Status() peer.Status {
	p.before()
	p.mu.Lock()
	defer p.mu.Unlock()
	return peer.Status{ConnectionStatus: p.status}
}

func (p *lockedPeer) becomes(status peer.ConnectionStatus) {
	p.mu.Lock()
	p.status = status
	p.mu.Unlock()
	p.subscriber.NotifyStatusChanged(p)
}

func listOfLocked(t *testing.T) (*lockedPeer, *List) {
	t.Helper()
	p := &lockedPeer{address: "a", before: func() {}}
	list, err := NewRoundRobin(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(list.Close)
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	if err := list.Update(peer.ListUpdates{Additions: []peer.Identifier{p}}); err != nil {
		t.Fatal(err)
	}
	return p, list
}

func seen(list *List) peerage.Status { return list.chooser.Introspect().Peers[0].Status }

func TestATransportThatNotifiesUnderTheLockOfItsStatus(t *testing.T) {
	p, list := listOfLocked(t)
	reading, reported := make(chan struct{}), make(chan struct{})
	var once sync.Once
	p.before = func() { once.Do(func() { close(reading) }) }

	p.mu.Lock()
	go func() {
		defer close(reported)
		list.NotifyStatusChanged(p) // Reads the status, for which it needs the lock.
	}()
	<-reading
	p.status = peer.Available
	notified := make(chan struct{})
	go func() {
		defer close(notified)
		p.subscriber.NotifyStatusChanged(p)
		p.mu.Unlock()
	}()
	for _, done := range []chan struct{}{notified, reported} {
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatal("the notification and the report wait for each other")
		}
	}
	if got := seen(list); got != peerage.Available {
		t.Fatalf("got %v, want Available", got)
	}
}

func TestTheLastReportIsOfTheLastStatus(t *testing.T) {
	p, list := listOfLocked(t)
	for round := range 300 {
		last := peer.Available
		if round%2 == 0 {
			last = peer.Unavailable
		}
		var all sync.WaitGroup
		for n := range 3 {
			all.Add(1)
			go func() {
				defer all.Done()
				if n == 0 {
					p.becomes(last)
				} else {
					list.NotifyStatusChanged(p)
				}
			}()
		}
		all.Wait()
		want := map[peer.ConnectionStatus]peerage.Status{
			peer.Available: peerage.Available, peer.Unavailable: peerage.Unavailable,
		}[last]
		if got := seen(list); got != want {
			t.Fatalf("round %d: got %v, want %v", round, got, want)
		}
	}
}
