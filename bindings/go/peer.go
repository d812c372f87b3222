package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// Status says whether requests can be sent to a peer.
type Status int32

const (
	// Unavailable is a peer that is not connected and that no attempt is under way to connect to just
	// now: what every peer is at first.
	Unavailable Status = C.PEERAGE_CONNECTION_UNAVAILABLE
	// Connecting is a peer that is being connected to.
	Connecting Status = C.PEERAGE_CONNECTION_CONNECTING
	// Available is a peer that is ready for requests: only such a peer is chosen.
	Available Status = C.PEERAGE_CONNECTION_AVAILABLE
)

// String returns the name of the status.
func (s Status) String() string {
	switch s {
	case Unavailable:
		return "Unavailable"
	case Connecting:
		return "Connecting"
	case Available:
		return "Available"
	}
	return "Unknown"
}

// Peer is one remote endpoint of a [Transport]: where its status is reported.
//
// It belongs to its transport between RetainPeer and ReleasePeer. It may be kept for longer, but
// its reports are then answered with [ErrGone].
type Peer struct {
	// What was attached last, and beside it the first, which mostly is the last: so a choice that
	// asks for it finds it without a further line of memory.
	data      atomic.Pointer[any]
	first     any
	attached  atomic.Bool
	id        string
	c         *C.peerage_peer
	transport *transport
	number    uint32
	// Uses of c: one from RetainPeer to ReleasePeer, and one for each call under way. The
	// one that takes it to 0 gives the reference back.
	uses atomic.Int64
}

// ID returns the identifier that the peer was added by.
func (p *Peer) ID() string { return p.id }

// String returns the identifier.
func (p *Peer) String() string { return p.id }

// Data returns what SetData has attached, or nil.
func (p *Peer) Data() any {
	if data := p.data.Load(); data != nil {
		return *data
	}
	return nil
}

// SetData attaches a value of the transport's own, such as a connection. It never blocks and may be called
// at any time. The first value stays in memory as long as the peer, also after another was attached.
func (p *Peer) SetData(data any) {
	if p.attached.CompareAndSwap(false, true) {
		p.first = data
		p.data.Store(&p.first)
		return
	}
	later := data
	p.data.Store(&later)
}

// SetStatus reports the peer's status. It never blocks and may be called at any time, also within
// RetainPeer. If the peer has become available, every waiter that can use it is woken.
//
// After the peer was released it changes nothing and returns an error that is [ErrGone].
func (p *Peer) SetStatus(status Status) error {
	if !p.enter() {
		return &Error{Code: ErrGone, Message: ErrGone.Error()}
	}
	defer p.leave()
	return outcomeOf(C.peerage_go_peer_set_status(p.c, C.int32_t(status)))
}

// Report says how many requests the peer has in flight, of all clients and as it says itself: what
// least-reported goes by. It is for transports that probe; an answer that says so is told with
// [Pick.FinishReported]. It never blocks; after the peer was released it changes nothing.
func (p *Peer) Report(inFlight uint32) {
	if p.enter() {
		C.peerage_go_peer_report(p.c, C.uint32_t(inFlight))
		p.leave()
	}
}

// Checked counts a check that the transport has made of the peer, for status pages and metrics, and says in
// words how it ended, such as "200 in 3 ms", or nothing. It changes nothing else: whether the peer is available
// is said by SetStatus. It never blocks.
//
// A text that holds a NUL is [ErrInvalidArgument], one that is not UTF-8 [ErrInvalidUTF8]; after the peer was
// released it changes nothing and returns an error that is [ErrGone].
func (p *Peer) Checked(passed bool, what string) error {
	if !p.enter() {
		return &Error{Code: ErrGone, Message: ErrGone.Error()}
	}
	defer p.leave()
	var pinner runtime.Pinner
	defer pinner.Unpin()
	text := unsafe.StringData(what)
	if text != nil {
		pinner.Pin(text)
	}
	number := C.int32_t(0)
	if passed {
		number = 1
	}
	status := C.peerage_go_peer_checked(p.c, number, (*C.char)(unsafe.Pointer(text)), C.size_t(len(what)))
	if status != C.PEERAGE_OK {
		return &Error{Code: Code(status), Message: "peer " + quoted(p.id) + ": " + Code(status).Error()}
	}
	return nil
}

// Status returns the status that was reported last; [Unavailable] after the peer was released.
func (p *Peer) Status() Status {
	if !p.enter() {
		return Unavailable
	}
	defer p.leave()
	return Status(C.peerage_peer_status(p.c))
}

// newPeer takes over a reference to c. C attaches the number when the transport has accepted the peer: before
// that there is no pick of it.
func newPeer(t *transport, c *C.peerage_peer, id string) *Peer {
	p := &Peer{id: id, c: c, transport: t}
	p.uses.Store(1)
	p.number = t.peers.add(p)
	return p
}

// forget ends what newPeer began. No pick has the peer any more.
func (p *Peer) forget() {
	p.transport.peers.remove(p.number)
	p.leave()
}

func (p *Peer) enter() bool {
	for {
		uses := p.uses.Load()
		if uses == 0 {
			return false
		}
		if p.uses.CompareAndSwap(uses, uses+1) {
			return true
		}
	}
}

func (p *Peer) leave() {
	if p.uses.Add(-1) == 0 {
		C.peerage_peer_unref(p.c)
	}
}

func goString(ptr *C.char, length C.size_t) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(ptr)), int(length)))
}
