package peerage_test

import (
	"context"
	"testing"

	"peerage.dev/go"
)

// status finds a peer in what a chooser looks like.
func status(t *testing.T, chooser *peerage.Chooser, id string) peerage.PeerStatus {
	t.Helper()
	for _, peer := range chooser.Introspect().Peers {
		if peer.ID == id {
			return peer
		}
	}
	t.Fatalf("%s is not among the peers", id)
	panic("not reached")
}

func TestMembersAreShownAsGiven(t *testing.T) {
	chooser := running(t, &fake{}, "round-robin", nil)
	must(t, chooser.Update(peerage.Updates{Add: []peerage.Member{
		{ID: "a", Weight: 65535, Tier: 255, Zone: "eu-1a", Shard: "s-7"},
		{ID: "b"},
	}}))
	equal(t, "a", shape(status(t, chooser, "a")), peerage.PeerStatus{
		ID: "a", Weight: 65535, Tier: 255, Zone: "eu-1a", Shard: "s-7", Status: peerage.Available,
	})
	equal(t, "b", shape(status(t, chooser, "b")), peerage.PeerStatus{
		ID: "b", Weight: 1, Status: peerage.Available,
	})
}

func TestAnUpdateChangesAMemberAndKeepsThePeer(t *testing.T) {
	for _, policy := range policies {
		transport := &fake{}
		chooser := running(t, transport, policy, []string{"a"})
		pick := held(t, chooser)
		must(t, chooser.Update(peerage.Updates{
			Add: []peerage.Member{{ID: "a", Weight: 4, Zone: "x"}}, Remove: []string{"a"},
		}))
		equal(t, policy, shape(status(t, chooser, "a")), peerage.PeerStatus{
			ID: "a", Weight: 4, Zone: "x", Status: peerage.Available, Pending: 1,
		})
		retained, released := transport.counts()
		equal(t, "retained", retained, 1)
		equal(t, "released", released, 0)
		pick.Finish(nil)
		choose(t, chooser, nil)
	}
}

func TestReplaceLeavesAloneWhatStays(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "round-robin", nil)
	must(t, chooser.Replace(peerage.Members("a", "b")))
	must(t, chooser.Replace([]peerage.Member{{ID: "b"}, {ID: "c", Tier: 1}, {ID: "b", Tier: 9}}))
	equal(t, "peers", len(chooser.Introspect().Peers), 2)
	equal(t, "b's tier", status(t, chooser, "b").Tier, 0)
	equal(t, "c's tier", status(t, chooser, "c").Tier, 1)
	retained, released := transport.counts()
	equal(t, "retained", retained, 3)
	equal(t, "released", released, 1)
	// As many as a discovery service may name.
	must(t, chooser.Replace(peerage.Members(names(70)...)))
	equal(t, "peers", chooser.Stats().Peers, 70)
	must(t, chooser.Replace(nil))
	equal(t, "peers", chooser.Stats().Peers, 0)
	retained, released = transport.counts()
	equal(t, "released", released, retained)
}

func TestReplaceChangesNothingIfAMemberIsWrong(t *testing.T) {
	chooser := running(t, &fake{}, "random", []string{"a"})
	for _, wrong := range []peerage.Member{{ID: "b\x00"}, {ID: "b", Zone: "\x00"}, {ID: "b", Shard: "s\x00"}} {
		wants(t, chooser.Replace([]peerage.Member{{ID: "c"}, wrong}), peerage.ErrInvalidArgument)
	}
	wants(t, chooser.Replace([]peerage.Member{{ID: "c"}, {ID: "b\xff"}}), peerage.ErrInvalidUTF8)
	wants(t, chooser.Replace([]peerage.Member{{ID: "c", Zone: "\xff"}}), peerage.ErrInvalidUTF8)
	equal(t, "peers", len(chooser.Introspect().Peers), 1)
	equal(t, "a", status(t, chooser, "a").Weight, 1)
}

func TestReasonsKeepAPeerFromBeingChosen(t *testing.T) {
	for _, policy := range policies {
		chooser := running(t, &fake{}, policy, []string{"a", "b"})
		pick := held(t, chooser)
		drained, other := pick.Peer().ID(), "a"
		if drained == "a" {
			other = "b"
		}
		must(t, chooser.SetReason(drained, peerage.Draining, true))
		must(t, chooser.SetReason(drained, peerage.Ejected, true))
		for range 20 {
			equal(t, policy, choose(t, chooser, nil), other)
		}
		seen := status(t, chooser, drained)
		equal(t, "status", seen.Status, peerage.Available)
		equal(t, "is available", seen.IsAvailable(), false)
		equal(t, "reasons", seen.Reasons.String(), "ejected, draining")
		equal(t, "drains", seen.Reasons.Has(peerage.Draining), true)
		equal(t, "not connected", seen.Reasons.Has(peerage.NotConnected), false)
		equal(t, "pending", seen.Pending, 1)
		equal(t, "available", chooser.Stats().Available, 1)
		equal(t, "in words", chooser.String()[:len(chooser.Name())+27], chooser.Name()+": Running (1/2 available)\n ")
		pick.Finish(nil)
		must(t, chooser.SetReason(drained, peerage.Draining, false))
		must(t, chooser.SetReason(drained, peerage.Ejected, false))
		equal(t, "available", chooser.Stats().Available, 2)
	}
}

func TestAWaitEndsWhenTheLastReasonGoes(t *testing.T) {
	chooser := running(t, &fake{}, "random", []string{"a"}, peerage.WithDefaultTimeout(peerage.Forever))
	must(t, chooser.SetReason("a", peerage.OutsideSubset, true))
	ended := waiting(t, chooser, 1, context.Background())
	must(t, chooser.SetReason("a", peerage.OutsideSubset, false))
	must(t, receive(t, "the wait ends", ended))
}

func TestWhatCannotBeAReason(t *testing.T) {
	chooser := running(t, &fake{}, "random", []string{"a"})
	wants(t, chooser.SetReason("a", peerage.NotConnected, true), peerage.ErrInvalidArgument)
	wants(t, chooser.SetReason("a", peerage.Ejected|peerage.Draining, true), peerage.ErrInvalidArgument)
	wants(t, chooser.SetReason("b", peerage.Draining, true), peerage.ErrNotInList)
	direct := running(t, &fake{}, "direct", nil)
	wants(t, direct.SetReason("a", peerage.Draining, true), peerage.ErrUnsupported)
	wants(t, direct.Replace(peerage.Members("a")), peerage.ErrUnsupported)
	must(t, chooser.Close())
	wants(t, chooser.SetReason("a", peerage.Draining, true), peerage.ErrStopped)
	wants(t, chooser.Replace(nil), peerage.ErrStopped)
}

func TestStates(t *testing.T) {
	chooser, err := peerage.NewChooser(&fake{}, "random")
	must(t, err)
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a", "b")}))
	sees := func(state peerage.State, peers, uninitialized int) {
		t.Helper()
		stats := chooser.Stats()
		equal(t, "state", stats.State, state)
		equal(t, "state", chooser.Introspect().State, state)
		equal(t, "peers", stats.Peers, peers)
		equal(t, "uninitialized", stats.Uninitialized, uninitialized)
	}
	sees(peerage.Idle, 0, 2)
	equal(t, "text", chooser.String(), "random: Idle (0/0 available)")
	must(t, chooser.Start())
	sees(peerage.Running, 2, 0)
	must(t, chooser.Stop())
	sees(peerage.Stopped, 0, 2)
	must(t, chooser.Close())
	sees(peerage.Stopped, 0, 0)
}
