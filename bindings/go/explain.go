package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
	"strconv"
	"sync"
	"time"
	"unsafe"
)

// miss says how a choice has ended that found no peer.
type miss struct {
	code Code
	// What callbacks of the user's have failed with.
	causes []error
	// The causes are a policy's: the choice has failed inside it, also if the code says otherwise.
	policy bool
}

// didNotWait is how long a choice waited that was not to.
const didNotWait time.Duration = C.PEERAGE_DID_NOT_WAIT

// failed is the error of a choice that has waited so long. A choice builds none, so that one that
// fails costs no more than one that does not; the library is asked afterwards, for its sentence.
func (c *core) failed(why *miss, request *Request, waited time.Duration) error {
	ended := why.code
	if why.policy {
		ended = ErrPanic
	}
	c.count(ended, waited)
	failed := &Error{Code: why.code, Waited: max(waited, 0), causes: why.causes}
	failed.Message, failed.Cause = c.explain(ended, request, waited)
	return failed
}

// count tells C how a choice has ended that it does not count itself: one that has failed, or has waited. The
// code is 0 for one that got a peer.
func (c *core) count(ended Code, waited time.Duration) {
	if ended == ErrQueueFull {
		// It was not let in.
		waited = 0
	}
	C.peerage_chooser_waited(c.handle(), C.peerage_status(ended), C.int64_t(waited))
	runtime.KeepAlive(c)
}

// ended is the error of a choice that its context has ended.
func (c *core) ended(ctx context.Context, why Code, request *Request, waited time.Duration) error {
	causes, code := []error{ctx.Err()}, ErrCancelled
	if cause := context.Cause(ctx); cause != ctx.Err() {
		causes = append(causes, cause)
	}
	if ctx.Err() == context.DeadlineExceeded {
		// The same, whichever clock has ended the wait, and whether there was one.
		if code = why; why == 0 {
			code = c.standing()
		}
		if code != ErrNotRunning && code != ErrStopped {
			code = ErrTimedOut
		}
	}
	return c.failed(&miss{code: code, causes: causes}, request, waited)
}

// standing is what keeps a chooser that does not run from choosing; 0 if it runs.
func (c *core) standing() Code {
	switch c.stats().State {
	case Idle, Starting:
		return ErrNotRunning
	case Running:
		return 0
	}
	return ErrStopped
}

// rooms have room for a sentence, on the heap: C writes into it and may call back.
var rooms = sync.Pool{New: func() any {
	room := make([]byte, 512)
	return &room
}}

// explain asks for the sentence and the cause of a choice that has ended so. Its policy is asked once
// more: what a policy in Go fails with then, it has failed with before.
func (c *core) explain(ended Code, request *Request, waited time.Duration) (string, Cause) {
	defer runtime.KeepAlive(c)
	p := request.pack()
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	for {
		text := *room
		why := C.peerage_go_explain(c.handle(), C.int32_t(ended), C.int64_t(waited), p.texts, p.textsLen, p.lens,
			p.headers, p.avoid, p.lent, (*C.char)(unsafe.Pointer(unsafe.SliceData(text))), C.size_t(len(text)))
		takeFailures(why.failures)
		if why.status != C.PEERAGE_OK {
			return quoted(c.name) + " chooser: " + ended.Error(), NoCause
		}
		if needed := int(why.needed); needed < len(text) {
			return string(text[:needed]), causeOf(why.cause)
		}
		*room = make([]byte, int(why.needed)+1)
	}
}

func quoted(text string) string { return strconv.Quote(text) }
