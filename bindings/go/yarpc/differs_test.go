package yarpcpeers

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/yarpc/api/peer"
	"go.uber.org/yarpc/api/transport"
	yarpcpeer "go.uber.org/yarpc/peer"
	yarpcdirect "go.uber.org/yarpc/peer/direct"
	"go.uber.org/yarpc/peer/roundrobin"
	"go.uber.org/yarpc/yarpcerrors"
	"go.uber.org/yarpc/yarpctest"
)

// Rows of "What differs" and "What is the same" in the README, with YARPC's own lists beside these.

// pair is YARPC's round-robin and the one here, each over a transport of its own, running, with a peer.
func pair(t *testing.T, status peer.ConnectionStatus) (theirs, ours peer.ChooserList) {
	t.Helper()
	theirs = roundrobin.New(yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(status)))
	list, err := NewRoundRobin(yarpctest.NewFakeTransport(yarpctest.InitialConnectionStatus(status)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(list.Close)
	for _, list := range []peer.ChooserList{theirs, list} {
		if err := errors.Join(list.Start(), list.Update(peer.ListUpdates{Additions: ids("1")})); err != nil {
			t.Fatal(err)
		}
	}
	return theirs, list
}

// codeAfter is the code of a choice, and how long that took. OK is a peer.
func codeAfter(t *testing.T, ctx context.Context, list peer.Chooser) (yarpcerrors.Code, time.Duration) {
	t.Helper()
	begun := time.Now()
	_, finish, err := list.Choose(ctx, &transport.Request{ShardKey: "1"})
	if err == nil {
		finish(nil)
		return yarpcerrors.CodeOK, time.Since(begun)
	}
	return yarpcerrors.FromError(err).Code(), time.Since(begun)
}

func codes(t *testing.T, ctx context.Context, theirs, ours peer.Chooser, wantTheirs, wantOurs yarpcerrors.Code) {
	t.Helper()
	if got, _ := codeAfter(t, ctx, theirs); got != wantTheirs {
		t.Errorf("YARPC's: %v, the README says %v", got, wantTheirs)
	}
	if got, _ := codeAfter(t, ctx, ours); got != wantOurs {
		t.Errorf("this: %v, the README says %v", got, wantOurs)
	}
}

func TestContextsThatAreOverDiffer(t *testing.T) {
	past, cancelled := contexts(t)
	theirs, ours := pair(t, peer.Available)
	codes(t, past, theirs, ours, yarpcerrors.CodeOK, yarpcerrors.CodeDeadlineExceeded)
	codes(t, cancelled, theirs, ours, yarpcerrors.CodeOK, yarpcerrors.CodeCancelled)
	theirs, ours = pair(t, peer.Unavailable)
	codes(t, past, theirs, ours, yarpcerrors.CodeUnavailable, yarpcerrors.CodeDeadlineExceeded)
}

func TestWaitsAreTheSame(t *testing.T) {
	theirs, ours := pair(t, peer.Unavailable)
	var texts [2]string
	for i, list := range []peer.ChooserList{theirs, ours} {
		ctx, cancel := context.WithTimeout(context.Background(), late)
		_, _, err := list.Choose(ctx, nil)
		cancel()
		texts[i] = err.Error()
		if wraps := errors.Is(err, context.DeadlineExceeded); wraps != (i == 1) {
			t.Errorf("%v wraps the context's error: %v", err, wraps)
		}
	}
	if texts[0] != texts[1] {
		t.Errorf("\n%s\n%s", texts[0], texts[1])
	}
}

func TestDefaultTimeoutsDiffer(t *testing.T) {
	theirs, ours := pair(t, peer.Unavailable)
	if _, took := codeAfter(t, context.Background(), theirs); took > 400*time.Millisecond {
		t.Errorf("YARPC's waits %v without a deadline, the README says not at all", took)
	}
	if _, took := codeAfter(t, context.Background(), ours); took < 400*time.Millisecond {
		t.Errorf("this waits %v without a deadline, the README says 500 ms", took)
	}
}

func TestStopsDiffer(t *testing.T) {
	theirs, ours := pair(t, peer.Available)
	if err := errors.Join(theirs.Stop(), ours.Stop()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	codes(t, ctx, theirs, ours, yarpcerrors.CodeFailedPrecondition, yarpcerrors.CodeFailedPrecondition)
	_, _, theirErr := theirs.Choose(ctx, nil)
	_, _, ourErr := ours.Choose(ctx, nil)
	if theirErr.Error() != ourErr.Error() {
		t.Errorf("\n%v\n%v", theirErr, ourErr)
	}
	if err := theirs.Start(); err != nil || theirs.IsRunning() {
		t.Errorf("YARPC's Start after Stop: %v, the README says nil, and nothing runs", err)
	}
	if err := ours.Start(); yarpcerrors.FromError(err).Code() != yarpcerrors.CodeFailedPrecondition {
		t.Errorf("Start after Stop: %v", err)
	}
}

func TestSinglesAreTheSame(t *testing.T) {
	down := yarpctest.InitialConnectionStatus(peer.Unavailable)
	theirs := yarpcpeer.NewSingle(id("1"), yarpctest.NewFakeTransport(down))
	ours := newSingle(t, yarpctest.NewFakeTransport(down))
	statuses := func() {
		t.Helper()
		if a, b := theirs.Introspect(), ours.Introspect(); a.Name != b.Name || a.State != b.State || a.Peers[0] != b.Peers[0] {
			t.Errorf("\n%v\n%v", a, b)
		}
	}
	statuses()
	if err := errors.Join(theirs.Start(), ours.Start()); err != nil {
		t.Fatal(err)
	}
	codes(t, context.Background(), theirs, ours, yarpcerrors.CodeOK, yarpcerrors.CodeOK)
	statuses()
}

func TestDirectsDiffer(t *testing.T) {
	theirs, err := yarpcdirect.New(yarpcdirect.Configuration{}, yarpctest.NewFakeTransport())
	if err != nil {
		t.Fatal(err)
	}
	ours, err := NewDirect(yarpctest.NewFakeTransport())
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	ctx := context.Background()
	codes(t, ctx, theirs, ours, yarpcerrors.CodeOK, yarpcerrors.CodeOK)
	if err := errors.Join(theirs.Stop(), ours.Stop()); err != nil {
		t.Fatal(err)
	}
	codes(t, ctx, theirs, ours, yarpcerrors.CodeOK, yarpcerrors.CodeFailedPrecondition)
}

func TestIdentifiersThatAreNilDiffer(t *testing.T) {
	theirs, ours := pair(t, peer.Available)
	updates := peer.ListUpdates{Removals: ids("1"), Additions: []peer.Identifier{nil}}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("YARPC's does not panic, the README says that it does")
			}
		}()
		_ = theirs.Update(updates)
	}()
	if err := ours.Update(updates); yarpcerrors.FromError(err).Code() != yarpcerrors.CodeInvalidArgument {
		t.Error(err)
	}
	// Theirs has removed the peer, ours has it.
	codes(t, context.Background(), theirs, ours, yarpcerrors.CodeUnavailable, yarpcerrors.CodeOK)
}
