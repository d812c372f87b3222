package peerage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"peerage.dev/go"
)

// watching is a transport that hears of requests.
type watching struct {
	fake
	events  []string
	onStart func(*peerage.Peer)
	onEnd   func(*peerage.Peer)
}

func (w *watching) RequestStarted(peer *peerage.Peer) {
	w.events = append(w.events, "started "+peer.ID())
	if w.onStart != nil {
		w.onStart(peer)
	}
}

func (w *watching) RequestFinished(peer *peerage.Peer, outcome peerage.Outcome) {
	w.events = append(w.events, fmt.Sprint("finished ", peer.ID(), " ", outcome))
	if w.onEnd != nil {
		w.onEnd(peer)
	}
}

func TestRequestHooks(t *testing.T) {
	for _, policy := range policies {
		transport := &watching{}
		chooser := running(t, transport, policy, []string{"a"})
		for _, finish := range []func(*peerage.Pick){
			func(p *peerage.Pick) { p.Finish(nil) },
			func(p *peerage.Pick) { p.Finish(fmt.Errorf("call: %w", context.Canceled)) },
			func(p *peerage.Pick) { p.Finish(context.DeadlineExceeded) },
			func(p *peerage.Pick) { p.FinishWith(peerage.Overloaded) },
		} {
			pick, err := chooser.Choose(soon(t), nil)
			must(t, err)
			finish(&pick)
			finish(&pick)
		}
		want := "started a,finished a Success,started a,finished a Cancelled," +
			"started a,finished a Failure,started a,finished a Overloaded"
		equal(t, policy, strings.Join(transport.events, ","), want)
		equal(t, "pending", chooser.Stats().Pending, 0)
	}
}

func TestLastRequestOfARemovedPeer(t *testing.T) {
	transport := &watching{}
	chooser := running(t, transport, "random", []string{"a"})
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	must(t, chooser.Close())
	transport.onEnd = func(peer *peerage.Peer) {
		if _, released := transport.counts(); released != 0 {
			t.Error("released before its last request was finished")
		}
	}
	pick.Finish(nil)
	_, released := transport.counts()
	equal(t, "released", released, 1)
}

func TestAHookThatPanics(t *testing.T) {
	cause := errors.New("bug")
	transport := &watching{onStart: func(*peerage.Peer) { panic(cause) }}
	chooser := running(t, transport, "random", []string{"a"})
	_, err := chooser.Choose(soon(t), nil)
	wants(t, err, peerage.ErrPanic, cause)
	_, err = chooser.TryChoose(nil)
	wants(t, err, peerage.ErrPanic, cause)
	equal(t, "pending", chooser.Stats().Pending, 0)

	transport.onStart = nil
	transport.onEnd = func(*peerage.Peer) { panic(cause) }
	logged := captureDefaultLog(t)
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	pick.Finish(nil)
	equal(t, "pending", chooser.Stats().Pending, 0)
	if !strings.Contains(logged.String(), "RequestFinished panicked: bug") {
		t.Fatalf("the log has only %q", logged)
	}
}

func captureDefaultLog(t *testing.T) *bytes.Buffer {
	var buffer bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&buffer, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &buffer
}
