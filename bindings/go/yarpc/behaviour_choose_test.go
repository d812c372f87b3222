package yarpcpeers

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// What every list of YARPC does when it is asked for a peer: whom it hands
// out as peers come and go, how it waits, and how it says that there is none.

func TestStartChooseNoPeers(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.fails(yarpcerrors.CodeUnavailable, fmt.Sprintf("%q peer list has no peers, waited for peers to be added "+
			"but timed out (fail-fast is not enabled): context deadline exceeded", p.name))
	})
}

func TestAddedTooLate(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.fails(yarpcerrors.CodeUnavailable, "has no peers")
		w.must(w.add("1"))
		w.chooses("1")
	})
}

func TestBlockUntilAdded(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		chosen := w.waiters(5)
		w.must(w.add("1"))
		for range 5 {
			if got := w.next(chosen); got != "1" {
				t.Fatal(got)
			}
		}
	})
}

func TestBlockUntilAddedAfterTheOnlyPeerWasRemoved(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p, "1")
		w.must(w.remove("1"))
		chosen := w.waiters(3)
		w.must(w.add("2"))
		for range 3 {
			if got := w.next(chosen); got != "2" {
				t.Fatal(got)
			}
		}
	})
}

func TestBlockUntilNotifiedAvailable(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		w.unavailable("1")
		w.must(w.add("1"))
		chosen := w.waiters(3)
		w.available("1")
		for range 3 {
			if got := w.next(chosen); got != "1" {
				t.Fatal(got)
			}
		}
	})
}

// waiters begins n choices and returns when all of them wait.
func (w *world) waiters(n int) <-chan string {
	chosen := make(chan string, n)
	for range n {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), soon)
			defer cancel()
			p, finish, err := w.list.Choose(ctx, &transport.Request{})
			if err != nil {
				chosen <- err.Error()
				return
			}
			finish(nil)
			chosen <- p.Identifier()
		}()
	}
	w.eventually(func() bool { return w.list.chooser.Stats().Waiting == n })
	return chosen
}

func (w *world) next(chosen <-chan string) string {
	w.t.Helper()
	select {
	case name := <-chosen:
		return name
	case <-time.After(soon):
		w.t.Fatal("nobody was chosen")
		return ""
	}
}

// eventually looks again and again: that a caller has begun to wait comes without an event.
func (w *world) eventually(true func() bool) {
	w.t.Helper()
	for end := time.Now().Add(soon); !true(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("it never came true")
		}
	}
}

func TestFailFast(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport(), FailFast())
		w.must(w.list.Start())
		unavailable := func(text string) {
			t.Helper()
			_, _, err := w.list.Choose(context.Background(), nil)
			if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeUnavailable {
				t.Fatal(err)
			}
			want := fmt.Sprintf("%q peer list %s (fail-fast is enabled)", p.name, text)
			if got := yarpcerrors.FromError(err).Message(); got != want {
				t.Fatalf("%q, want %q", got, want)
			}
		}
		unavailable("has no peers, did not wait for peers to be added")
		w.unavailable("1", "2")
		w.must(w.add("1"))
		unavailable("has 1 peer but it is not responsive, did not wait for a connection to open")
		w.must(w.add("2"))
		unavailable("has 2 peers but none are responsive, did not wait for a connection to open")
		w.available("2")
		w.chooses("2")
	})
}

func TestDefaultChooseTimeout(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport(), DefaultChooseTimeout(late))
		w.must(w.list.Start())
		_, _, err := w.list.Choose(context.Background(), nil)
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeUnavailable || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		w.must(w.add("1"))
		_, finish, err := w.list.Choose(context.Background(), nil)
		w.must(err)
		finish(nil)
	})
}

func TestDefaultChooseTimeoutBeforeStart(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := newWorld(t, p, yarpctest.NewFakeTransport(), DefaultChooseTimeout(late))
		_, _, err := w.list.Choose(context.Background(), nil)
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeFailedPrecondition {
			t.Fatal(err)
		}
	})
}

func TestCancelEndsAWait(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		w := started(t, p)
		ctx, cancel := context.WithCancel(context.Background())
		failed := make(chan error)
		go func() {
			_, _, err := w.list.Choose(ctx, nil)
			failed <- err
		}()
		cancel()
		err := <-failed
		if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeCancelled || !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}
