package peerage_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"peerage.dev/go"
)

func causeIs(t *testing.T, err error, want peerage.Cause) {
	t.Helper()
	failed := (*peerage.Error)(nil)
	if !errors.As(err, &failed) {
		t.Fatalf("%v is no *Error", err)
	}
	equal(t, "cause of "+err.Error(), failed.Cause, want)
}

func TestCausesOfAWait(t *testing.T) {
	transport := idle()
	chooser := running(t, transport, "round-robin", nil, peerage.WithName("users"),
		peerage.WithDefaultTimeout(time.Millisecond))
	_, err := chooser.Choose(context.Background(), nil)
	causeIs(t, err, peerage.CauseNoPeers)
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a")}))
	_, err = chooser.Choose(context.Background(), nil)
	causeIs(t, err, peerage.CauseNoneConnected)
	must(t, transport.peer("a").SetStatus(peerage.Available))
	must(t, chooser.SetReason("a", peerage.Draining, true))
	_, err = chooser.TryChoose(nil)
	causeIs(t, err, peerage.CauseSetAside)
	must(t, chooser.Stop())
	_, err = chooser.TryChoose(nil)
	wants(t, err, peerage.ErrStopped)
	causeIs(t, err, peerage.CauseStopped)
	equal(t, "text", err.Error(),
		`peerage: "users" peer list is not running: could not wait for instance to start running: `+
			`current state is "stopped"`)
}

func TestCausesOfACancelledWait(t *testing.T) {
	chooser := running(t, idle(), "round-robin", nil, peerage.WithName("users"))
	ctx, cancel := context.WithCancel(context.Background())
	ended := waiting(t, chooser, 1, ctx)
	cancel()
	err := receive(t, "cancelled", ended)
	causeIs(t, err, peerage.CauseCancelled)
	equal(t, "text", err.Error(),
		`peerage: "users" peer list has no peers, the wait was cancelled: context canceled`)
	_, err = chooser.Choose(ctx, nil)
	wants(t, err, peerage.ErrCancelled)
	causeIs(t, err, peerage.CauseCancelledBefore)
	equal(t, "text", err.Error(), `peerage: "users" peer list did not choose: the wait was cancelled `+
		"before it began: context canceled")
	past, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	_, err = chooser.Choose(past, nil)
	wants(t, err, peerage.ErrTimedOut)
	equal(t, "text", err.Error(), `peerage: "users" peer list has no peers, did not wait for peers to `+
		"be added: the deadline had passed before: context deadline exceeded")
}

// However the wait ends: by the context's deadline, or by the chooser's own.
func TestAChooserThatWasNotStarted(t *testing.T) {
	chooser, err := peerage.NewChooser(&fake{}, "round-robin", peerage.WithDefaultTimeout(time.Millisecond))
	must(t, err)
	defer chooser.Close()
	must(t, chooser.Update(peerage.Updates{Add: peerage.Members("a", "b")}))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	past, end := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer end()
	for _, ctx := range []context.Context{ctx, context.Background(), past} {
		_, err = chooser.Choose(ctx, nil)
		wants(t, err, peerage.ErrNotRunning)
		causeIs(t, err, peerage.CauseNotRunning)
		want := `peerage: "round-robin" peer list is not running: gave up waiting for it to start, ` +
			`current state is "idle"`
		if !strings.HasPrefix(err.Error(), want) {
			t.Fatalf("got %q, want %q", err, want)
		}
	}
}

func TestADeadlineThatHadPassed(t *testing.T) {
	past, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	chooser := running(t, &fake{}, "round-robin", []string{"a"}, peerage.WithName("users"))
	_, err := chooser.Choose(past, nil)
	wants(t, err, peerage.ErrTimedOut)
	equal(t, "text", err.Error(), `peerage: "users" peer list did not choose: the deadline had passed `+
		"before it began: context deadline exceeded")
	must(t, chooser.Stop())
	_, err = chooser.Choose(past, nil)
	wants(t, err, peerage.ErrStopped)
	causeIs(t, err, peerage.CauseStopped)
}

