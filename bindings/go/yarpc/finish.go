package yarpcpeers

import (
	"sync"
	"sync/atomic"

	"peerage.dev/go"
)

// sent is a request that has a peer. It serves one request after another, to
// allocate less, and counts them, so that an onFinish knows whether it is
// still its turn.
type sent struct {
	turn atomic.Uint64
	pick peerage.Pick
}

var unused = sync.Pool{New: func() any { return new(sent) }}

// finisher is what finishes the pick, once.
func finisher(pick peerage.Pick) func(error) {
	s := unused.Get().(*sent)
	s.pick = pick
	turn := s.turn.Load()
	return func(err error) {
		if s.turn.CompareAndSwap(turn, turn+1) {
			s.pick.FinishWith(outcome(err))
			unused.Put(s)
		}
	}
}
