package peerage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"peerage.dev/go"
)

func TestFailFast(t *testing.T) {
	chooser := running(t, idle(), "random", names(3), peerage.WithFailFast(true))
	_, err := chooser.Choose(soon(t), nil)
	wants(t, err, peerage.ErrNoPeer)
	equal(t, "text", err.Error(), `peerage: "random" peer list has 3 peers but none are responsive, `+
		"did not wait for a connection to open (fail-fast is enabled)")
}

// A choice that fails at once makes its error and the text in it, and has not waited.
func TestFailingFastCostsAnError(t *testing.T) {
	for _, policy := range policies {
		chooser := running(t, idle(), policy, names(3), peerage.WithFailFast(true))
		ctx := soon(t)
		_, err := chooser.Choose(ctx, nil)
		wants(t, err, peerage.ErrNoPeer)
		failed := err.(*peerage.Error)
		equal(t, policy+": waited", failed.Waited, 0)
		equal(t, policy+": cause", failed.Cause, peerage.CauseNoneConnected)
		if instrumented {
			continue
		}
		allocations := testing.AllocsPerRun(1_000, func() { _, err = chooser.Choose(ctx, nil) })
		equal(t, policy+": allocations", allocations, 2)
	}
}

// A policy that chooses in Go knows without a call that there is no peer: never while there is one, and never
// of a chooser that does not run.
func TestNoPeerWithoutACall(t *testing.T) {
	for _, policy := range policies {
		var one *peerage.Peer
		transport := &fake{onRetain: func(peer *peerage.Peer) error {
			one = peer
			return peer.SetStatus(peerage.Available)
		}}
		chooser, err := peerage.NewChooser(transport, policy, peerage.WithFailFast(true))
		must(t, err)
		t.Cleanup(func() { chooser.Close() })
		_, err = chooser.TryChoose(nil)
		wants(t, err, peerage.ErrNotRunning)
		must(t, chooser.Start())
		_, err = chooser.TryChoose(nil)
		wants(t, err, peerage.ErrNoPeer)
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
		for range 100 {
			equal(t, policy, choose(t, chooser, nil), "a")
			must(t, one.SetStatus(peerage.Connecting))
			_, err = chooser.TryChoose(nil)
			wants(t, err, peerage.ErrNoPeer)
			_, err = chooser.Choose(soon(t), nil)
			wants(t, err, peerage.ErrNoPeer)
			must(t, one.SetStatus(peerage.Available))
		}
		must(t, chooser.Stop())
		_, err = chooser.Choose(soon(t), nil)
		wants(t, err, peerage.ErrStopped)
	}
}

func TestTexts(t *testing.T) {
	chooser := running(t, idle(), "round-robin", nil, peerage.WithName("users"),
		peerage.WithDefaultTimeout(time.Millisecond))
	_, err := chooser.Choose(context.Background(), nil)
	wants(t, err, peerage.ErrTimedOut)
	want := `peerage: "users" peer list has no peers, waited for peers to be added but timed out ` +
		"(fail-fast is not enabled): waited "
	if !strings.HasPrefix(err.Error(), want) {
		t.Fatalf("got %q, want %q", err, want)
	}
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
	_, err = chooser.Choose(context.Background(), nil)
	want = `peerage: "users" peer list has 1 peer but it is not responsive, timed out waiting for a ` +
		"connection to open (fail-fast is not enabled): waited "
	if !strings.HasPrefix(err.Error(), want) {
		t.Fatalf("got %q, want %q", err, want)
	}
	_, err = chooser.TryChoose(nil)
	equal(t, "text", err.Error(),
		`peerage: "users" peer list has 1 peer but it is not responsive, did not wait (not asked to)`)
	equal(t, "name of the code", peerage.ErrTimedOut.String(), "TIMED_OUT")
}

