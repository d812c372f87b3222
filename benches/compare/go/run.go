package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// run is how much is done of each work, and where the lines go.
type run struct {
	out     io.Writer
	matches []match
	// How long a turn of one side is, and how many turns each has; a turn of flaps is longer.
	turn, flapTurn time.Duration
	turns          int
	// How many peers to choose from, and by how many goroutines.
	sizes, threads []int
	// How many peers have 1 % of them flapping, and how often.
	flapping int
	every    time.Duration
	// How many peers come and go, and how many times all over.
	many, rounds int
	// How many waiters are woken.
	waiters []int
	// How many sides were measured, and how many of them without an undisturbed turn.
	cells, busy int
}

func newRun(out io.Writer, quick bool) *run {
	r := &run{
		out: out, matches: matches,
		turn: 20 * time.Millisecond, flapTurn: 400 * time.Millisecond, turns: 5,
		sizes: []int{10, 1_000, 10_000}, threads: []int{1, 2, 8},
		flapping: 10_000, every: 100 * time.Millisecond,
		many: 100_000, rounds: 1,
		waiters: []int{1, 10_000},
	}
	if quick {
		r.turn, r.flapTurn, r.turns = time.Millisecond, 20*time.Millisecond, 1
		r.sizes, r.flapping, r.every = []int{10, 100}, 200, 5*time.Millisecond
		r.many, r.rounds, r.waiters = 500, 1, []int{1, 100}
	}
	return r
}

// line prints one figure.
func (r *run) line(work string, s *side, peers, threads int, figure string, value float64) {
	counts := "no"
	if s.counts {
		counts = "yes"
	}
	fmt.Fprintf(r.out, "%s\tgo\t%s\t%s\t%d\t%d\t%s\t%s\t%.4g\n", work, s.name, s.policy, peers, threads, counts, figure, value)
}

// note tells the reader something that is no figure.
func note(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "compare: "+format+"\n", arguments...)
}
