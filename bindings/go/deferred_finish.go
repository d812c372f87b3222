package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// deferred keeps the ends of a few requests until the chooser's next choice, which has to call C
// anyway and takes them along: one call for a choice and a finish instead of two.
//
// It is for policies of which C says that they look at nothing of a request that has succeeded but that it
// has ended, such as fewest-pending-requests and least-loaded. They hear of every end before they choose: a
// choice tells C first what has ended, and so does each call that shows counts. Other ends are told at once. Nor
// is a peer kept from being released: an end that may be the last of a removed peer is told at once.
type deferred struct {
	// Addresses of slots on which a request has ended that C still counts; 0: a free place.
	places [deferredPlaces]atomic.Uint64
	// One more whenever peers may have been removed, and fed.
	removals atomic.Uint64
}

const deferredPlaces = 4

// fed is in the count of removals of a chooser that an updater feeds. It removes peers on a thread of its
// own, and nothing in Go hears of that: so no end is kept.
const fed = 1 << 63

// put keeps the end of a request that has succeeded. It is false if C is to be told at once.
//
// The end of the last request of a removed peer must not be kept, as no choice might come after it.
// A goroutine that removes a peer does so, counts a removal and empties the places; one that keeps an end
// looks at the count, at the slot while it is still his, takes a place and looks at the count
// again. So one of the two sees the other.
func (d *deferred) put(address, mark uint64) bool {
	if d == nil {
		return false
	}
	removals := d.removals.Load()
	if removals&fed != 0 {
		return false
	}
	if seen := slotAt(address).load(); seen&wordState == wordRemoved || !isCounted(seen, mark) {
		return false
	}
	for i := range d.places {
		if d.places[i].Load() == 0 && d.places[i].CompareAndSwap(0, address) {
			if d.removals.Load() != removals {
				d.tell()
			}
			return true
		}
	}
	return false
}

// take empties the places.
func (d *deferred) take() (ended [deferredPlaces]uint64) {
	for i := range d.places {
		if d.places[i].Load() != 0 {
			ended[i] = d.places[i].Swap(0)
		}
	}
	return ended
}

// tell tells C what has ended.
func (d *deferred) tell() {
	if d == nil {
		return
	}
	for _, address := range d.take() {
		if address != 0 {
			end := C.peerage_go_finish(C.uint64_t(slotAt(address).mark()), C.uint64_t(address),
				C.PEERAGE_OUTCOME_SUCCESS)
			logFailures(takeFailures(end.failures))
		}
	}
}

// removed is called when peers may have been removed.
func (d *deferred) removed() {
	if d != nil {
		d.removals.Add(1)
		d.tell()
	}
}

// feed is called when there is an updater.
func (d *deferred) feed() {
	if d != nil {
		d.removals.Or(fed)
		d.tell()
	}
}

// tryDeferred is a choice that takes along what has ended. It may call back, when that was the last
// request of a peer.
func (c *core) tryDeferred() (Pick, Code) {
	e := c.deferred.take()
	found := C.peerage_go_try_deferred(C.uintptr_t(uintptr(unsafe.Pointer(c.handle()))),
		C.uint64_t(e[0]), C.uint64_t(e[1]), C.uint64_t(e[2]), C.uint64_t(e[3]))
	runtime.KeepAlive(c)
	if found.failures != 0 {
		logFailures(takeFailures(found.failures))
	}
	if found.status < 0 {
		return Pick{}, Code(found.status)
	}
	address := uint64(found.status)
	return Pick{
		peer:     c.transport.peers.get(slotAt(address).data),
		deferred: c.deferred,
		mark:     slotAt(address).mark(),
		slot:     address,
	}, 0
}
