package peerage_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"peerage.dev/go"
)

type refusal struct{ id string }

func (r *refusal) Error() string { return "no route to " + r.id }

func refuse(peer *peerage.Peer) error { return fmt.Errorf("retain: %w", &refusal{peer.ID()}) }

func TestRefusalComesBack(t *testing.T) {
	transport := &fake{onRetain: refuse}
	chooser := running(t, transport, "random", nil)
	err := chooser.Update(peerage.Updates{Add: peerage.Members("a", "b")})
	wants(t, err, peerage.ErrRejected)
	var why *refusal
	if !errors.As(err, &why) || !strings.Contains("ab", why.id) {
		t.Fatalf("not the transport's error: %v", err)
	}
	for _, text := range []string{"no route to a", "no route to b"} {
		if !strings.Contains(err.Error(), text) {
			t.Fatalf("%q is not in %q", text, err)
		}
	}
	equal(t, "peers", chooser.Stats().Peers, 0)

	transport = &fake{onRetain: refuse}
	chooser, err = peerage.NewChooser(transport, "random")
	must(t, err)
	defer chooser.Close()
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("c")}))
	err = chooser.Start()
	wants(t, err, peerage.ErrRejected)
	if !errors.As(err, &why) || why.id != "c" {
		t.Fatalf("not the transport's error: %v", err)
	}
	transport.onRetain = nil
	must(t, chooser.Start())
}

func TestRefusalOfADirectPeerComesBack(t *testing.T) {
	chooser := running(t, &fake{onRetain: refuse}, "direct", nil)
	_, err := chooser.Choose(soon(t), &peerage.Request{ShardKey: "far"})
	var why *refusal
	if !errors.As(err, &why) || why.id != "far" {
		t.Fatalf("not the transport's error: %v", err)
	}
	wants(t, err, peerage.ErrRejected)
	_, err = chooser.TryChoose(nil)
	wants(t, err, peerage.ErrInvalidArgument)
}

func TestPanicsComeBack(t *testing.T) {
	cause := errors.New("bug")
	transport := &fake{onRetain: func(*peerage.Peer) error { panic(cause) }}
	chooser := running(t, transport, "random", nil)
	err := chooser.Update(peerage.Updates{Add: peerage.Members("a")})
	wants(t, err, peerage.ErrRejected, cause)
	var panicked *peerage.PanicError
	if !errors.As(err, &panicked) {
		t.Fatalf("not a panic: %v", err)
	}
	equal(t, "callback", panicked.Callback, "RetainPeer")
	if !strings.Contains(string(panicked.Stack), "TestPanicsComeBack") {
		t.Fatalf("the stack does not tell: %s", panicked.Stack)
	}

	transport.onRetain = nil
	transport.onRelease = func(*peerage.Peer) { panic(cause) }
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a", "b")}))
	err = chooser.Update(peerage.Updates{Remove: []string{"a"}})
	wants(t, err, peerage.ErrPanic, cause)
	wants(t, chooser.Stop(), peerage.ErrPanic, cause)
}

func TestStatusFromAnotherGoroutine(t *testing.T) {
	transport := &fake{onRetain: func(peer *peerage.Peer) error {
		go peer.SetStatus(peerage.Available)
		return nil
	}}
	chooser := running(t, transport, "round-robin", names(8))
	pick, err := chooser.Choose(soon(t), nil)
	must(t, err)
	pick.Finish(nil)
	eventually(t, "all are available", func() bool { return chooser.Stats().Available == 8 })
}

func TestPeer(t *testing.T) {
	transport := idle()
	chooser := running(t, transport, "random", []string{"a"})
	peer := transport.peer("a")
	equal(t, "id", peer.ID(), "a")
	equal(t, "status", peer.Status(), peerage.Unavailable)
	equal(t, "data", peer.Data(), nil)
	peer.SetData(42)
	must(t, peer.SetStatus(peerage.Available))
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	equal(t, "data of the pick's peer", pick.Peer().Data(), any(42))
	equal(t, "the pick's peer", pick.Peer(), peer)
	pick.Finish(nil)
	equal(t, "status", peer.Status(), peerage.Available)
	wants(t, peer.SetStatus(77), peerage.ErrInvalidArgument)

	must(t, chooser.Update(peerage.Updates{Remove: []string{"a"}}))
	wants(t, peer.SetStatus(peerage.Available), peerage.ErrGone)
	equal(t, "status", peer.Status(), peerage.Unavailable)
	equal(t, "id", peer.ID(), "a")
	equal(t, "data", peer.Data(), any(42))
}

func TestNumbersOfPeersAreUsedAgain(t *testing.T) {
	transport := &fake{}
	chooser := running(t, transport, "round-robin", nil)
	for range 3 {
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(100)...)}))
		equal(t, "numbers", peerage.Numbered(chooser), 100)
		must(t, chooser.Update(peerage.Updates{Remove: names(100)}))
		equal(t, "numbers", peerage.Numbered(chooser), 0)
	}
	transport.onRetain = refuse
	wants(t, chooser.Update(peerage.Updates{Add: peerage.Members(names(5)...)}), peerage.ErrRejected)
	equal(t, "numbers", peerage.Numbered(chooser), 0)
}

func TestSharedTransport(t *testing.T) {
	transport := &fake{}
	shared, err := peerage.NewSharedTransport(transport)
	must(t, err)
	var choosers []*peerage.Chooser
	for _, policy := range []string{"round-robin", "random"} {
		chooser, err := shared.NewChooser(policy)
		must(t, err)
		defer chooser.Close()
		must(t, chooser.Start())
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
		choosers = append(choosers, chooser)
	}
	must(t, shared.Close())
	must(t, shared.Close())
	_, err = shared.NewChooser("random")
	wants(t, err, peerage.ErrInvalidArgument)

	first, err := choosers[0].TryChoose(nil)
	must(t, err)
	second, err := choosers[1].TryChoose(nil)
	must(t, err)
	equal(t, "peer of the other", first.Peer(), second.Peer())
	first.Finish(nil)
	second.Finish(nil)
	must(t, choosers[0].Close())
	retained, released := transport.counts()
	equal(t, "retained", retained, 1)
	equal(t, "released", released, 0)
	must(t, choosers[1].Close())
	_, released = transport.counts()
	equal(t, "released", released, 1)
}
