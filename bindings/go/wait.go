package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"runtime"
	"time"
)

// waiter is told once that a choice is worth trying again.
type waiter struct{ ready chan Code }

// wait is a choice that may wait for a peer, after a plain one that ended with the code. One that fails at
// once looks at no clock.
func (c *core) wait(ctx context.Context, code Code, request *Request) (Pick, error) {
	pick, why := c.tryUnless(code, request)
	if why == nil {
		return pick, nil
	}
	if !c.waitsFor(why, request) {
		return Pick{}, c.failed(why, request, 0)
	}
	return c.waitForNews(ctx, why, request)
}

// waitForNews is the wait itself, of a choice that has failed so and that time may help.
//
// It asks C to be told, then waits for that, the context and the clock together: no thread is held.
// A waiter that is told has been given nothing, and competes for a peer like any other, so a wait
// that is given up at the same moment has nothing to give back.
func (c *core) waitForNews(ctx context.Context, why *miss, request *Request) (Pick, error) {
	defer runtime.KeepAlive(c)
	begun := time.Now()
	var expired <-chan time.Time
	if _, has := ctx.Deadline(); !has && c.timeout != Forever {
		timer := time.NewTimer(c.timeout)
		defer timer.Stop()
		expired = timer.C
	}
	for {
		waiter := &waiter{ready: make(chan Code, 1)}
		notice, err := c.notify(request, waiter)
		if err != nil {
			return Pick{}, err
		}
		select {
		case told := <-waiter.ready:
			if told != C.PEERAGE_OK {
				return Pick{}, c.failed(&miss{code: told}, request, time.Since(begun))
			}
		case <-c.nextTick():
			c.unnotify(notice)
		case <-ctx.Done():
			c.unnotify(notice)
		case <-expired:
			c.unnotify(notice)
			if why.code == ErrNoPeer {
				why.code = ErrTimedOut
			}
			return Pick{}, c.failed(why, request, time.Since(begun))
		}
		if ctx.Err() != nil {
			return Pick{}, c.ended(ctx, why.code, request, time.Since(begun))
		}
		var pick Pick
		if pick, why = c.try(request); why == nil {
			c.count(0, time.Since(begun))
			return pick, nil
		}
		if !c.waitsFor(why, request) {
			return Pick{}, c.failed(why, request, time.Since(begun))
		}
	}
}

// nextTick lets peers be tried that were ejected and whose time is over, and returns when the next one may
// be; nil: none is out. The library has no thread that would tell a waiter of it.
func (c *core) nextTick() <-chan time.Time {
	// Choices of a chooser that ejects may call back.
	if c.callsNothing {
		return nil
	}
	next := C.peerage_go_tick(c.handle())
	logFailures(takeFailures(next.failures))
	if next.status < 0 {
		return nil
	}
	return time.After(time.Duration(next.status))
}

// waitsFor says whether time may help.
func (c *core) waitsFor(why *miss, request *Request) bool {
	if why.code != ErrNoPeer || c.failFast {
		return why.code == ErrNotRunning
	}
	return !c.failsBelow || !c.isBelow(request)
}

// isBelow says whether the choice has failed because too few peers are available.
func (c *core) isBelow(request *Request) bool {
	_, cause := c.explain(ErrNoPeer, request, 0)
	return cause == CauseBelowThreshold
}

func (c *core) notify(request *Request, w *waiter) (C.uint64_t, error) {
	p := request.pack()
	result := C.peerage_go_notify(c.handle(), p.texts, p.textsLen, p.lens, p.headers, p.avoid, p.lent, newHandle(w))
	if err := outcomeOf(result); err != nil {
		c.unnotify(result.notice)
		return 0, err
	}
	return result.notice, nil
}

// unnotify takes a notice back. If it is too late for that, the waiter's channel gets a word that
// is not read.
func (c *core) unnotify(notice C.uint64_t) {
	if notice != 0 {
		C.peerage_chooser_notify_cancel(c.handle(), notice)
	}
}

//export peerageGoReady
func peerageGoReady(ctx C.uintptr_t, status C.int32_t) {
	valueOf[*waiter](ctx).ready <- Code(status)
}
