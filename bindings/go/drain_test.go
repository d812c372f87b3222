package peerage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"peerage.dev/go"
)

func TestDrainWaitsForWhatHasLeft(t *testing.T) {
	for _, policy := range append(policies, "direct") {
		transport := &fake{}
		members := names(1)
		if policy == "direct" {
			members = nil
		}
		chooser := running(t, transport, policy, members)
		first := &peerage.Request{ShardKey: names(1)[0]}
		one, err := chooser.TryChoose(first)
		must(t, err)
		two, err := chooser.TryChoose(first)
		must(t, err)
		// They are not waited for while their peer is there.
		must(t, chooser.Drain(soon(t)))
		must(t, chooser.Stop())
		stats := chooser.Stats()
		equal(t, policy+" departing", stats.Departing, 1)
		equal(t, policy+" departing pending", stats.DepartingPending, 2)
		equal(t, policy+" peers", stats.Peers, 0)

		hasty, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		err = chooser.Drain(hasty)
		cancel()
		wants(t, err, peerage.ErrTimedOut)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v does not wrap the context's", err)
		}
		equal(t, "text", err.Error(), `peerage: "`+chooser.Name()+`" chooser is not drained: `+
			"1 peer that left has 2 requests in flight: context deadline exceeded")

		one.Finish(nil)
		drained := make(chan error, 1)
		go func() { drained <- chooser.Drain(context.Background()) }()
		two.Finish(nil)
		must(t, receive(t, "drained", drained))
		// Drained means released.
		_, released := transport.counts()
		equal(t, policy+" released", released, 1)
		equal(t, policy+" departing", chooser.Stats().Departing, 0)

		must(t, chooser.Close())
		wants(t, chooser.Drain(soon(t)), peerage.ErrStopped)
	}
}

func TestDrainEndsWithItsContext(t *testing.T) {
	chooser := running(t, &fake{}, "round-robin", names(1))
	pick, err := chooser.TryChoose(nil)
	must(t, err)
	defer pick.Finish(nil)
	must(t, chooser.Update(peerage.Updates{Remove: names(1)}))
	ctx, cancel := context.WithCancel(context.Background())
	drained := make(chan error, 1)
	go func() { drained <- chooser.Drain(ctx) }()
	cancel()
	err = receive(t, "given up", drained)
	wants(t, err, peerage.ErrCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v does not wrap the context's", err)
	}
}
