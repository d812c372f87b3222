package peerage_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"peerage.dev/go"
)

var errOfServer = errors.New("the server failed")

// requestsTo makes count requests. Those to the peer called bad fail; it returns how many those are.
func requestsTo(t *testing.T, chooser *peerage.Chooser, count int, bad string) (failed int) {
	t.Helper()
	for range count {
		pick := held(t, chooser)
		if pick.Peer().ID() == bad {
			failed++
			pick.Finish(errOfServer)
		} else {
			pick.Finish(nil)
		}
	}
	return failed
}

// The only peer that is connected is ejected: a waiter is served when its time is over, though nothing else
// happens.
func TestAWaiterIsServedWhenAnEjectionEnds(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "round-robin", []string{"a", "b"}, peerage.WithOptions("eject=1"))
	equal(t, "failed", requestsTo(t, chooser, 9, "a"), 1)
	must(t, transport.peer("b").SetStatus(peerage.Unavailable))
	begun := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	pick, err := chooser.Choose(ctx, nil)
	must(t, err)
	equal(t, "peer", pick.Peer().ID(), "a")
	if took := time.Since(begun); took < 500*time.Millisecond || took > 10*time.Second {
		t.Errorf("served after %v", took)
	}
	pick.Finish(nil)
	must(t, chooser.Close())
}

func TestALaterTierAndASubsetAreInTheLog(t *testing.T) {
	log, transport := &lines{}, &fake{}
	chooser := running(t, transport, "random", nil, logTo(log, slog.LevelInfo),
		peerage.WithOptions("spill=70,subset=9,client=0/1"))
	must(t, chooser.Replace([]peerage.Member{{ID: "a"}, {ID: "b", Tier: 1}}))
	equal(t, "subset", log.has("2 of 2 members in the subset: 2 joined, 0 left"), true)
	must(t, transport.peer("a").SetStatus(peerage.Unavailable))
	equal(t, "over", log.has("tier 1 serves too: 0 of 1 peer before it available"), true)
	equal(t, "back too early", log.has("is the last to serve"), false)
	must(t, transport.peer("a").SetStatus(peerage.Available))
	equal(t, "back", log.has("tier 0 is the last to serve: 1 of 1 peer available"), true)
	must(t, chooser.Close())
}

func TestAListFailsWhenTooFewAreAvailable(t *testing.T) {
	transport := idle()
	chooser := running(t, transport, "random", []string{"a", "b", "c"}, peerage.WithOptions("panic=fail"))
	must(t, transport.peer("a").SetStatus(peerage.Available))
	_, err := chooser.Choose(context.Background(), nil)
	wants(t, err, peerage.ErrNoPeer)
	var failed *peerage.Error
	if !errors.As(err, &failed) {
		t.Fatalf("%T", err)
	}
	equal(t, "cause", failed.Cause, peerage.CauseBelowThreshold)
	must(t, transport.peer("b").SetStatus(peerage.Available))
	equal(t, "failed", requestsTo(t, chooser, 9, "neither"), 0)
}

func TestEachClientUsesItsSlice(t *testing.T) {
	uses := map[string]int{}
	for client := range 3 {
		options := fmt.Sprintf("subset=4,client=%d/3", client)
		transport := &fake{}
		chooser := running(t, transport, "random", strings.Split("abcdef", ""), peerage.WithOptions(options))
		stats := chooser.Stats()
		equal(t, "peers", stats.Peers, 4)
		equal(t, "uninitialized", stats.Uninitialized, 2)
		for _, peer := range chooser.Introspect().Peers {
			uses[peer.ID]++
		}
	}
	for _, id := range strings.Split("abcdef", "") {
		equal(t, "uses of "+id, uses[id], 2)
	}
	_, err := peerage.NewChooser(&fake{}, "random", peerage.WithOptions("subset=4,client=3/3"))
	wants(t, err, peerage.ErrInvalidArgument)
}

func TestLaterTiersWait(t *testing.T) {
	for _, options := range []string{"spill=70", "zone=eu-1"} {
		transport := idle()
		chooser := running(t, transport, "random", nil, peerage.WithOptions(options))
		must(t, chooser.Replace([]peerage.Member{{ID: "a", Zone: "eu-1"}, {ID: "b", Tier: 1}}))
		must(t, transport.peer("b").SetStatus(peerage.Available))
		equal(t, "alone", requestsTo(t, chooser, 20, "b"), 20)
		must(t, transport.peer("a").SetStatus(peerage.Available))
		equal(t, "later", requestsTo(t, chooser, 20, "b"), 0)
		seen := status(t, chooser, "b")
		equal(t, "reasons", seen.Reasons.String(), "in a later tier")
		equal(t, "is in a later tier", seen.Reasons.Has(peerage.LaterTier), true)
	}
}

func TestAPeerThatFailsIsEjectedAndComesBack(t *testing.T) {
	// Those that choose in Go, and the one whose ends are told late, listen as well.
	for _, policy := range []string{"round-robin", "random", "fewest-pending-requests"} {
		chooser := running(t, &fake{}, policy, []string{"a", "b"}, peerage.WithOptions("eject=3"))
		equal(t, policy, requestsTo(t, chooser, 100, "a"), 3)
		seen := status(t, chooser, "a")
		equal(t, "reasons", seen.Reasons.String(), "ejected")
		if seen.EjectedFor <= 0 || seen.EjectedFor > 1100*time.Millisecond {
			t.Fatalf("ejected for %v", seen.EjectedFor)
		}
		equal(t, "other", status(t, chooser, "b").EjectedFor, 0)
		eventually(t, "it is back", func() bool {
			requestsTo(t, chooser, 4, "neither")
			return status(t, chooser, "a").IsAvailable()
		})
		must(t, chooser.Close())
	}
}
