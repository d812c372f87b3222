package day

import (
	"context"
	"testing"
	"time"

	"go.uber.org/yarpc/yarpcerrors"
)

// A request whose context ends gets the code of that, whether it is on its way
// or was not begun, and is not pending any more.
func TestContextsEnd(t *testing.T) {
	cancelled := func() (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		cancel()
		return ctx, cancel
	}
	later := func() (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		time.AfterFunc(30*time.Millisecond, cancel)
		return ctx, cancel
	}
	within := func(limit time.Duration) func() (context.Context, context.CancelFunc) {
		return func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), limit)
		}
	}
	everyPolicy(t, func(t *testing.T, n network, p policy) {
		t.Parallel()
		c := connect(t, n, p, addresses(serve(t, n, 3)))
		eventually(t, "3 peers available", func() bool { return c.available(3) })
		for _, end := range []struct {
			name string
			ctx  func() (context.Context, context.CancelFunc)
			code yarpcerrors.Code
		}{
			{"cancelled before", cancelled, yarpcerrors.CodeCancelled},
			{"expired before", within(-time.Second), yarpcerrors.CodeDeadlineExceeded},
			{"cancelled on its way", later, yarpcerrors.CodeCancelled},
			{"expired on its way", within(30 * time.Millisecond), yarpcerrors.CodeDeadlineExceeded},
		} {
			ctx, cancel := end.ctx()
			_, err := c.raw.Call(ctx, "hold", nil, key(1))
			cancel()
			if got := yarpcerrors.FromError(err); err == nil || got.Code() != end.code {
				t.Errorf("%s: %v, want code %v", end.name, err, end.code)
			}
			c.finished()
		}
		if !c.available(3) {
			t.Errorf("%s: contexts that end are no fault of a server", c.status().State)
		}
		if _, err := c.call(soon); err != nil {
			t.Errorf("a call after them: %v", err)
		}
	})
}
