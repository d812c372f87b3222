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

// unknown is how a choice ends that was not made.
const unknown = Code(1)

// tryPlain is a choice that never calls back: by a policy of the library's, for a request with no
// more than a shard key and a few headers. The code is 0 if it has found a peer and
// [ErrNoPeer] if there is none; any other leaves open what a choice that may call back would say.
//
// C writes the pick to this goroutine's stack, which only a callback could move: should there be
// one, the directive nocallback ends the program.
func (c *core) tryPlain(request *Request) (Pick, Code) {
	if !c.callsNothing {
		return Pick{}, unknown
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
		return pick, 0
	}
	if c.memory.hasNone() {
		return Pick{}, ErrNoPeer
	}
	var key string
	if request != nil {
		key = request.ShardKey
	}
	var raw C.peerage_pick
	number := C.peerage_go_try_plain(C.uintptr_t(uintptr(unsafe.Pointer(c.handle()))), charsOf(key), C.size_t(len(key)), &raw)
	runtime.KeepAlive(c)
	if number < 0 {
		return Pick{}, Code(number)
	}
	return c.pickOf(uint64(number), &raw), 0
}

// tryFew is such a choice for a request with headers. A policy that keeps ends of requests for its next
// choice looks at no header, and its choices with headers are rare.
func (c *core) tryFew(request *Request) (Pick, Code) {
	if c.deferred != nil || request.headers() > fewHeaders || !request.hasOnlyHeaders() {
		return Pick{}, unknown
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
		return Pick{}, Code(number)
	}
	return c.pickOf(uint64(number), &raw), 0
}
