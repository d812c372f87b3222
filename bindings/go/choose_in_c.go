package peerage

// #include "shim.h"
// #cgo noescape peerage_go_try_plain
// #cgo nocallback peerage_go_try_plain
// #cgo noescape peerage_go_try_few
// #cgo nocallback peerage_go_try_few
import "C"

import (
	"runtime"
	"unsafe"
)

// tryPlain is a choice that never calls back: by a policy of the library's, for a request with no
// more than a shard key and a few headers. It is false if that is not so, and if it has found no peer.
//
// C writes the pick to this goroutine's stack, which only a callback could move: should there be
// one, the directive nocallback ends the program.
func (c *core) tryPlain(request *Request) (Pick, bool) {
	if !c.callsNothing {
		return Pick{}, false
	}
	if request != nil && !request.isPlain() {
		return c.tryFew(request)
	}
	if c.deferred != nil {
		return c.tryDeferred()
	}
	if slot := c.memory.pin(); slot != nil {
		pick := Pick{
			peer: c.transport.peers.get(slot.data),
			mark: slot.mark(),
			slot: uint64(uintptr(unsafe.Pointer(slot))),
		}
		runtime.KeepAlive(c)
		return pick, true
	}
	var key string
	if request != nil {
		key = request.ShardKey
	}
	var raw C.peerage_pick
	number := C.peerage_go_try_plain(C.uintptr_t(uintptr(unsafe.Pointer(c.handle()))), charsOf(key), C.size_t(len(key)), &raw)
	runtime.KeepAlive(c)
	if number < 0 {
		return Pick{}, false
	}
	return c.pickOf(uint64(number), &raw), true
}

// tryFew is such a choice for a request with headers. A policy that keeps ends of requests for its next
// choice looks at no header, and its choices with headers are rare.
func (c *core) tryFew(request *Request) (Pick, bool) {
	if c.deferred != nil || request.headers() > fewHeaders || !request.hasOnlyHeaders() {
		return Pick{}, false
	}
	var raw C.peerage_pick
	few, key := request.few(), request.ShardKey
	a, b, d := &few[0], &few[1], &few[2]
	number := C.peerage_go_try_few(C.uintptr_t(uintptr(unsafe.Pointer(c.handle()))),
		charsOf(key), C.size_t(len(key)), C.size_t(request.headers()),
		charsOf(a.Name), C.size_t(len(a.Name)), charsOf(a.Value), C.size_t(len(a.Value)),
		charsOf(b.Name), C.size_t(len(b.Name)), charsOf(b.Value), C.size_t(len(b.Value)),
		charsOf(d.Name), C.size_t(len(d.Name)), charsOf(d.Value), C.size_t(len(d.Value)), &raw)
	runtime.KeepAlive(c)
	if number < 0 {
		return Pick{}, false
	}
	return c.pickOf(uint64(number), &raw), true
}
