package peerage

// #include "shim.h"
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// Drain waits until every peer that has left has been released, and so until none of its requests is
// in flight: those of peers that were removed, and after [Chooser.Stop] those of all. Requests on peers
// that are still there are not waited for.
//
// If the context ends before, the error is [ErrTimedOut] or [ErrCancelled], says what is left, and
// wraps the context's. A chooser that was closed has nothing to wait with: drain between Stop and
// Close.
func (c *Chooser) Drain(ctx context.Context) error {
	core := c.core.Load()
	if core == nil {
		return c.closed()
	}
	// The library's wait would hold a thread, and does not know of contexts. So this looks now and then:
	// what it waits for takes as long as requests do.
	const often, seldom = 100 * time.Microsecond, 10 * time.Millisecond
	for pause := often; !core.isDrained(); pause = min(2*pause, seldom) {
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return core.notDrained(ctx)
		}
	}
	return nil
}

func (c *core) isDrained() bool {
	defer runtime.KeepAlive(c)
	c.deferred.tell()
	return C.peerage_chooser_drain(c.handle(), 0) == C.PEERAGE_OK
}

func (c *core) notDrained(ctx context.Context) error {
	stats, code := c.stats(), ErrCancelled
	if ctx.Err() == context.DeadlineExceeded {
		code = ErrTimedOut
	}
	peers, requests := "1 peer that left has", "1 request"
	if stats.Departing != 1 {
		peers = fmt.Sprintf("%d peers that left have", stats.Departing)
	}
	if stats.DepartingPending != 1 {
		requests = fmt.Sprintf("%d requests", stats.DepartingPending)
	}
	text := quoted(c.name) + " chooser is not drained: " + peers + " " + requests + " in flight"
	return &Error{Code: code, Message: text, causes: []error{ctx.Err()}}
}
