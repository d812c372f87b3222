package yarpcpeers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"peerage.dev/go"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

func TestOutcomes(t *testing.T) {
	of := func(code yarpcerrors.Code) error { return yarpcerrors.Newf(code, "told") }
	want := map[yarpcerrors.Code]peerage.Outcome{
		yarpcerrors.CodeCancelled:          peerage.Cancelled,
		yarpcerrors.CodeUnknown:            peerage.Failure,
		yarpcerrors.CodeInvalidArgument:    peerage.Success,
		yarpcerrors.CodeDeadlineExceeded:   peerage.Failure,
		yarpcerrors.CodeNotFound:           peerage.Success,
		yarpcerrors.CodeAlreadyExists:      peerage.Success,
		yarpcerrors.CodePermissionDenied:   peerage.Success,
		yarpcerrors.CodeResourceExhausted:  peerage.Overloaded,
		yarpcerrors.CodeFailedPrecondition: peerage.Success,
		yarpcerrors.CodeAborted:            peerage.Success,
		yarpcerrors.CodeOutOfRange:         peerage.Success,
		yarpcerrors.CodeUnimplemented:      peerage.Failure,
		yarpcerrors.CodeInternal:           peerage.Failure,
		yarpcerrors.CodeUnavailable:        peerage.Failure,
		yarpcerrors.CodeDataLoss:           peerage.Failure,
		yarpcerrors.CodeUnauthenticated:    peerage.Success,
	}
	for code := yarpcerrors.CodeCancelled; code <= yarpcerrors.CodeUnauthenticated; code++ {
		outcomeIs(t, of(code), want[code])
		outcomeIs(t, fmt.Errorf("wrapped: %w", of(code)), want[code])
	}
	outcomeIs(t, nil, peerage.Success)
	outcomeIs(t, errors.New("connection refused"), peerage.Failure)
	outcomeIs(t, context.Canceled, peerage.Cancelled)
	outcomeIs(t, context.DeadlineExceeded, peerage.Failure)
}

func outcomeIs(t *testing.T, err error, want peerage.Outcome) {
	t.Helper()
	if got := outcome(err); got != want {
		t.Errorf("%v: %v, want %v", err, got, want)
	}
}

// What requests have ended with reaches a policy that learns, and the status page.
func TestAPolicyThatLearns(t *testing.T) {
	learns := policy{name: "least-loaded", build: learning}
	w := started(t, learns, "1")
	for range 50 {
		_, finish := w.begin()
		finish(yarpcerrors.Newf(yarpcerrors.CodeNotFound, "no such key"))
	}
	if failed := w.list.Status().Peers[0].Failures; failed != 0 {
		t.Fatalf("%d thousandths have failed, though every request was answered", failed)
	}
	for range 50 {
		_, finish := w.begin()
		finish(yarpcerrors.Newf(yarpcerrors.CodeUnavailable, "connection refused"))
	}
	if failed := w.list.Status().Peers[0].Failures; failed == 0 {
		t.Fatal("no request has failed")
	}
	if state := w.list.Introspect().Peers[0].State; !contains(state, "Available, 0 pending request(s), price ", "% failed") {
		t.Fatal(state)
	}
	if err := w.list.SetReason(id("1"), peerage.Draining, true); err != nil {
		t.Fatal(err)
	}
	if state := w.list.Introspect().Peers[0].State; !contains(state, "Available, 0 pending request(s), draining") {
		t.Fatal(state)
	}
	if stats := w.list.Stats(); stats.Peers != 1 || stats.Available != 0 {
		t.Fatalf("%+v", stats)
	}
}

func learning(t peer.Transport, options ...Option) (*List, error) {
	return New("least-loaded:errors=on", t, options...)
}

func contains(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// Ejection goes by what errors say of their peers.
func TestAPeerThatFailsIsEjected(t *testing.T) {
	w := newWorld(t, policies[0], yarpctest.NewFakeTransport(), Options("eject=2"))
	w.must(w.list.Start())
	w.must(w.add("1", "2"))
	send := func(code yarpcerrors.Code) {
		for range 6 {
			p, finish := w.begin()
			if p.Identifier() == "1" {
				finish(yarpcerrors.Newf(code, "told"))
			} else {
				finish(nil)
			}
		}
	}
	send(yarpcerrors.CodeInvalidArgument)
	if stats := w.list.Stats(); stats.Available != 2 {
		t.Fatalf("%+v: an answer has ejected a peer", stats)
	}
	send(yarpcerrors.CodeUnavailable)
	if state := w.list.Introspect().Peers[0].State; !contains(state, "Available, 0 pending request(s), ejected for ") {
		t.Fatal(state)
	}
	w.chooses("2")
}
