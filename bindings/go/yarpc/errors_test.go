package yarpcpeers

import (
	"context"
	"errors"
	"testing"
	"time"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// saysOf asserts the code and the text of the error of a choice.
func saysOf(t *testing.T, err error, code yarpcerrors.Code, text string) {
	t.Helper()
	status := yarpcerrors.FromError(err)
	if status.Code() != code || status.Message() != text {
		t.Fatalf("got  %v %q\nwant %v %q", status.Code(), status.Message(), code, text)
	}
}

func contexts(t *testing.T) (past, cancelled context.Context) {
	past, end := context.WithDeadline(context.Background(), time.Unix(0, 0))
	t.Cleanup(end)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	return past, cancelled
}

// The error of a choice that fails at once is YARPC's status around the library's error: that is what it
// costs, and both are found in it.
func TestFailingFast(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		away := yarpctest.InitialConnectionStatus(peer.Unavailable)
		w := newWorld(t, p, yarpctest.NewFakeTransport(away), FailFast())
		w.must(w.list.Start())
		w.must(w.add("1", "2"))
		ctx, end := context.WithTimeout(context.Background(), soon)
		defer end()
		request := &transport.Request{ShardKey: "key"}
		_, _, err := w.list.Choose(ctx, request)
		saysOf(t, err, yarpcerrors.CodeUnavailable, `"`+p.name+`" peer list has 2 peers but none are responsive, `+
			"did not wait for a connection to open (fail-fast is enabled)")
		is(t, err, peerage.ErrNoPeer)
		if _, is := err.(*yarpcerrors.Status); !is {
			t.Fatalf("%T", err)
		}
		if failed := (*peerage.Error)(nil); !errors.As(err, &failed) || failed.Cause != peerage.CauseNoneConnected {
			t.Fatalf("%#v", failed)
		}
	})
}

// A context that was over before Choose says nothing about the peers: whatever they are, the code is the
// caller's.
func TestContextsThatWereOver(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		past, cancelled := contexts(t)
		name := `"` + p.name + `" peer list `
		w := newWorld(t, p, yarpctest.NewFakeTransport())
		choose := func(ctx context.Context) error {
			_, _, err := w.list.Choose(ctx, &transport.Request{ShardKey: "key"})
			return err
		}
		const idle = "is not running: context finished while waiting for instance to start: "
		saysOf(t, choose(past), yarpcerrors.CodeFailedPrecondition, name+idle+"context deadline exceeded")
		saysOf(t, choose(cancelled), yarpcerrors.CodeFailedPrecondition, name+idle+"context canceled")

		w.must(w.list.Start())
		const before = "did not choose: the deadline had passed before it began: context deadline exceeded"
		const given = "did not choose: the wait was cancelled before it began: context canceled"
		saysOf(t, choose(past), yarpcerrors.CodeDeadlineExceeded, name+"has no peers, did not wait for peers "+
			"to be added: the deadline had passed before: context deadline exceeded")
		saysOf(t, choose(cancelled), yarpcerrors.CodeCancelled, name+given)
		w.must(w.add("1", "2"))
		saysOf(t, choose(past), yarpcerrors.CodeDeadlineExceeded, name+before)
		is(t, choose(past), context.DeadlineExceeded, peerage.ErrTimedOut)
		saysOf(t, choose(cancelled), yarpcerrors.CodeCancelled, name+given)
		is(t, choose(cancelled), context.Canceled, peerage.ErrCancelled)

		w.must(w.list.Stop())
		const stopped = `is not running: could not wait for instance to start running: current state is "stopped"`
		saysOf(t, choose(past), yarpcerrors.CodeFailedPrecondition, name+stopped)
		is(t, choose(past), peerage.ErrStopped)
		saysOf(t, choose(cancelled), yarpcerrors.CodeCancelled, name+given)
		saysOf(t, w.list.Start(), yarpcerrors.CodeFailedPrecondition,
			`"`+p.name+`" can't be started: it was stopped, and does not start again`)
	})
}

// A wait that ends with no peer available has YARPC's code and text, which middleware that retries goes by.
func TestWaitsInVain(t *testing.T) {
	everyPolicy(t, func(t *testing.T, p policy) {
		fake := yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(peer.Unavailable))
		w := newWorld(t, p, fake, DefaultChooseTimeout(time.Millisecond))
		w.must(w.list.Start())
		short, end := context.WithTimeout(context.Background(), time.Millisecond)
		defer end()
		_, _, err := w.list.Choose(short, nil)
		saysOf(t, err, yarpcerrors.CodeUnavailable, `"`+p.name+`" peer list has no peers, waited for peers to be `+
			`added but timed out (fail-fast is not enabled): context deadline exceeded`)
		for n, text := range []string{"has 1 peer but it is not responsive", "has 2 peers but none are responsive"} {
			w.must(w.add(string(rune('1' + n))))
			_, _, err = w.list.Choose(context.Background(), nil)
			saysOf(t, err, yarpcerrors.CodeUnavailable, `"`+p.name+`" peer list `+text+
				`, timed out waiting for a connection to open (fail-fast is not enabled): context deadline exceeded`)
			is(t, err, context.DeadlineExceeded, peerage.ErrTimedOut)
		}
		failed := (*peerage.Error)(nil)
		if !errors.As(err, &failed) || failed.Cause != peerage.CauseNoneConnected || failed.Waited < time.Millisecond {
			t.Fatalf("%#v", failed)
		}
	})
}

func TestOptionsOfTheChooserReachIt(t *testing.T) {
	w := newWorld(t, policies[0], yarpctest.NewFakeTransport(), Options("max-pending=1,max-waiting=0"))
	w.must(w.list.Start())
	w.must(w.add("1"))
	_, finish := w.begin()
	_, _, err := w.list.Choose(context.Background(), nil)
	if yarpcerrors.FromError(err).Code() != yarpcerrors.CodeResourceExhausted {
		t.Fatal(err)
	}
	finish(nil)
	w.chooses("1")
}
