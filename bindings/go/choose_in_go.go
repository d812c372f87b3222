package peerage

// #include "shim.h"
import "C"

import (
	"math/bits"
	"math/rand/v2"
	"sync/atomic"
	"unsafe"
)

// memory is where a chooser keeps what its choices read. With it the sampling policies, round-robin and
// single choose in Go: a call into C costs more than the whole choice.
//
// It is C's memory, shared with threads of C, so all access is atomic. It lives as long as the
// core that it belongs to. What is done here is what the library does for the same policy, but for
// the rare cases: those it is asked for.
type memory struct {
	draw    C.int32_t // 0: choose in C
	open    *uint32
	len     *uint64
	entries *uint64
	turn    *uint64
	random  *uint64 // nil: no seed
}

// draws is how often to draw before C is asked, which looks while nothing moves.
const draws = 8

// newMemory finds the memory of a chooser, if its policy is one of those and the library that runs
// has the layout that this was written for.
func newMemory(c *C.peerage_chooser) memory {
	var found C.peerage_memory
	status := C.peerage_chooser_memory(c, &found, C.size_t(unsafe.Sizeof(found)))
	if status != C.PEERAGE_OK || found.layout != C.PEERAGE_MEMORY_LAYOUT {
		return memory{}
	}
	return memory{
		draw:    found.draw,
		open:    (*uint32)(unsafe.Pointer(found.open)),
		len:     (*uint64)(unsafe.Pointer(found.len)),
		entries: (*uint64)(unsafe.Pointer(found.entries)),
		turn:    (*uint64)(unsafe.Pointer(found.turn)),
		random:  (*uint64)(unsafe.Pointer(found.random)),
	}
}

// pin chooses a slot and counts a request on it; nil if C is to be asked.
func (m *memory) pin() *slot {
	if m.draw == 0 || atomic.LoadUint32(m.open) == 0 {
		return nil
	}
	for range draws {
		// The length first: arrays only grow, so the one that is read then has room for it.
		count := atomic.LoadUint64(m.len)
		entries := atomic.LoadUint64(m.entries)
		if count == 0 {
			return nil
		}
		var drawn *slot
		switch m.draw {
		case C.PEERAGE_DRAW_IN_TURN:
			drawn = entry(entries, (atomic.AddUint64(m.turn, 1)-1)%count)
		case C.PEERAGE_DRAW_RANDOM:
			drawn = entry(entries, scale(m.next(), count))
		case C.PEERAGE_DRAW_FIRST:
			drawn = entry(entries, 0)
		default:
			if count > 1 {
				if drawn = pinOfTwo(entries, count, m.next()); drawn != nil {
					return drawn
				}
				continue
			}
			// No number is drawn for a single peer.
			drawn = entry(entries, 0)
		}
		if drawn != nil && drawn.pin() {
			return drawn
		}
	}
	return nil
}

// hasNone says that C would find no peer either. A chooser that is about to stop gives its peers up after it
// has closed: so one that is open afterwards had none while it chose.
func (m *memory) hasNone() bool {
	return m.draw != 0 && atomic.LoadUint32(m.open) != 0 && atomic.LoadUint64(m.len) == 0 && atomic.LoadUint32(m.open) != 0
}

// pinOfTwo pins the less loaded of two different slots, the first if they are equally loaded.
// Another's choice in between is a reason to look at loads anew.
func pinOfTwo(entries, count, drawn uint64) *slot {
	i, j := scale(drawn, count), scale(drawn>>32, count-1)
	if j >= i {
		j++
	}
	first, second := entry(entries, i), entry(entries, j)
	if first == nil || second == nil {
		return nil
	}
	better, seen, other := first, first.load(), second.load()
	if uint32(other) < uint32(seen) {
		better, seen = second, other
	}
	if better.pinFrom(seen) {
		return better
	}
	return nil
}

// entry loads the address of a slot; nil for a hole.
func entry(entries, position uint64) *slot {
	address := entries + 8*position
	return slotAt(atomic.LoadUint64(*(**uint64)(unsafe.Pointer(&address))))
}

// next returns 64 random bits: with a seed, those that C would draw.
func (m *memory) next() uint64 {
	if m.random == nil {
		return rand.Uint64()
	}
	word := atomic.AddUint64(m.random, 0xa076_1d64_78bd_642f)
	high, low := bits.Mul64(word, word^0xe703_7ed1_a0b4_28db)
	return high ^ low
}

// scale takes 32 random bits to a number below n.
func scale(random, n uint64) uint64 { return uint64(uint32(random)) * n >> 32 }