func TestShardKeysStay(t *testing.T) {
	chooser := running(t, &fake{}, "hashring32", names(50))
	seen := map[string]bool{}
	for key := range 100 {
		first := choose(t, chooser, &peerage.Request{ShardKey: fmt.Sprint("user-", key)})
		again := choose(t, chooser, &peerage.Request{ShardKey: fmt.Sprint("user-", key)})
		equal(t, "the key's peer", again, first)
		seen[first] = true
	}
	if len(seen) < 10 {
		t.Fatalf("only %d peers for 100 keys", len(seen))
	}
}

func TestHeadersArrive(t *testing.T) {
	chooser := running(t, &fake{}, "hashring32:peer-override-header=x-peer", names(50))
	for _, id := range names(50) {
		headers := map[string]string{"X-Peer": id}
		for i := range 40 {
			headers[fmt.Sprint("other-", i)] = strings.Repeat("x", i)
		}
		equal(t, "peer", choose(t, chooser, &peerage.Request{ShardKey: "k", Headers: headers}), id)
	}
}

func TestPeersToAvoid(t *testing.T) {
	for _, policy := range []string{"round-robin", "random", "two-random-choices", "fewest-pending-requests"} {
		chooser := running(t, &fake{}, policy, []string{"a", "b", "c"})
		for range 20 {
			id := choose(t, chooser, &peerage.Request{Avoid: []string{"a", "c", "nobody"}})
			equal(t, policy, id, "b")
		}
		choose(t, chooser, &peerage.Request{Avoid: []string{"a", "b", "c"}})
	}
}

func TestAPreferredPeer(t *testing.T) {
	for _, policy := range peerage.Policies() {
		if policy.Name == "direct" {
			continue
		}
		chooser := running(t, &fake{}, policy.Name, []string{"a", "b", "c"})
		for range 20 {
			for _, id := range []string{"a", "b", "c"} {
				equal(t, policy.Name, choose(t, chooser, &peerage.Request{ShardKey: "k", Prefer: id}), id)
			}
		}
		choose(t, chooser, &peerage.Request{Prefer: "nobody"})
		id := choose(t, chooser, &peerage.Request{Prefer: "a", Avoid: []string{"a", "b"}})
		if policy.Name != "single" {
			equal(t, policy.Name, id, "c")
		}
	}
}

func TestAPreferredPeerAboveTheBound(t *testing.T) {
	chooser := running(t, &fake{}, "round-robin:bound=1", []string{"a", "b"})
	first, err := chooser.Choose(soon(t), &peerage.Request{Prefer: "b"})
	must(t, err)
	defer first.Finish(nil)
	equal(t, "first", first.Peer().ID(), "b")
	equal(t, "second", choose(t, chooser, &peerage.Request{Prefer: "b"}), "a")
}

func TestRequestsThatAreWrong(t *testing.T) {
	chooser := running(t, &fake{}, "hashring32", names(2))
	for _, request := range []*peerage.Request{
		{Headers: map[string]string{"\xff": "a"}},
		{Avoid: []string{"\xff"}},
		{Prefer: "\xff"},
	} {
		_, err := chooser.Choose(soon(t), request)
		wants(t, err, peerage.ErrInvalidUTF8)
	}
}

// choose returns the identifier of the peer of a request that is finished at once.
func choose(t testing.TB, chooser *peerage.Chooser, request *peerage.Request) string {
	t.Helper()
	pick, err := chooser.Choose(soon(t), request)
	must(t, err)
	defer pick.Finish(nil)
	return pick.Peer().ID()
}

func TestChoosingAllocatesNothing(t *testing.T) {
	if instrumented {
		t.Skip("instrumented code allocates")
	}
	for _, policy := range policies {
		chooser := running(t, &fake{}, policy, names(20))
		ctx, request := soon(t), &peerage.Request{ShardKey: "user-42"}
		allocations := testing.AllocsPerRun(1_000, func() {
			pick, err := chooser.Choose(ctx, request)
			if err == nil {
				pick.Finish(nil)
			}
		})
		equal(t, policy, allocations, 0)
	}
}
