package peerage_test

import (
	"testing"

	"peerage.dev/go"
)

func TestCallbacksMayCallTheChooser(t *testing.T) {
	var chooser *peerage.Chooser
	transport := &fake{}
	transport.onRetain = func(peer *peerage.Peer) error {
		must(t, peer.SetStatus(peerage.Available))
		if peer.ID() == "a" {
			must(t, chooser.Update(peerage.Updates{Add: peerage.Members("b")}))
			choose(t, chooser, nil)
		}
		return nil
	}
	released := 0
	transport.onRelease = func(peer *peerage.Peer) {
		released++
		wants(t, peer.SetStatus(peerage.Available), peerage.ErrGone)
		_ = chooser.Introspect()
	}
	within(t, "calls from callbacks", func() {
		chooser = running(t, transport, "round-robin", nil)
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
		equal(t, "peers", chooser.Stats().Peers, 2)
		must(t, chooser.Close())
	})
	equal(t, "released", released, 2)
}

func TestErrorsOfNestedCallsAreTheirOwn(t *testing.T) {
	var chooser *peerage.Chooser
	transport := &fake{}
	var nested error
	transport.onRetain = func(peer *peerage.Peer) error {
		if peer.ID() == "bad" {
			return &refusal{peer.ID()}
		}
		nested = chooser.Update(peerage.Updates{Add: peerage.Members("bad")})
		return nil
	}
	chooser = running(t, transport, "random", nil)
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("good")}))
	wants(t, nested, peerage.ErrRejected)
}

func TestCloseFromCallbacks(t *testing.T) {
	for _, policy := range policies {
		within(t, "a Close from RequestStarted", func() {
			transport := &watching{}
			chooser := running(t, transport, policy, []string{"a"})
			transport.onStart = func(*peerage.Peer) { must(t, chooser.Close()) }
			pick, err := chooser.Choose(soon(t), nil)
			must(t, err)
			pick.Finish(nil)
			_, released := transport.counts()
			equal(t, "released", released, 1)
		})
		within(t, "a Close from RetainPeer", func() {
			transport := &fake{}
			chooser := running(t, transport, policy, nil)
			transport.onRetain = func(*peerage.Peer) error { return chooser.Close() }
			_ = chooser.Update(peerage.Updates{Add: peerage.Members("a")})
			retained, released := transport.counts()
			equal(t, "released", released, retained)
		})
	}
}
