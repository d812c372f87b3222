package peerage_test

import (
	"context"
	"testing"
	"time"

	"peerage.dev/go"
)

// A copy of a pick that was finished changes nothing, wherever that can be told.
func TestCopiedPick(t *testing.T) {
	learning := []string{"least-loaded", "least-latency", "least-reported", "random:bound=2"}
	for _, policy := range append(learning, policies...) {
		chooser := running(t, &fake{}, policy, []string{"a"})
		for range 3 {
			pick, err := chooser.Choose(soon(t), nil)
			must(t, err)
			copied, again := pick, pick
			pick.Finish(nil)
			copied.Finish(nil)
			equal(t, policy, chooser.Stats().Pending, 0)
			again.FinishTimed(peerage.Failure, time.Second)
			equal(t, policy, chooser.Stats().Pending, 0)
		}
		pick, err := chooser.Choose(soon(t), nil)
		must(t, err)
		copied := pick
		pick.Finish(nil)
		// Another peer has the slot.
		must(t, chooser.Update(peerage.Updates{Add: peerage.Members("b"), Remove: []string{"a"}}))
		next, err := chooser.Choose(soon(t), nil)
		must(t, err)
		copied.Finish(context.Canceled)
		equal(t, policy, chooser.Stats().Pending, 1)
		next.Finish(nil)
		equal(t, policy, chooser.Stats().Pending, 0)
	}
}

// The transport does not hear of a copy's end.
func TestCopiedPickIsNotHeard(t *testing.T) {
	transport := &watching{}
	chooser := running(t, transport, "round-robin", []string{"a"})
	pick, err := chooser.Choose(soon(t), nil)
	must(t, err)
	copied := pick
	pick.Finish(nil)
	copied.Finish(nil)
	equal(t, "events", len(transport.events), 2)
	equal(t, "pending", chooser.Stats().Pending, 0)
}
