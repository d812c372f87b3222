package yarpcpeers

import (
	"sync/atomic"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
)

// bound is a peer on both sides, and what YARPC's transport notifies.
//
// The status is the transport's code, which may wait for a lock that the transport notifies under. So nothing is
// locked while it is read: a goroutine that wants a report while another makes one leaves it to that, which
// looks again.
type bound struct {
	chooser *peerage.Peer
	id      peer.Identifier
	always  bool

	// The transport's peer; nil until RetainPeer has returned it.
	peer atomic.Pointer[peer.Peer]
	// How many reports are wanted; 0: no goroutine makes any.
	wanted atomic.Uint64
}

// meet is called with the transport's peer, whose status may have changed
// already. A choice of the peer finds it as the chooser's data, so this
// comes before the first report.
func (b *bound) meet(p peer.Peer) {
	b.chooser.SetData(p)
	b.peer.Store(&p)
	b.report()
}

// NotifyStatusChanged reports the peer's status to the chooser.
func (b *bound) NotifyStatusChanged(peer.Identifier) {
	if b.peer.Load() != nil {
		b.report()
	}
}

// report says how the peer is; the last report is of the last status. A peer that was released has no list to
// tell.
func (b *bound) report() {
	if b.wanted.Add(1) > 1 {
		return
	}
	done := false
	defer func() {
		if !done { // The status has panicked: the next report is the next goroutine's.
			b.wanted.Store(0)
		}
	}()
	for !done {
		wanted := b.wanted.Load()
		status := peerage.Available
		if !b.always {
			status = b.current()
		}
		_ = b.chooser.SetStatus(status)
		done = b.wanted.CompareAndSwap(wanted, 0)
	}
}

// current is the status as the transport has it now, which the chooser may not have been told.
func (b *bound) current() peerage.Status {
	switch (*b.peer.Load()).Status().ConnectionStatus {
	case peer.Available:
		return peerage.Available
	case peer.Connecting:
		return peerage.Connecting
	}
	return peerage.Unavailable
}

// address is an identifier that is nothing but its text.
type address string

// Identifier is the text.
func (a address) Identifier() string { return string(a) }
