package peerage

// #include "shim.h"
import "C"

import (
	"sync/atomic"
	"unsafe"
)

// slot is what the C library keeps of a peer of a chooser, as peerage.h describes it for bindings
// to which a call is dear: a word that counts the requests in flight, whether the library has to hear
// of them, and the data of the peer, which is its number in the [peerTable].
type slot struct {
	word uint64
	_    uint32
	// watched has in its lowest 8 bits whether the peer or the policy wants to hear of requests.
	watched uint32
	_       [32]byte
	_       uint64
	data    uint64
}

// The header says where the fields are; another place does not compile.
var (
	_ = [1]struct{}{}[unsafe.Offsetof(slot{}.watched)-C.PEERAGE_SLOT_WATCHED]
	_ = [1]struct{}{}[unsafe.Offsetof(slot{}.data)-C.PEERAGE_SLOT_DATA]
)

// Parts of a slot's word.
const (
	onePin      = 1
	wordFull    = 1 << 31
	wordState   = 0b11 << 32
	wordRemoved = C.PEERAGE_WORD_REMOVED << 32
	wordOpen    = C.PEERAGE_WORD_AVAILABLE << 32
	wordChosen  = 1 << 54
	wordTenant  = wordChosen - 1<<34
)

// slotAt makes a pointer of an address in C's memory.
func slotAt(address uint64) *slot { return *(**slot)(unsafe.Pointer(&address)) }

func (s *slot) load() uint64 { return atomic.LoadUint64(&s.word) }

// mark returns the mark of a pick of the slot, for a caller that has one.
func (s *slot) mark() uint64 { return counted | s.load()&wordTenant }

// isWatched says whether C wants to hear of requests. If so the word may count from another number than 0,
// which C knows: the chooser limits the requests on a peer.
func (s *slot) isWatched() bool { return atomic.LoadUint32(&s.watched)&0xff != 0 }

// isCounted says whether a pick with the mark may be what it says, of a slot that counts from 0: there is a
// request in flight, and the slot still has the tenant that it had.
func isCounted(seen, mark uint64) bool {
	return uint32(seen)-1 < wordFull-1 && seen&wordTenant|counted == mark
}

// pinFrom adds a request if the word is as seen, and can be chosen.
func (s *slot) pinFrom(seen uint64) bool {
	if seen&(wordState|wordFull) != wordOpen {
		return false
	}
	pinned := seen + onePin + wordChosen
	if !atomic.CompareAndSwapUint64(&s.word, seen, pinned) {
		return false
	}
	if int64(seen^pinned) < 0 {
		s.noteHalf()
	}
	return true
}

// noteHalf tells C that the number of choices is past another half of what the word can count. The slot is
// pinned. Apart, as one choice of 512 comes here.
//
//go:noinline
func (s *slot) noteHalf() { C.peerage_memory_half(C.uint64_t(uintptr(unsafe.Pointer(s)))) }

// pin adds a request if the peer can be chosen.
func (s *slot) pin() bool {
	for seen := s.load(); seen&(wordState|wordFull) == wordOpen; seen = s.load() {
		if s.pinFrom(seen) {
			return true
		}
	}
	return false
}

// unpin takes a request away, unless there is more to do than that: the end is to be told,
// or the peer was removed and this may be its last, or the pick is a copy of one that was finished.
// After it was taken away the slot is not ours to look at.
func (s *slot) unpin(mark uint64) bool {
	if s.isWatched() {
		return false
	}
	for seen := s.load(); isCounted(seen, mark) && seen&wordState != wordRemoved; seen = s.load() {
		if atomic.CompareAndSwapUint64(&s.word, seen, seen-onePin) {
			return true
		}
	}
	return false
}
