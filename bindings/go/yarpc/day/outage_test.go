package day

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.uber.org/yarpc/yarpcerrors"
)

// When every server has stopped a call waits for one, as long as its context
// lets it, and fails as YARPC's lists do. A call that still waits when the
// servers are back is answered.
func TestEverythingStopsAndComesBack(t *testing.T) {
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		servers := serve(t, n, 3)
		c := connect(t, n, p, addresses(servers))
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		for _, s := range servers {
			s.stop()
		}
		calls := 0
		eventually(t, "no peer available", func() bool {
			// The one whose connection is lost is heard of, one after the other.
			if calls++; !c.available(0) {
				_, _ = c.call(50*time.Millisecond, key(calls))
			}
			return c.available(0)
		})

		text := fmt.Sprintf("%q peer list has 3 peers but none are responsive, timed out waiting for "+
			"a connection to open (fail-fast is not enabled): context deadline exceeded", p.name)
		const wait = 60 * time.Millisecond
		begin := time.Now()
		_, err := c.call(wait)
		if took := time.Since(begin); took < wait-time.Millisecond {
			t.Errorf("failed after %v, want %v of waiting", took, wait)
		}
		c.isList(err, yarpcerrors.CodeUnavailable, text, context.DeadlineExceeded)
		c.cancelledWhileWaiting()
		c.finished()

		answer := make(chan error, 1)
		go func() {
			_, err := c.call(soon)
			answer <- err
		}()
		for _, s := range servers {
			s.start()
		}
		if err := <-answer; err != nil {
			t.Errorf("a call that waits for a server to come back: %v", err)
		}
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		c.shares(addresses(servers), 120, p.recovered())
		c.finished()
	})
}

// cancelledWhileWaiting gives up a call that waits for a peer.
func (c *client) cancelledWhileWaiting() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	defer time.AfterFunc(30*time.Millisecond, cancel).Stop()
	_, err := c.raw.Call(ctx, "who", nil)
	c.isList(err, yarpcerrors.CodeCancelled, "", context.Canceled)
}

// isList asserts that it is this error of the list, whatever transport hands it
// on: its code, its text unless that is empty, and the cause in it.
func (c *client) isList(err error, code yarpcerrors.Code, text string, cause error) {
	c.t.Helper()
	if err == nil {
		c.t.Fatalf("no error, want %v: %s", code, text)
	}
	got := yarpcerrors.FromError(err)
	if got.Code() != code || text != "" && got.Message() != text {
		c.t.Errorf("%v: %q\nwant %v: %q", got.Code(), got.Message(), code, text)
	}
	if cause != nil && !errors.Is(err, cause) {
		c.t.Errorf("%v: it does not wrap %v", err, cause)
	}
}
