package peerage_test

import (
	"testing"
	"time"

	"peerage.dev/go"
)

// A report of a peer that was released changes nothing.
func TestAReportComesTooLate(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "least-reported", []string{"a", "b"})
	peer := transport.peer("a")
	peer.Report(7)
	must(t, chooser.Update(peerage.Updates{Remove: []string{"a"}}))
	for range 3 {
		peer.Report(1 << 31)
		pick := held(t, chooser)
		equal(t, "peer", pick.Peer().ID(), "b")
		pick.FinishReported(peerage.Success, time.Millisecond, 0)
	}
	must(t, chooser.Close())
	peer.Report(0)
	wants(t, peer.SetStatus(peerage.Available), peerage.ErrGone)
}

// The first of ten peers is bad in one way for each policy: it is left alone, where a tenth is due.
func TestPoliciesLearn(t *testing.T) {
	type end func(pick *peerage.Pick, bad bool)
	for policy, finish := range map[string]end{
		"least-loaded": func(pick *peerage.Pick, bad bool) {
			outcome := peerage.Success
			if bad {
				outcome = peerage.Failure
			}
			pick.FinishWith(outcome)
		},
		"least-latency:measure=off": func(pick *peerage.Pick, bad bool) {
			latency := time.Millisecond
			if bad {
				latency = 50 * time.Millisecond
			}
			pick.FinishTimed(peerage.Success, latency)
		},
		"least-reported:measure=off": func(pick *peerage.Pick, bad bool) {
			var inFlight uint32
			if bad {
				inFlight = 60
			}
			// A server of one processor: who joins 60 waits for them.
			latency := time.Duration(inFlight+1) * time.Millisecond
			pick.FinishReported(peerage.Success, latency, inFlight)
		},
	} {
		ids := names(10)
		chooser := running(t, &fake{}, policy, ids)
		const rounds = 4000
		bad := 0
		var held peerage.Pick
		for range rounds {
			pick, err := chooser.TryChoose(nil)
			must(t, err)
			if pick.Peer().ID() == ids[0] {
				bad++
			}
			if held.Peer() != nil {
				finish(&held, held.Peer().ID() == ids[0])
			}
			held = pick
		}
		finish(&held, held.Peer().ID() == ids[0])
		peers := chooser.Introspect().Peers
		for _, peer := range peers[1:] {
			if peer.Price == 0 || peer.Price >= peers[0].Price {
				t.Errorf("%s: %s has the price %d, the bad one has %d", policy, peer.ID, peer.Price, peers[0].Price)
			}
		}
		if bad > rounds/50 {
			t.Errorf("%s: the bad peer got %d of %d", policy, bad, rounds)
		}
	}
}
