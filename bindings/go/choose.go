package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"runtime"
)

// TryChoose hands out a peer if there is one now; otherwise its error is [ErrNoPeer]. It never
// blocks, but until a [Policy] of one's own has returned from another goroutine's call. The request
// may be nil.
func (c *Chooser) TryChoose(request *Request) (Pick, error) {
	core := c.core.Load()
	if core == nil {
		return Pick{}, c.closed()
	}
	pick, code := core.tryPlain(request)
	if code == 0 {
		return core.begun(pick)
	}
	pick, why := core.tryUnless(code, request)
	if why != nil {
		return Pick{}, core.failed(why, request, didNotWait)
	}
	return core.begun(pick)
}

// Choose hands out a peer, and waits for one if there is none: until the context ends or, if that
// has no deadline, until the chooser's default timeout has passed (see [WithDefaultTimeout]). The
// request may be nil.
//
// A wait that the context ended takes no peer, and its error wraps the context's.
func (c *Chooser) Choose(ctx context.Context, request *Request) (Pick, error) {
	core := c.core.Load()
	if core == nil {
		return Pick{}, c.closed()
	}
	if ctx.Err() != nil {
		return Pick{}, core.ended(ctx, 0, request, 0)
	}
	pick, code := core.tryPlain(request)
	if code != 0 {
		var err error
		if pick, err = core.wait(ctx, code, request); err != nil {
			return Pick{}, err
		}
	}
	return core.begun(pick)
}

// tryUnless is try, unless the code says already that there is no peer.
func (c *core) tryUnless(code Code, request *Request) (Pick, *miss) {
	if code == ErrNoPeer {
		return Pick{}, &miss{code: code}
	}
	return c.try(request)
}

// try is a choice that may call back.
func (c *core) try(request *Request) (Pick, *miss) {
	defer runtime.KeepAlive(c)
	c.deferred.tell()
	p := request.pack()
	found := C.peerage_go_try(c.handle(), p.texts, p.textsLen, p.lens, p.headers, p.avoid, p.lent)
	causes := takeFailures(found.failures)
	if code := Code(found.status); code < 0 {
		if len(causes) != 0 && code == ErrNoPeer {
			return Pick{}, &miss{codeOf(causes), causes, true}
		}
		return Pick{}, &miss{code: code, causes: causes}
	}
	pick := c.pickOf(uint64(found.status), &found.pick)
	if len(causes) != 0 {
		pick.FinishWith(NotSent)
		return Pick{}, &miss{codeOf(causes), causes, true}
	}
	return pick, nil
}

// codeOf says what a choice is that the callbacks it ran have failed: a policy's own error is a
// refusal, a panic is worse.
func codeOf(causes []error) Code {
	for _, cause := range causes {
		if panicked := (*PanicError)(nil); errors.As(cause, &panicked) {
			return ErrPanic
		}
	}
	return ErrRejected
}

func (c *core) pickOf(number uint64, raw *C.peerage_pick) Pick {
	return Pick{
		peer:     c.transport.peers.get(number),
		deferred: c.deferred,
		mark:     uint64(raw.opaque[0] ^ raw.opaque[2]),
		slot:     uint64(raw.opaque[1]),
	}
}

// begun tells the transport of the request, if it wants to know. C is not told of that wish: its
// way back into Go would cost more than the choice.
func (c *core) begun(pick Pick) (Pick, error) {
	if !c.hooks {
		return pick, nil
	}
	return c.tellStarted(pick)
}

func (c *core) tellStarted(pick Pick) (Pick, error) {
	pick.slot |= heard
	started := c.transport.started
	if started == nil {
		return pick, nil
	}
	err := guard("RequestStarted", func() error {
		started(pick.peer)
		return nil
	})
	if err != nil {
		pick.FinishWith(NotSent)
		text := quoted(c.name) + " chooser: " + ErrPanic.Error()
		return Pick{}, &Error{Code: ErrPanic, Message: text, causes: []error{err}}
	}
	return pick, nil
}
