package day

import (
	"testing"
	"time"

	"go.uber.org/yarpc/yarpcerrors"
)

// A server that stops costs a handful of calls, for no transport knows before
// one has failed. From then on the others have its share, until it is back.
func TestOneServerStopsAndComesBack(t *testing.T) {
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		servers := serve(t, n, 3)
		all := addresses(servers)
		c := connect(t, n, p, all)
		eventually(t, "3 peers available", func() bool { return c.available(3) })

		servers[0].stop()
		calls, failed := 0, 0
		eventually(t, "2 peers available", func() bool {
			calls++
			if _, err := c.call(soon, key(calls)); err != nil {
				failed++
				c.isGone(err)
			}
			return c.available(2)
		})
		if t.Logf("%d of %d calls failed", failed, calls); failed > 15 {
			t.Errorf("%d calls failed until the list had heard of it, want a handful", failed)
		}
		c.shares(all[1:], 120, p.calm)
		c.finished()

		servers[0].start()
		back := time.Now()
		// gRPC tries again after a second, the others sooner.
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		t.Logf("back after %v", time.Since(back).Round(time.Millisecond))
		c.shares(all, 120, p.recovered())
		c.finished()
	})
}

// isGone asserts that it is the error of a call whose server is gone: that of the
// transport, or of a wait for the server, and never one that blames the caller.
func (c *client) isGone(err error) {
	c.t.Helper()
	if err == nil {
		c.t.Fatal("an answer, want none from a server that has stopped")
	}
	switch code := yarpcerrors.FromError(err).Code(); code {
	case yarpcerrors.CodeUnavailable, yarpcerrors.CodeUnknown, yarpcerrors.CodeInternal,
		yarpcerrors.CodeDeadlineExceeded:
	default:
		c.t.Errorf("code %v: %v", code, err)
	}
}
