package peerage_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"peerage.dev/go"
)

// waiting starts choices, and returns when all of them wait. Each sends its error.
func waiting(t *testing.T, chooser *peerage.Chooser, count int, ctx context.Context) <-chan error {
	t.Helper()
	ended := make(chan error, count)
	before := chooser.Stats().Waiting
	for range count {
		go func() {
			pick, err := chooser.Choose(ctx, nil)
			pick.Finish(nil)
			ended <- err
		}()
	}
	eventually(t, "all wait", func() bool { return chooser.Stats().Waiting == before+count })
	return ended
}

func TestTenThousandWaitersHoldNoThreads(t *testing.T) {
	const count = 10_000
	transport := idle()
	chooser := running(t, transport, "round-robin", []string{"a"})
	ended := waiting(t, chooser, count, soon(t))
	if threads := threads(t); threads >= 64 {
		t.Fatalf("%d threads", threads)
	}
	must(t, transport.peer("a").SetStatus(peerage.Available))
	for range count {
		must(t, receive(t, "all are woken", ended))
	}
	if threads := threads(t); threads >= 64 {
		t.Fatalf("%d threads", threads)
	}
	equal(t, "stats", counts(chooser.Stats()), peerage.Stats{Peers: 1, Available: 1, State: peerage.Running})
}

func threads(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Skip("needs /proc to count threads")
	}
	return len(entries)
}

func TestWaitsEndWithTheirContext(t *testing.T) {
	for _, policy := range append(policies, "direct") {
		transport := idle()
		chooser, err := peerage.NewChooser(transport, policy)
		must(t, err)
		defer chooser.Close()
		must(t, chooser.Start())
		request := &peerage.Request{ShardKey: "a"}
		if policy != "direct" {
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
		}
		cause := errors.New("the user has left")
		ctx, cancel := context.WithCancelCause(context.Background())
		ended := make(chan error, 1)
		go func() {
			_, err := chooser.Choose(ctx, request)
			ended <- err
		}()
		eventually(t, "it waits", func() bool { return chooser.Stats().Waiting == 1 || policy == "direct" })
		cancel(cause)
		err = receive(t, "the wait ends", ended)
		wants(t, err, context.Canceled, peerage.ErrCancelled, cause)
		equal(t, "waiting after the wait", chooser.Stats().Waiting, 0)
		if policy != "direct" {
			must(t, transport.peer("a").SetStatus(peerage.Available))
		}
		_, err = chooser.Choose(ctx, request)
		wants(t, err, context.Canceled)
		equal(t, "requests in flight", chooser.Stats().Pending, 0)
	}
}

func TestDeadlines(t *testing.T) {
	chooser := running(t, idle(), "random", []string{"a"})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	_, err := chooser.Choose(ctx, nil)
	wants(t, err, context.DeadlineExceeded, peerage.ErrTimedOut)
	equal(t, "waiting after the wait", chooser.Stats().Waiting, 0)
	var timeout interface{ Timeout() bool }
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("not a timeout: %v", err)
	}

	begun := time.Now()
	_, err = chooser.Choose(context.Background(), nil)
	wants(t, err, peerage.ErrTimedOut)
	if waited := time.Since(begun); waited < peerage.DefaultTimeout {
		t.Fatalf("waited only %v", waited)
	}
	equal(t, "waiting after the wait", chooser.Stats().Waiting, 0)
	if errors.Is(err, context.DeadlineExceeded) {
		t.Fatal("the context had no deadline")
	}
}

func TestForever(t *testing.T) {
	transport := idle()
	chooser := running(t, transport, "random", []string{"a"},
		peerage.WithDefaultTimeout(peerage.Forever))
	ended := waiting(t, chooser, 1, context.Background())
	must(t, transport.peer("a").SetStatus(peerage.Available))
	must(t, receive(t, "the wait ends", ended))
}

func TestStopEndsWaits(t *testing.T) {
	for _, end := range []func(*peerage.Chooser) error{(*peerage.Chooser).Stop, (*peerage.Chooser).Close} {
		chooser := running(t, idle(), "random", []string{"a"})
		ended := waiting(t, chooser, 100, soon(t))
		must(t, end(chooser))
		for range 100 {
			wants(t, receive(t, "the wait ends", ended), peerage.ErrStopped)
		}
	}
}

func TestWaitForStart(t *testing.T) {
	chooser, err := peerage.NewChooser(&fake{}, "round-robin")
	must(t, err)
	defer chooser.Close()
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err = chooser.Choose(ctx, nil)
	wants(t, err, context.DeadlineExceeded)
	ended := waiting(t, chooser, 10, soon(t))
	must(t, chooser.Start())
	for range 10 {
		must(t, receive(t, "the wait ends", ended))
	}
}

func TestNotRunningSaysSo(t *testing.T) {
	chooser, err := peerage.NewChooser(&fake{}, "round-robin",
		peerage.WithDefaultTimeout(time.Millisecond))
	must(t, err)
	defer chooser.Close()
	_, err = chooser.Choose(context.Background(), nil)
	wants(t, err, peerage.ErrNotRunning)
	if !strings.Contains(err.Error(), `current state is "idle"`) {
		t.Fatal(err)
	}
}
