package peerage

// #include "shim.h"
// #cgo noescape peerage_go_try_plain
// #cgo nocallback peerage_go_try_plain
import "C"

import (
	"runtime"
	"unsafe"
)

// tryPlain is a choice that never calls back: by a policy of the library's, for a request with no
// more than a shard key. It is false if that is not so, and if it has found no peer.
//
// C writes the pick to this goroutine's stack, which only a callback could move: should there be
// one, the directive nocallback ends the program.
func (c *core) tryPlain(request *Request) (Pick, bool) {
	if !c.callsNothing || (request != nil && !request.isPlain()) {
		return Pick{}, false
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
