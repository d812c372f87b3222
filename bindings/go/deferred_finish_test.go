package peerage_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"peerage.dev/go"
)

const fewest = "fewest-pending-requests"

// finished chooses count times and finishes at once: some ends are then kept for the next choice.
func finished(t *testing.T, chooser *peerage.Chooser, count int) {
	t.Helper()
	for range count {
		choose(t, chooser, nil)
	}
}

// held chooses; the caller finishes.
func held(t *testing.T, chooser *peerage.Chooser) peerage.Pick {
	t.Helper()
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	return pick
}

func TestDeferredFinishesAreNotSeenInCounts(t *testing.T) {
	chooser := running(t, &fake{}, fewest, names(3))
	for range 20 {
		pick := held(t, chooser)
		finished(t, chooser, 5)
		if pending := chooser.Stats().Pending; pending != 1 {
			t.Fatalf("%d requests are pending, one is held", pending)
		}
		pick.Finish(nil)
		for _, peer := range chooser.Introspect().Peers {
			if peer.Pending != 0 {
				t.Fatalf("%s has %d requests, none is held", peer.ID, peer.Pending)
			}
		}
	}
}

func TestDeferredFinishesAreKnownToTheNextChoice(t *testing.T) {
	for name, request := range map[string]*peerage.Request{
		"of nothing":        nil,
		"of a routing key":  {RoutingKey: "canary"},
		"of peers to avoid": {Avoid: []string{"nobody"}},
		"of a peer":         {Prefer: "nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			chooser := running(t, &fake{}, fewest, names(10))
			picks := map[string]peerage.Pick{}
			for range 10 {
				pick := held(t, chooser)
				picks[pick.Peer().ID()] = pick
			}
			if len(picks) != 10 {
				t.Fatalf("%d peers were chosen for 10 requests", len(picks))
			}
			for id, pick := range picks {
				pick.Finish(nil)
				next, err := chooser.TryChoose(request)
				must(t, err)
				if next.Peer().ID() != id {
					t.Fatalf("%s was chosen, %s is the only idle one", next.Peer().ID(), id)
				}
				picks[id] = next
			}
		})
	}
}

func TestDeferredFinishesDoNotKeepAPeer(t *testing.T) {
	for name, remove := range map[string]func(*peerage.Chooser) error{
		"update": func(c *peerage.Chooser) error { return c.Update(peerage.Updates{Remove: names(5)}) },
		"stop":   (*peerage.Chooser).Stop,
		"close":  (*peerage.Chooser).Close,
	} {
		t.Run(name, func(t *testing.T) {
			transport := &fake{}
			chooser := running(t, transport, fewest, names(5))
			pick := held(t, chooser)
			finished(t, chooser, 10)
			must(t, remove(chooser))
			if retained, released := transport.counts(); retained != 5 || released != 4 {
				t.Fatalf("%d of %d peers were released, one has a request", released, retained)
			}
			pick.Finish(nil)
			if _, released := transport.counts(); released != 5 {
				t.Fatalf("the last request of a removed peer has ended, %d were released", released)
			}
		})
	}
}

func TestDeferredFinishesRaceWithRemovals(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, fewest, names(4))
	guests := names(8)[4:]
	ctx, cancel := context.WithCancel(context.Background())
	var choosing sync.WaitGroup
	for range 4 {
		choosing.Add(1)
		go func() {
			defer choosing.Done()
			for ctx.Err() == nil {
				if pick, err := chooser.Choose(ctx, nil); err == nil {
					pick.Finish(nil)
				}
			}
		}()
	}
	for range 300 {
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members(guests...)}))
		must(t, chooser.Update(peerage.Updates{Remove: guests}))
	}
	cancel()
	choosing.Wait()
	if pending := chooser.Stats().Pending; pending != 0 {
		t.Fatalf("%d requests are pending, none is held", pending)
	}
	if retained, released := transport.counts(); retained-released != 4 {
		t.Fatalf("%d peers are retained, 4 are members", retained-released)
	}
	must(t, chooser.Close())
	if retained, released := transport.counts(); retained != released {
		t.Fatalf("%d of %d peers were released", released, retained)
	}
}

func TestDeferredFinishesOfAForgottenChooser(t *testing.T) {
	before := peerage.Handles()
	transport := &fake{}
	func() {
		chooser, err := peerage.NewChooser(transport, fewest)
		must(t, err)
		must(t, chooser.Start())
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(3)...)}))
		finished(t, chooser, 5)
	}()
	eventually(t, "the peers are released", func() bool {
		runtime.GC()
		retained, released := transport.counts()
		return retained == released
	})
	settle(t, before)
}

// A success of least-loaded is told with the next choice, which then finds its peer idle; what there is to
// learn from, at once.
func TestDeferredFinishesOfAPolicyThatLearns(t *testing.T) {
	// Of two it looks at both each time.
	chooser := running(t, &fake{}, "least-loaded", names(2))
	picks := map[string]peerage.Pick{}
	for len(picks) < 2 {
		pick := held(t, chooser)
		if _, has := picks[pick.Peer().ID()]; has {
			pick.Finish(nil)
		} else {
			picks[pick.Peer().ID()] = pick
		}
	}
	for range 10 {
		for id, pick := range picks {
			pick.FinishTimed(peerage.Success, time.Millisecond)
			next := held(t, chooser)
			if next.Peer().ID() != id {
				t.Fatalf("%s was chosen, %s is the only idle one", next.Peer().ID(), id)
			}
			picks[id] = next
		}
	}
	for id, pick := range picks {
		equal(t, "failures before", status(t, chooser, id).Failures, 0)
		pick.FinishWith(peerage.Failure)
		if failures := status(t, chooser, id).Failures; failures == 0 {
			t.Errorf("%s has failed, and has no failures", id)
		}
	}
	equal(t, "pending", chooser.Stats().Pending, 0)
}
