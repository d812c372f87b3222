package day

import (
	"context"
	"testing"
	"time"

	yarpcpeers "peerage.dev/go/yarpc"

	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
)

// hold begins so many calls that the servers do not answer before they let go,
// and returns once all are on their way.
func (c *client) hold(calls int) <-chan error {
	c.t.Helper()
	ended := make(chan error, calls)
	for n := range calls {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), soon)
			defer cancel()
			_, err := c.raw.Call(ctx, "hold", nil, key(n))
			ended <- err
		}()
	}
	eventually(c.t, "the calls are on their way", func() bool { return c.pending() == calls })
	return ended
}

// A dispatcher that stops takes no new calls and waits for those on their way,
// over every transport: they are answered.
func TestStopWaitsForCalls(t *testing.T) {
	const calls = 6
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		servers := serve(t, n, 3)
		c := connect(t, n, p, addresses(servers))
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		ended := c.hold(calls)

		c.beginStop()
		eventually(t, "no new calls", func() bool {
			_, err := c.call(brief)
			return err != nil && yarpcerrors.FromError(err).Code() == yarpcerrors.CodeFailedPrecondition
		})
		select {
		case <-c.stopped:
			t.Errorf("Stop returned with %d calls on their way", c.pending())
		default:
		}
		for _, s := range servers {
			s.answer()
		}
		for range calls {
			if err := <-ended; err != nil {
				t.Errorf("a call that was on its way: %v", err)
			}
		}
		c.stop()
		c.released()
	})
}

// It waits no longer than it was told to.
func TestStopWaitsUpToALimit(t *testing.T) {
	const calls, limit = 6, 50 * time.Millisecond
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		servers := serve(t, n, 3)
		c := connect(t, n, p, addresses(servers), yarpcpeers.DrainTimeout(limit))
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		ended := c.hold(calls)
		c.stopsAfter(limit)
		for _, s := range servers {
			s.answer()
		}
		// What becomes of the calls is the transport's: each has its answer, or an error.
		for range calls {
			<-ended
		}
	})
}

// A call that never ends, since its onFinish is never called, holds it up to the
// limit, too. To call it later changes nothing.
func TestStopForgetsTheForgotten(t *testing.T) {
	const limit = 50 * time.Millisecond
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		c := connect(t, n, p, addresses(serve(t, n, 3)), yarpcpeers.DrainTimeout(limit))
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		_, finish, err := c.chooser.Choose(ctx, &transport.Request{ShardKey: "forgotten"})
		if err != nil {
			t.Fatal(err)
		}
		c.stopsAfter(limit)
		finish(nil)
		c.released()
	})
}

// stopsAfter asserts that the dispatcher stops once the limit is over, and that
// the list has given every peer back.
func (c *client) stopsAfter(limit time.Duration) {
	c.t.Helper()
	begin := time.Now()
	c.stop()
	if took := time.Since(begin); took < limit || took > limit+soon/4 {
		c.t.Errorf("stopped after %v, want %v", took, limit)
	}
	c.released()
}
