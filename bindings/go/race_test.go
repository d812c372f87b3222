package peerage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"peerage.dev/go"
)

// Goroutines choose and hold picks while others push statuses, add and remove peers, collect
// garbage, and at last stop or close the chooser.
func TestEverythingAtOnce(t *testing.T) {
	for _, policy := range append(policies, "", "direct") {
		for _, end := range []string{"Stop", "Close", "nothing"} {
			t.Run(policy+"/"+end, func(t *testing.T) { everythingAtOnce(t, policy, end) })
		}
	}
}

func everythingAtOnce(t *testing.T, policy, end string) {
	transport := &fake{}
	options := []peerage.Option{peerage.WithDefaultTimeout(peerage.Forever)}
	if policy == "" {
		options = append(options, peerage.WithCustomPolicy(&turns{}))
	}
	ids := names(20)
	initial := ids
	if policy == "direct" {
		initial = nil
	}
	chooser := running(t, transport, policy, initial, options...)
	ctx, cancel := context.WithCancel(soon(t))
	defer cancel()
	var chosen, done atomic.Int64
	var wg sync.WaitGroup
	worker := func(work func(n int) bool) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := 0; work(n); n++ {
			}
		}()
	}
	for w := range 4 {
		worker(func(n int) bool {
			request := &peerage.Request{ShardKey: ids[(w+n)%len(ids)]}
			picks := make([]peerage.Pick, 0, 3)
			for range 3 {
				pick, err := chooser.Choose(ctx, request)
				if err != nil {
					if !errors.Is(err, peerage.ErrStopped) && !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					break
				}
				if pick.Peer().ID() == "" {
					t.Error("a peer without a name")
				}
				picks = append(picks, pick)
			}
			for i := range picks {
				picks[i].Finish(ctx.Err())
			}
			chosen.Add(int64(len(picks)))
			return len(picks) == 3
		})
	}
	running := func() bool { return done.Load() == 0 }
	worker(func(n int) bool {
		if peer := transport.peer(ids[n%len(ids)]); peer != nil {
			_ = peer.SetStatus(peerage.Status(n % 3))
			_ = peer.SetStatus(peerage.Available)
		}
		return running()
	})
	if policy != "direct" {
		worker(func(n int) bool {
			id := ids[n%(len(ids)-1)]
			_ = chooser.Update(peerage.Updates{Remove: []string{id}})
			_ = chooser.Update(peerage.Updates{Add: peerage.Members(id, fmt.Sprint("extra-", n%7))})
			_ = chooser.Stats()
			return running()
		})
	}
	eventually(t, "some are chosen", func() bool { return chosen.Load() > 300 })
	switch end {
	case "Stop":
		must(t, chooser.Stop())
	case "Close":
		must(t, chooser.Close())
	default:
		cancel()
	}
	done.Store(1)
	within(t, "all workers end", wg.Wait)
	must(t, chooser.Close())
	eventually(t, "all peers are released", func() bool {
		retained, released := transport.counts()
		return retained == released
	})
}

// Waits are cancelled at the moment at which a peer becomes available: a caller that gets an error has
// taken nothing.
func TestCancelTakesNoPeer(t *testing.T) {
	transport := idle()
	chooser := running(t, transport, "fewest-pending-requests", []string{"a"})
	peer := transport.peer("a")
	for range 300 {
		ctx, cancel := context.WithCancel(context.Background())
		ended := waiting(t, chooser, 2, ctx)
		go cancel()
		must(t, peer.SetStatus(peerage.Available))
		for range 2 {
			if err := receive(t, "the wait ends", ended); err != nil {
				wants(t, err, context.Canceled)
			}
		}
		equal(t, "in flight", chooser.Stats().Pending, 0)
		must(t, peer.SetStatus(peerage.Unavailable))
	}
}
