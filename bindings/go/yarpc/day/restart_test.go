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
				c.isTransports(err)
			}
			return c.available(2)
		})
		if t.Logf("%d of %d calls failed", failed, calls); failed > 15 {
			t.Errorf("%d calls failed until the list had heard of it, want a handful", failed)
		}
		c.shares(all[1:], 120, p.spread)
		c.finished()

		servers[0].start()
		back := time.Now()
		// gRPC tries again after a second, the others sooner.
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		t.Logf("back after %v", time.Since(back).Round(time.Millisecond))
		c.shares(all, 300, p.spread)
		c.finished()
	})
}

// isTransports asserts that it is the error of a transport whose server is gone,
// not one of the list's.
func (c *client) isTransports(err error) {
	c.t.Helper()
	if code := yarpcerrors.FromError(err).Code(); code == yarpcerrors.CodeFailedPrecondition ||
		code == yarpcerrors.CodeCancelled || code == yarpcerrors.CodeInvalidArgument {
		c.t.Errorf("code %v of a call to a server that is gone: %v", code, err)
	}

}
