package yarpcpeers

import (
	"errors"
	"testing"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpctest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// A transport that panics: each peer is retained and released once, all the same.

// panicking panics when it has released a peer.
type panicking struct{ *world }

func (p panicking) ReleasePeer(id peer.Identifier, s peer.Subscriber) error {
	_ = p.world.ReleasePeer(id, s)
	panic("release")
}

func TestAReleaseThatPanics(t *testing.T) {
	stray := strayFailures(t)
	for _, limited := range []bool{false, true} {
		core, logs := observer.New(zapcore.ErrorLevel)
		w := &world{t: t, policy: policies[0], fake: yarpctest.NewFakeTransport()}
		options := []Option{Logger(zap.New(core))}
		if limited {
			options = append(options, DrainTimeout(0))
		}
		list, err := NewRoundRobin(panicking{w}, options...)
		w.must(err)
		w.list = list
		t.Cleanup(list.Close)
		w.must(w.list.Start())
		w.must(w.add("1", "2", "3", "4"))

		// After an update has removed it: no call is there to be told.
		p, finish := w.begin()
		w.must(w.remove(p.Identifier()))
		finish(nil)
		if lines := logs.TakeAll(); len(lines) != 1 || lines[0].Message != "error releasing peer from transport" {
			t.Fatal(lines)
		}
		// By a stop; limited: with requests in flight.
		var left []func(error)
		for range 3 {
			_, finish := w.begin()
			if left = append(left, finish); !limited {
				finish(nil)
			}
		}
		for range 2 {
			panicked := (*peerage.PanicError)(nil)
			if err := w.list.Stop(); !errors.As(err, &panicked) || panicked.Callback != "ReleasePeer" {
				t.Fatal(err)
			}
		}
		for _, finish := range left {
			finish(nil)
		}
		all := []string{"1", "2", "3", "4"}
		w.asked(all, all)
	}
	if stray.Len() != 0 {
		t.Fatal(stray)
	}
}

// statusless gives peers whose status panics.
type statusless struct{ *world }

type withoutStatus struct{ peer.Peer }

func (withoutStatus) Status() peer.Status { panic("status") }

func (s statusless) RetainPeer(id peer.Identifier, sub peer.Subscriber) (peer.Peer, error) {
	p, err := s.world.RetainPeer(id, sub)
	return withoutStatus{p}, err
}

func TestAPeerWhoseStatusPanics(t *testing.T) {
	w := &world{t: t, policy: policies[0], fake: yarpctest.NewFakeTransport()}
	list, err := NewRoundRobin(statusless{w})
	w.must(err)
	w.list = list
	t.Cleanup(list.Close)
	w.must(w.list.Start())
	panicked := (*peerage.PanicError)(nil)
	if err := w.add("1"); !errors.As(err, &panicked) || panicked.Value != "status" {
		t.Fatal(err)
	}
	w.knows()
	w.asked([]string{"1"}, []string{"1"})
}

// nothing retains no peer, and says so by no error.
type nothing struct{ peer.Transport }

func (nothing) RetainPeer(peer.Identifier, peer.Subscriber) (peer.Peer, error) { return nil, nil }

func TestATransportThatReturnsNoPeer(t *testing.T) {
	list, err := NewRoundRobin(nothing{yarpctest.NewFakeTransport()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(list.Close)
	if err := list.Start(); err != nil {
		t.Fatal(err)
	}
	const text = `the transport retains "1" and returns neither a peer nor an error`
	if err := list.Update(peer.ListUpdates{Additions: ids("1")}); err == nil || err.Error() != text {
		t.Fatal(err)
	}
	if names := list.members.names(); len(names) > 0 {
		t.Fatal(names)
	}
}
