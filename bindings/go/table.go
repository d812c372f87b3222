//go:build cgo

package peerage

import (
	"sync"
	"sync/atomic"
)

// peerTable gives peers numbers, which C keeps as their data in place of Go pointers.
//
// Every choice looks a number up, so that takes no lock and two loads, from memory that is written
// only when peers come and go. A caller that looks a number up holds a pick, which keeps the peer in the
// table. Number 0 is no peer's.
type peerTable struct {
	slots atomic.Pointer[[]atomic.Pointer[Peer]]
	mu    sync.Mutex
	free  []uint32
	// Numbers that were given out at some time.
	used uint32
}

// get returns the peer with a number, nil if there is none. A caller that has heard a number from C
// loads slots afterwards, and so finds the array that has it.
func (t *peerTable) get(number uint64) *Peer {
	slots := t.slots.Load()
	if slots == nil || number >= uint64(len(*slots)) {
		return nil
	}
	return (*slots)[number].Load()
}

// add gives a peer a number.
func (t *peerTable) add(peer *Peer) uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	var number uint32
	if last := len(t.free) - 1; last >= 0 {
		number = t.free[last]
		t.free = t.free[:last]
	} else {
		t.used++
		number = t.used
		t.grow(int(number) + 1)
	}
	(*t.slots.Load())[number].Store(peer)
	return number
}

// remove takes a number back.
func (t *peerTable) remove(number uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	(*t.slots.Load())[number].Store(nil)
	t.free = append(t.free, number)
}

// grow makes room for length slots. Readers of the old array still find there whom they look for.
func (t *peerTable) grow(length int) {
	var old []atomic.Pointer[Peer]
	if slots := t.slots.Load(); slots != nil {
		old = *slots
	}
	if length <= len(old) {
		return
	}
	slots := make([]atomic.Pointer[Peer], max(length, 2*len(old), 16))
	for i := range old {
		slots[i].Store(old[i].Load())
	}
	t.slots.Store(&slots)
}
