package peerage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"peerage.dev/go"
)

// fake is a transport without a network, on which tests act.
type fake struct {
	// What to do with a peer before RetainPeer returns; nil makes it available.
	onRetain func(*peerage.Peer) error
	// What to do before ReleasePeer returns.
	onRelease func(*peerage.Peer)

	mu       sync.Mutex
	peers    map[string]*peerage.Peer
	retained int
	released int
}

func (f *fake) RetainPeer(peer *peerage.Peer) error {
	f.mu.Lock()
	if f.peers == nil {
		f.peers = map[string]*peerage.Peer{}
	}
	f.peers[peer.ID()] = peer
	f.retained++
	f.mu.Unlock()
	if f.onRetain == nil {
		return peer.SetStatus(peerage.Available)
	}
	return f.onRetain(peer)
}

func (f *fake) ReleasePeer(peer *peerage.Peer) {
	if f.onRelease != nil {
		f.onRelease(peer)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.released++
}

// peer returns the peer that was retained last by this name.
func (f *fake) peer(id string) *peerage.Peer {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.peers[id]
}

func (f *fake) counts() (retained, released int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.retained, f.released
}

// idle is a transport that leaves its peers unavailable.
func idle() *fake { return &fake{onRetain: func(*peerage.Peer) error { return nil }} }

// running makes a chooser, starts it and adds peers. The end of the test closes it.
func running(t testing.TB, transport peerage.Transport, policy string, ids []string, opts ...peerage.Option) *peerage.Chooser {
	t.Helper()
	chooser, err := peerage.NewChooser(transport, policy, opts...)
	must(t, err)
	t.Cleanup(func() { chooser.Close() })
	must(t, chooser.Start())
	if len(ids) != 0 {
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members(ids...)}))
	}
	return chooser
}

func names(count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("10.0.%d.%d:80", i/256, i%256)
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails unless err is all of the targets.
func wants(t testing.TB, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Fatalf("the error is %v, and not %v", err, target)
		}
	}
}

// equal fails unless got is want.
func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// eventually waits until a condition holds. It looks again and again, because what it is for, such as
// a count in C or the work of the garbage collector, comes without an event.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("this has not come about: %s", what)
		}
	}
}

// soon is a context for what should not take long.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// receive waits for a value.
func receive[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(10 * time.Second):
		t.Fatalf("this has not come about: %s", what)
		panic("not reached")
	}
}

// within fails if what it runs does not end: a call that hangs is to fail its test only.
func within(t testing.TB, what string, run func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		run()
	}()
	receive(t, what, done)
}

// shape is a peer without what is counted of it.
func shape(p peerage.PeerStatus) peerage.PeerStatus {
	p.Since, p.StatusChanges, p.Requests = 0, 0, 0
	p.Outcomes, p.Ejections, p.Check = peerage.Outcomes{}, 0, peerage.Check{}
	return p
}

// counts are stats of peers and callers, without what is counted since the beginning.
func counts(s peerage.Stats) peerage.Stats {
	return peerage.Stats{
		State: s.State, Peers: s.Peers, Available: s.Available, Connecting: s.Connecting,
		Unavailable: s.Unavailable, SetAside: s.SetAside, Uninitialized: s.Uninitialized, Pending: s.Pending,
		Waiting: s.Waiting, Departing: s.Departing, DepartingPending: s.DepartingPending,
	}
}
