package main

import (
	"testing"
	"time"
)

func TestRoundsThatAreQuiet(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		clock, others time.Duration
		quiet         bool
	}{
		{60 * ms, 0, true},
		{60 * ms, 8 * ms, true},
		{60 * ms, 10 * ms, false},
		{2 * ms, 0, false}, // too short to have been seen
		{10 * ms, 8 * ms, false},
	} {
		if got := (spending{clock: test.clock, others: test.others}).isQuiet(); got != test.quiet {
			t.Errorf("%v with %v of others: quiet is %v", test.clock, test.others, got)
		}
	}
}

// The processor time is a median, and a quiet round counts for more than a faster one that was not.
func TestTheResultOfRounds(t *testing.T) {
	busy := result{nanoseconds: 1, cpuNanoseconds: 1}
	seen := rounds{busy, {nanoseconds: 9, cpuNanoseconds: 4, quiet: 1},
		{nanoseconds: 7, cpuNanoseconds: 5, quiet: 1}, {nanoseconds: 8, cpuNanoseconds: 6, quiet: 1}}
	if got, want := seen.result(), (result{nanoseconds: 7, cpuNanoseconds: 5, quiet: 3}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := (rounds{busy}).result(); got != busy {
		t.Errorf("without a quiet round: %v", got)
	}
	if got := (rounds{}).result(); got != (result{}) {
		t.Errorf("without a round: %v", got)
	}
}