func TestTheReasonOfAWait(t *testing.T) {
	chooser := running(t, idle(), "round-robin", nil, peerage.WithDefaultTimeout(time.Millisecond))
	_, err := chooser.Choose(context.Background(), nil)
	failed := (*peerage.Error)(nil)
	if !errors.As(err, &failed) || failed.Waited < time.Millisecond {
		t.Fatalf("%v has waited %v", err, failed.Waited)
	}
	reason := `"round-robin" peer list has no peers, waited for peers to be added but timed out (fail-fast is not enabled)`
	equal(t, "reason", failed.Reason(), reason)
	_, err = chooser.TryChoose(nil)
	errors.As(err, &failed)
	equal(t, "waited", failed.Waited, 0)
	equal(t, "reason", failed.Reason(), failed.Message)
}

func TestAChoiceThatIsNotToWaitHasWaitedForNothing(t *testing.T) {
	chooser := running(t, idle(), "round-robin", []string{"a"}, peerage.WithFailFast(true))
	direct := running(t, idle(), "direct", nil)
	for _, chooser := range []*peerage.Chooser{chooser, direct} {
		_, err := chooser.Choose(context.Background(), nil)
		failed := (*peerage.Error)(nil)
		if !errors.As(err, &failed) {
			t.Fatal(err)
		}
		equal(t, err.Error(), failed.Waited, 0)
	}
}

func TestCausesOfRequests(t *testing.T) {
	direct := running(t, &fake{}, "direct", nil)
	_, err := direct.TryChoose(nil)
	wants(t, err, peerage.ErrInvalidArgument)
	causeIs(t, err, peerage.CauseInvalidRequest)
	equal(t, "text", err.Error(), `peerage: "direct" chooser requires ShardKey to be non-empty`)

	refusing := &fake{onRetain: func(*peerage.Peer) error { return errors.New("no route") }}
	_, err = running(t, refusing, "direct", nil).TryChoose(&peerage.Request{ShardKey: "a"})
	wants(t, err, peerage.ErrRejected)
	causeIs(t, err, peerage.CauseNotRetained)
	equal(t, "text", err.Error(), `peerage: "direct" chooser can't retain the peer: no route`)
}

// failing is a policy that has no peer, and says so in its own way.
type failing struct {
	choose func() (peerage.Key, error)
}

func (failing) Available(peerage.PeerInfo)                     {}
func (failing) Unavailable(peerage.Key)                        {}
func (f failing) Choose(*peerage.Request) (peerage.Key, error) { return f.choose() }

func TestCausesOfAPolicy(t *testing.T) {
	own := errors.New("no quota")
	for _, test := range []struct {
		choose func() (peerage.Key, error)
		code   peerage.Code
		text   string
	}{
		{func() (peerage.Key, error) { return 0, own }, peerage.ErrRejected, "no quota"},
		{func() (peerage.Key, error) { panic("a fault") }, peerage.ErrPanic, "Choose panicked: a fault"},
	} {
		chooser := running(t, &fake{}, "", names(1), peerage.WithName("users"), peerage.WithCustomPolicy(failing{test.choose}))
		_, err := chooser.TryChoose(nil)
		wants(t, err, test.code)
		causeIs(t, err, peerage.CausePolicyFailed)
		equal(t, "text", err.Error(), `peerage: "users" peer list can't choose: `+test.text)
	}
}

func TestCausesHaveNames(t *testing.T) {
	equal(t, "name", peerage.CauseNoneConnected.String(), "NONE_CONNECTED")
	equal(t, "name", peerage.CauseTooLate.String(), "TOO_LATE")
	equal(t, "name", peerage.NoCause.String(), "")
	equal(t, "name", peerage.Cause(99).String(), "UNKNOWN")
}

func TestALongNameIsToldWhole(t *testing.T) {
	name := strings.Repeat("n", 1000)
	chooser := running(t, idle(), "random", nil, peerage.WithName(name))
	_, err := chooser.TryChoose(nil)
	equal(t, "text", err.Error(), `peerage: "`+name+`" peer list has no peers, did not wait (not asked to)`)
}

func BenchmarkChoiceThatFailsFast(b *testing.B) {
	chooser, err := peerage.NewChooser(&fake{}, "round-robin", peerage.WithFailFast(true))
	if err != nil {
		b.Fatal(err)
	}
	defer chooser.Close()
	if err := chooser.Start(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := chooser.TryChoose(nil); err == nil {
			b.Fatal("chosen")
		}
	}
}
