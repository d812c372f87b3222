package peerage

// #include "shim.h"
import "C"

import (
	"errors"
	"runtime"
	"sync"
)

// Transport makes peers and reports how they are, with [Peer.SetStatus].
//
// Its methods are called on the goroutine whose call has led to them: RetainPeer by
// [Chooser.Update] and [Chooser.Start], ReleasePeer by these, by [Chooser.Stop], or by the
// [Pick.Finish] of the last request of a peer that was removed. An [Updater] has threads of the library's
// call both.
type Transport interface {
	// RetainPeer is told that a peer is wanted, and begins to connect to it. The peer is available
	// when its status says so, which may be reported before this returns.
	//
	// An error refuses the peer; the call that wanted it returns an error that wraps it.
	RetainPeer(peer *Peer) error
	// ReleasePeer is told that the peer is not wanted any more, once for each RetainPeer that
	// returned nil. No request to it is in flight.
	ReleasePeer(peer *Peer)
}

// RequestStarter is a [Transport] that wants to know when a peer is chosen for a request.
type RequestStarter interface {
	// RequestStarted is called before Choose returns the peer.
	RequestStarted(peer *Peer)
}

// RequestFinisher is a [Transport] that wants to know when a request has ended.
type RequestFinisher interface {
	// RequestFinished is called by the pick's Finish. The peer is still retained.
	RequestFinished(peer *Peer, outcome Outcome)
}

// SharedTransport is a transport for several choosers, which then share its peers: RetainPeer is
// called for the first of them that wants a peer, ReleasePeer after the last has let it go.
type SharedTransport struct {
	core    *transport
	mu      sync.Mutex
	c       *C.peerage_transport
	cleanup runtime.Cleanup
}

// transport is what C knows of a transport: it lives until no chooser uses it.
type transport struct {
	user     Transport
	started  func(*Peer)
	finished func(*Peer, Outcome)
	peers    peerTable
}

// NewSharedTransport makes a transport that several choosers share. Close it when all of them have
// been made: they keep what they need.
func NewSharedTransport(t Transport) (*SharedTransport, error) {
	core, c, err := newTransport(t)
	if err != nil {
		return nil, err
	}
	return share(core, c), nil
}

func share(core *transport, c *C.peerage_transport) *SharedTransport {
	shared := &SharedTransport{core: core, c: c}
	shared.cleanup = runtime.AddCleanup(shared, unrefTransport, c)
	return shared
}

// NewChooser makes a chooser of the transport's peers, as [NewChooser] does.
func (s *SharedTransport) NewChooser(policy string, opts ...Option) (*Chooser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.c == nil {
		return nil, &Error{Code: ErrInvalidArgument, Message: "the shared transport was closed"}
	}
	return newChooser(s.core, s.c, policy, opts)
}

// Close ends the making of choosers. It may be called more than once.
func (s *SharedTransport) Close() error {
	s.mu.Lock()
	c := s.c
	s.c = nil
	s.mu.Unlock()
	if c != nil {
		s.cleanup.Stop()
		unrefTransport(c)
	}
	return nil
}

func newTransport(user Transport) (*transport, *C.peerage_transport, error) {
	return makeTransport(user, func(handle C.uintptr_t) C.peerage_go_result {
		return C.peerage_go_transport_new(handle)
	})
}

func makeTransport(user Transport, makes func(C.uintptr_t) C.peerage_go_result) (*transport, *C.peerage_transport, error) {
	if user == nil {
		return nil, nil, errors.New("peerage: the transport is nil")
	}
	core := &transport{user: user}
	if starter, ok := user.(RequestStarter); ok {
		core.started = starter.RequestStarted
	}
	if finisher, ok := user.(RequestFinisher); ok {
		core.finished = finisher.RequestFinished
	}
	result := makes(newHandle(core))
	if err := outcomeOf(result); err != nil {
		return nil, nil, err
	}
	return core, (*C.peerage_transport)(result.made), nil
}

func (t *transport) hooks() bool { return t.started != nil || t.finished != nil }

func unrefTransport(c *C.peerage_transport) { C.peerage_transport_unref(c) }

// peerageGoRetain returns the number of the peer, which is never 0, or 0 if it was refused. The reference is
// the peer's.
//
//export peerageGoRetain
func peerageGoRetain(ctx, failures C.uintptr_t, c *C.peerage_peer, id *C.char, idLen C.size_t) (C.uint32_t, C.uintptr_t) {
	t := valueOf[*transport](ctx)
	peer := newPeer(t, c, goString(id, idLen))
	if err := guard("RetainPeer", func() error { return t.user.RetainPeer(peer) }); err != nil {
		peer.forget()
		return 0, withFailure(failures, err)
	}
	return C.uint32_t(peer.number), failures
}

//export peerageGoRelease
func peerageGoRelease(ctx, failures C.uintptr_t, number C.uint32_t) C.uintptr_t {
	t := valueOf[*transport](ctx)
	peer := t.peers.get(uint64(number))
	defer peer.forget()
	return withFailure(failures, guard("ReleasePeer", func() error {
		t.user.ReleasePeer(peer)
		return nil
	}))
}
