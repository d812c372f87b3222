package peerage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"peerage.dev/go"
)

func fill(t *testing.T, chooser *peerage.Chooser) (picks []peerage.Pick) {
	t.Helper()
	for {
		pick, err := chooser.TryChoose(nil)
		if err != nil {
			wants(t, err, peerage.ErrNoPeer)
			return picks
		}
		picks = append(picks, pick)
	}
}

func causeIn(t *testing.T, err error) peerage.Cause {
	t.Helper()
	failed := (*peerage.Error)(nil)
	if !errors.As(err, &failed) {
		t.Fatalf("no peerage.Error: %v", err)
	}
	return failed.Cause
}

func TestNoMoreThanTheLimit(t *testing.T) {
	for _, policy := range []string{"round-robin", "random", "two-random-choices",
		"fewest-pending-requests", "least-loaded", "hashring32"} {
		chooser := running(t, &fake{}, policy, []string{"a", "b"}, peerage.WithOptions("max-pending=3"))
		for range 2 {
			picks := fill(t, chooser)
			equal(t, policy+": places", len(picks), 6)
			equal(t, policy+": pending", chooser.Stats().Pending, 6)
			for _, peer := range chooser.Introspect().Peers {
				equal(t, policy+": pending at "+peer.ID, peer.Pending, 3)
			}
			_, err := chooser.TryChoose(nil)
			equal(t, policy+": cause", causeIn(t, err), peerage.CauseAtCapacity)
			for i := range picks {
				picks[i].Finish(nil)
			}
			equal(t, policy+": pending at the end", chooser.Stats().Pending, 0)
		}
	}
}

// A transport that hears of requests is told of each end once, of a full peer too, and not of one by a copy
// of a pick that was finished.
func TestALimitedPeersRequestsAreHeard(t *testing.T) {
	transport := &hooked{}
	chooser := running(t, transport, "random", []string{"a"}, peerage.WithOptions("max-pending=2"))
	picks := fill(t, chooser)
	copied := picks[0]
	for i := range picks {
		picks[i].Finish(nil)
	}
	copied.Finish(nil)
	equal(t, "ends", transport.ends.Load(), 2)
	equal(t, "pending", chooser.Stats().Pending, 0)
}

type hooked struct {
	fake
	ends atomic.Int64
}

func (h *hooked) RequestFinished(*peerage.Peer, peerage.Outcome) { h.ends.Add(1) }

func TestAFinishServesOneThatWaits(t *testing.T) {
	chooser := running(t, &fake{}, "fewest-pending-requests", []string{"a", "b"}, peerage.WithOptions("max-pending=1"))
	var inFlight, most atomic.Int64
	var workers sync.WaitGroup
	for range 16 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for range 50 {
				pick, err := chooser.Choose(soon(t), nil)
				if err != nil {
					t.Error(err)
					return
				}
				now := inFlight.Add(1)
				for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
				}
				inFlight.Add(-1)
				pick.Finish(nil)
			}
		}()
	}
	workers.Wait()
	if most.Load() > 2 {
		t.Fatalf("%d in flight", most.Load())
	}
	equal(t, "pending", chooser.Stats().Pending, 0)
	equal(t, "waiting", chooser.Stats().Waiting, 0)
}

// watched is a context that tells when its end is waited for: then the choice has its place in the queue.
type watched struct {
	context.Context
	looked chan struct{}
}

func (w *watched) Done() <-chan struct{} {
	w.looked <- struct{}{}
	return w.Context.Done()
}

func TestWhoseTurn(t *testing.T) {
	for options, first := range map[string]int{"max-pending=1,queue=fifo": 0, "max-pending=1,queue=lifo": 2} {
		chooser := running(t, &fake{}, "random", []string{"a"}, peerage.WithOptions(options))
		held := fill(t, chooser)
		served := make(chan int, 3)
		for i := range 3 {
			ctx := &watched{soon(t), make(chan struct{}, 8)}
			go func() {
				pick, err := chooser.Choose(ctx, nil)
				if err == nil {
					served <- i
					pick.Finish(nil)
				}
			}()
			receive(t, "it waits", ctx.looked)
		}
		held[0].Finish(nil)
		equal(t, options, receive(t, "one is served", served), first)
		receive(t, "the second", served)
		receive(t, "the third", served)
	}
}

func TestSoManyWait(t *testing.T) {
	chooser := running(t, &fake{}, "random", []string{"a"}, peerage.WithOptions("max-pending=1,max-waiting=1"))
	held := fill(t, chooser)
	ended := make(chan error, 1)
	go func() {
		for {
			// One that the calls below have overtaken is refused, and comes again.
			pick, err := chooser.Choose(soon(t), nil)
			if pick.Finish(nil); !errors.Is(err, peerage.ErrQueueFull) {
				ended <- err
				return
			}
		}
	}()
	var err error
	eventually(t, "one is refused", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		_, err = chooser.Choose(ctx, nil)
		return errors.Is(err, peerage.ErrQueueFull) && chooser.Stats().Waiting == 1
	})
	equal(t, "cause", causeIn(t, err), peerage.CauseQueueFull)
	if text := "1 caller waits already (max-waiting is 1)"; !strings.Contains(err.Error(), text) {
		t.Fatalf("%v does not say %q", err, text)
	}
	held[0].Finish(nil)
	must(t, receive(t, "the wait ends", ended))
}
