package peerage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"peerage.dev/go"
)

// quiet is the stats of a chooser at rest, which add up.
func quiet(t *testing.T, chooser *peerage.Chooser) peerage.Stats {
	t.Helper()
	stats := chooser.Stats()
	equal(t, "requests", stats.Requests, stats.Outcomes.Total()+stats.Pending+stats.DepartingPending)
	return stats
}

// request makes a request that ends so.
func request(t *testing.T, chooser *peerage.Chooser, outcome peerage.Outcome) {
	t.Helper()
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	pick.FinishWith(outcome)
}

func TestNumbersBeginWithNothing(t *testing.T) {
	chooser := running(t, &fake{}, "random", nil)
	stats := quiet(t, chooser)
	equal(t, "requests", stats.Requests, 0)
	equal(t, "failures", stats.Failures, peerage.Failures{})
	equal(t, "changes", stats.StatusChanges, peerage.StatusChanges{})
	equal(t, "updates", stats.Updates, peerage.UpdateCounts{Age: -1})
	equal(t, "waits", stats.Waits.Count(), 0)
	equal(t, "buckets", stats.Waits.Len, 14)
	equal(t, "the first bound", stats.Waits.Bounds[0], time.Millisecond)
	equal(t, "the last but one", stats.Waits.Bounds[12], 10*time.Second)
	equal(t, "the last", stats.Waits.Bounds[13], time.Duration(1<<63-1))
}

func TestNumbersOfRequests(t *testing.T) {
	const successes = 3000
	for _, policy := range policies {
		chooser := running(t, &fake{}, policy, []string{"a", "b"})
		key := &peerage.Request{ShardKey: "a"}
		for range successes {
			pick, err := chooser.TryChoose(key)
			must(t, err)
			pick.Finish(nil)
		}
		for _, outcome := range []peerage.Outcome{
			peerage.Failure, peerage.Overloaded, peerage.Cancelled, peerage.NotSent,
		} {
			pick, err := chooser.TryChoose(key)
			must(t, err)
			pick.FinishWith(outcome)
		}
		pick, err := chooser.TryChoose(key)
		must(t, err)
		stats := quiet(t, chooser)
		equal(t, policy, stats.Outcomes, peerage.Outcomes{
			Success: successes, Failure: 1, Overloaded: 1, Cancelled: 1, NotSent: 1,
		})
		equal(t, policy, stats.Requests, successes+5)
		equal(t, policy, stats.Failures, peerage.Failures{})
		equal(t, policy, stats.Waits.Count(), 0)
		var requests, overloaded uint64
		for _, peer := range chooser.Introspect().Peers {
			equal(t, policy, peer.Requests, peer.Outcomes.Total()+uint64(peer.Pending))
			equal(t, policy, peer.StatusChanges, 1)
			requests += peer.Requests
			overloaded += peer.Outcomes.Overloaded
		}
		equal(t, policy, requests, stats.Requests)
		equal(t, policy, overloaded, 1)
		if policy != "direct" {
			must(t, chooser.Update(peerage.Updates{Remove: []string{"a", "b"}}))
		}
		pick.Finish(errors.New("as the test wants it"))
		stats = quiet(t, chooser)
		equal(t, policy, stats.Requests, successes+5)
		equal(t, policy, stats.Outcomes.Failure, 2)
	}
}

func TestNumbersOfPeers(t *testing.T) {
	transport := idle()
	chooser := running(t, transport, "round-robin", []string{"a", "b", "c"})
	a := transport.peer("a")
	for _, status := range []peerage.Status{
		peerage.Connecting, peerage.Available, peerage.Unavailable, peerage.Available, peerage.Available,
	} {
		must(t, a.SetStatus(status))
	}
	must(t, transport.peer("b").SetStatus(peerage.Connecting))
	must(t, a.Checked(false, "refused"))
	must(t, a.Checked(true, "200 in 3 ms"))
	must(t, transport.peer("b").Checked(true, ""))
	wants(t, a.Checked(true, "\x00"), peerage.ErrInvalidArgument)
	wants(t, a.Checked(true, "\xff"), peerage.ErrInvalidUTF8)
	must(t, chooser.SetReason("a", peerage.Draining, true))
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}), peerage.ErrAlreadyInList)

	stats := quiet(t, chooser)
	equal(t, "changes", stats.StatusChanges, peerage.StatusChanges{Available: 2, Connecting: 2, Unavailable: 1})
	equal(t, "connecting", stats.Connecting, 1)
	equal(t, "unavailable", stats.Unavailable, 1)
	equal(t, "set aside", stats.SetAside, 1)
	equal(t, "applied", stats.Updates.Applied, 1)
	equal(t, "failed", stats.Updates.Failed, 1)
	if age := stats.Updates.Age; age < 0 || age > time.Minute {
		t.Fatalf("the last update was %v ago", age)
	}
	peers := chooser.Introspect().Peers
	equal(t, "a", peers[0].Check, peerage.Check{Passed: 1, Failed: 1, Last: "200 in 3 ms"})
	equal(t, "b", peers[1].Check, peerage.Check{Passed: 1})
	equal(t, "c", peers[2].Check, peerage.Check{})
	equal(t, "changes of a", peers[0].StatusChanges, 4)
	equal(t, "changes of c", peers[2].StatusChanges, 0)
	must(t, chooser.Update(peerage.Updates{Remove: []string{"a"}}))
	wants(t, a.Checked(true, ""), peerage.ErrGone)
}

