package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Outcome says how a request ended.
type Outcome int32

const (
	// Success is a request that the peer answered.
	Success Outcome = C.PEERAGE_OUTCOME_SUCCESS
	// Failure is a request that failed because of the peer.
	Failure Outcome = C.PEERAGE_OUTCOME_FAILURE
	// Overloaded is a request that the peer refused because it has too much to do.
	Overloaded Outcome = C.PEERAGE_OUTCOME_OVERLOADED
	// Cancelled is a request that the caller gave up, which says nothing about the peer.
	Cancelled Outcome = C.PEERAGE_OUTCOME_CANCELLED
	// NotSent is a request that was never sent.
	NotSent Outcome = C.PEERAGE_OUTCOME_NOT_SENT
)

// String returns the name of the outcome.
func (o Outcome) String() string {
	names := [...]string{"Success", "Failure", "Overloaded", "Cancelled", "NotSent"}
	if o < 0 || int(o) >= len(names) {
		return "Abandoned"
	}
	return names[o]
}

// Pick is a peer that was chosen for a request, which counts as in flight until Finish. Its peer
// stays retained for as long, even if the chooser is stopped or closed meanwhile.
//
// It is a value, so that choosing allocates nothing: finish it once. It may be moved and finished
// on another goroutine, but two copies of it must not both be finished: the second
// changes nothing if the peer has no other request in flight, and else ends one of those. The zero Pick
// is a finished one.
type Pick struct {
	peer *Peer
	// Where its end is kept for the next choice, if it is.
	deferred *deferred
	// The opaque words of C's pick: of the first the exclusive or with the third, which is when the
	// request began, in 56 bits, and nearly always 0; then the second, with heard. The last is the number
	// of the peer. A fifth field would cost more than the rest of a choice: see the README.
	mark, slot uint64
}

// counted is in the lower 34 bits of the mark of a pick that began at no moment that anything asks
// for. Of the upper 30 the lowest 20 are those of its slot's word, which tell the slot's tenants apart.
const counted uint64 = C.PEERAGE_PICK_COUNTED

// heard is added to the slot's address, which is one of 64 bytes, in a pick whose transport wants to hear
// of its end.
const heard = 1

// isPlain says whether the slot is where the pick says, and the pick has no beginning.
func (p *Pick) isPlain() bool {
	return uint32(p.mark) == uint32(counted&0xffff_ffff) && p.slot&heard == 0
}

// Peer returns the peer; nil after Finish.
func (p *Pick) Peer() *Peer { return p.peer }

// Finish ends the request: with nil, if the peer answered. An error that is [context.Canceled]
// counts as [Cancelled], any other as [Failure]. A second call changes nothing.
func (p *Pick) Finish(err error) {
	outcome := Success
	if err != nil {
		outcome = outcomeFor(err)
	}
	p.FinishWith(outcome)
}

// FinishWith ends the request with an outcome. A second call changes nothing.
func (p *Pick) FinishWith(outcome Outcome) {
	pick := *p
	*p = Pick{}
	if pick.isPlain() && outcome == Success && pick.endInGo() {
		return
	}
	pick.finishSlowly(outcome, unknownLatency, noReport)
}

// FinishTimed ends the request with an outcome and with how long it took, as its caller has measured
// it; a negative latency is not known. Without it a policy that asked hears how long ago the peer
// was chosen. A second call changes nothing.
func (p *Pick) FinishTimed(outcome Outcome, latency time.Duration) {
	pick := *p
	*p = Pick{}
	if pick.isPlain() && outcome == Success && pick.endInGo() {
		return
	}
	pick.finishSlowly(outcome, max(latency, unknownLatency), noReport)
}

// FinishReported is FinishTimed with what the peer says of itself in its answer: how many requests it
// had in flight, of all clients, which is what least-reported goes by.
func (p *Pick) FinishReported(outcome Outcome, latency time.Duration, inFlight uint32) {
	pick := *p
	*p = Pick{}
	if pick.isPlain() && outcome == Success && pick.endInGo() {
		return
	}
	pick.finishSlowly(outcome, max(latency, unknownLatency), int64(inFlight))
}

// endInGo is the end of a success of which C need not hear now. Other ends are counted, which C does.
func (p *Pick) endInGo() bool {
	return slotAt(p.slot).unpin(p.mark) || p.deferred.put(p.slot, p.mark)
}

const (
	unknownLatency time.Duration = C.PEERAGE_LATENCY_UNKNOWN
	noReport       int64         = -1
)

func outcomeFor(err error) Outcome {
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	return Failure
}

// finishSlowly is for picks whose end is to be told, and for the last requests of peers that
// were removed.
func (p Pick) finishSlowly(outcome Outcome, latency time.Duration, inFlight int64) {
	if p.mark == 0 {
		return
	}
	if p.slot&heard != 0 {
		if p.slot ^= heard; !p.isCounted() {
			return
		}
		p.tellFinished(outcome)
		if outcome == Success && p.isPlain() && slotAt(p.slot).unpin(p.mark) {
			return
		}
	}
	mark, began := p.split()
	end := C.peerage_go_finish_timed(C.uint64_t(mark), C.uint64_t(p.slot), C.uint64_t(began),
		C.int32_t(outcome), C.int64_t(latency), C.int64_t(inFlight))
	logFailures(takeFailures(end.failures))
}

// split returns the first and the third of the words of C's pick. One that began at some moment does not
// say which tenant it is of: the peer does, which has the slot as long as the pick is not finished. Those
// of a copy of one that was finished are 0 if another peer has it.
func (p *Pick) split() (mark, began uint64) {
	if p.isPlain() {
		return p.mark, 0
	}
	slot := slotAt(p.slot)
	mark = slot.mark()
	if p.peer.transport.peers.get(atomic.LoadUint64(&slot.data)) != p.peer {
		return 0, 0
	}
	return mark, p.mark ^ mark
}

// isCounted says whether the pick may not be finished yet: it is no copy of one that was, as far as can
// be told.
func (p *Pick) isCounted() bool {
	mark, began := p.split()
	if slot := slotAt(p.slot); !slot.isWatched() {
		return began>>56 == 0 && isCounted(slot.load(), mark)
	}
	return C.peerage_go_is_counted(C.uint64_t(mark), C.uint64_t(p.slot), C.uint64_t(began)) != 0
}

func (p Pick) tellFinished(outcome Outcome) {
	finished := p.peer.transport.finished
	if finished == nil {
		return
	}
	err := guard("RequestFinished", func() error {
		finished(p.peer, outcome)
		return nil
	})
	if err != nil {
		logFailures([]error{err})
	}
}