func TestNumbersOfEjections(t *testing.T) {
	chooser := running(t, &fake{}, "round-robin", []string{"a", "b"}, peerage.WithOptions("eject=2"))
	for range 4 {
		pick, err := chooser.TryChoose(nil)
		must(t, err)
		outcome := peerage.Success
		if pick.Peer().ID() == "a" {
			outcome = peerage.Failure
		}
		pick.FinishWith(outcome)
	}
	equal(t, "ejections", quiet(t, chooser).Ejections, 1)
	equal(t, "of a", status(t, chooser, "a").Ejections, 1)
	equal(t, "of b", status(t, chooser, "b").Ejections, 0)
}

// A wait is one, however often it looks, and what it ends with is counted once.
func TestNumbersOfWaits(t *testing.T) {
	for _, policy := range []string{"random", "hashring32", "least-loaded"} {
		transport := idle()
		chooser := running(t, transport, policy, []string{"a"}, peerage.WithDefaultTimeout(20*time.Millisecond))
		key := &peerage.Request{ShardKey: "k"}
		_, err := chooser.Choose(context.Background(), key)
		wants(t, err, peerage.ErrTimedOut)
		stats := quiet(t, chooser)
		equal(t, policy, stats.Failures, peerage.Failures{TimedOut: 1})
		equal(t, policy, stats.Waits.Count(), 1)
		if stats.Waits.Sum < 20*time.Millisecond {
			t.Fatalf("%s has waited for %v", policy, stats.Waits.Sum)
		}
		ended := waiting(t, chooser, 1, context.Background())
		must(t, transport.peer("a").SetStatus(peerage.Connecting))
		must(t, transport.peer("a").SetStatus(peerage.Available))
		// It is served, or was so slow that its time was over.
		served := receive(t, "the wait ends", ended) == nil
		stats = quiet(t, chooser)
		equal(t, policy, stats.Waits.Count(), 2)
		equal(t, policy, stats.Failures.Total() == 1, served)
		equal(t, policy, stats.Requests == 1, served)
	}
}

func TestNumbersOfFailures(t *testing.T) {
	fails := func(chooser *peerage.Chooser, want peerage.Failures, choose func() error) {
		t.Helper()
		before := quiet(t, chooser).Failures.Total()
		if choose() == nil {
			t.Fatal("a peer was found")
		}
		got := quiet(t, chooser).Failures
		equal(t, "one more", got.Total(), before+1)
		equal(t, "failures", got, want)
	}
	moment, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	cancelled, cancelNow := context.WithCancel(context.Background())
	cancelNow()
	chooser, err := peerage.NewChooser(idle(), "random", peerage.WithDefaultTimeout(time.Millisecond))
	must(t, err)
	defer chooser.Close()
	try := func(c *peerage.Chooser) func() error {
		return func() error { _, err := c.TryChoose(nil); return err }
	}
	wait := func(c *peerage.Chooser, ctx context.Context) func() error {
		return func() error { _, err := c.Choose(ctx, nil); return err }
	}
	var want peerage.Failures
	want.NotRunning++
	fails(chooser, want, try(chooser))
	must(t, chooser.Start())
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
	want.NoPeer++
	fails(chooser, want, try(chooser))
	want.TimedOut++
	fails(chooser, want, wait(chooser, context.Background()))
	want.TimedOut++
	fails(chooser, want, wait(chooser, moment))
	want.Cancelled++
	fails(chooser, want, wait(chooser, cancelled))
	must(t, chooser.Stop())
	want.Stopped++
	fails(chooser, want, wait(chooser, context.Background()))

	fast := running(t, idle(), "random", []string{"a"}, peerage.WithFailFast(true))
	fails(fast, peerage.Failures{FailFast: 1}, wait(fast, context.Background()))
	full := running(t, idle(), "random", []string{"a"}, peerage.WithOptions("max-waiting=0"))
	fails(full, peerage.Failures{QueueFull: 1}, wait(full, context.Background()))
	equal(t, "it was not let in", full.Stats().Waits.Count(), 0)
	direct := running(t, &fake{onRetain: func(*peerage.Peer) error { return errors.New("no") }}, "direct", nil)
	fails(direct, peerage.Failures{InvalidRequest: 1}, try(direct))
	fails(direct, peerage.Failures{InvalidRequest: 1, NotRetained: 1}, func() error {
		_, err := direct.TryChoose(&peerage.Request{ShardKey: "a"})
		return err
	})
}

func TestAChooserKnowsItsSource(t *testing.T) {
	chooser := running(t, &fake{}, "random", nil)
	if chooser.Introspect().Source != nil {
		t.Fatal("it has none")
	}
	updater, err := peerage.Feed(chooser, "static:a:1,b:1")
	must(t, err)
	source := chooser.Introspect().Source
	if source == nil {
		t.Fatal("it has one")
	}
	equal(t, "URI", source.Source, "static:a:1,b:1")
	equal(t, "peers", source.Peers, 2)
	equal(t, "successes", source.Successes, 1)
	equal(t, "running", source.Running, true)
	must(t, updater.Close())
}
