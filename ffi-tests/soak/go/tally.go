package main

import (
	"math/bits"
	"time"

	peerage "peerage.dev/go"
)

// missed says why a choice found no peer.
type missed int

const (
	noPeer missed = iota
	timedOut
	queueFull
	other
	reasons
)

// outcomes are as many as the library has, also the one that Go has no name for.
const outcomes = 6

type chooserTally struct {
	picks    uint64
	outcomes [outcomes]uint64
	missed   [reasons]uint64
}

// buckets are sixteen for each power of two of microseconds.
const buckets = 512

func bucket(micros uint64) int {
	if micros < 16 {
		return int(micros)
	}
	power := bits.Len64(micros) - 1
	return min((power-3)*16+int(micros>>(power-4)&15), buckets-1)
}

// tally is what is counted.
type tally struct {
	choosers    []chooserTally
	calls, good uint64
	latencies   [buckets]uint64
}

// called counts a call that has ended, well or not.
func (t *tally) called(good bool, took time.Duration) {
	t.calls++
	if good {
		t.good++
	}
	t.latencies[bucket(uint64(took.Microseconds()))]++
}

func (t *tally) add(more *tally) {
	for n := range more.choosers {
		to, from := &t.choosers[n], &more.choosers[n]
		to.picks += from.picks
		sum(to.outcomes[:], from.outcomes[:])
		sum(to.missed[:], from.missed[:])
	}
	t.calls += more.calls
	t.good += more.good
	sum(t.latencies[:], more.latencies[:])
}

func sum(to, from []uint64) {
	for n, more := range from {
		to[n] += more
	}
}

// said is a line for the director, with what the library says of the same.
type said struct {
	Event     string        `json:"event"`
	Calls     uint64        `json:"calls"`
	Good      uint64        `json:"good"`
	Latencies [][2]uint64   `json:"latencies"`
	Choosers  []chooserSaid `json:"choosers"`
}

type chooserSaid struct {
	Name     string           `json:"name"`
	Picks    uint64           `json:"picks"`
	Outcomes [outcomes]uint64 `json:"outcomes"`
	Missed   [reasons]uint64  `json:"missed"`
	Stats    stats            `json:"stats"`
}

type stats struct {
	Pending          uint64 `json:"pending"`
	Waiting          int    `json:"waiting"`
	Departing        int    `json:"departing"`
	DepartingPending uint64 `json:"departing_pending"`

	Requests uint64           `json:"requests"`
	Outcomes [outcomes]uint64 `json:"outcomes"`
	Missed   [reasons]uint64  `json:"missed"`
}

func statsOf(chooser *peerage.Chooser) stats {
	now := chooser.Stats()
	ended, failures := now.Outcomes, now.Failures
	missed := [reasons]uint64{failures.NoPeer + failures.FailFast, failures.TimedOut, failures.QueueFull}
	missed[other] = failures.Total() - missed[noPeer] - missed[timedOut] - missed[queueFull]
	return stats{
		Pending: now.Pending, Waiting: now.Waiting,
		Departing: now.Departing, DepartingPending: now.DepartingPending,
		Requests: now.Requests,
		Outcomes: [outcomes]uint64{
			ended.Success, ended.Failure, ended.Overloaded, ended.Cancelled, ended.NotSent, ended.Abandoned,
		},
		Missed: missed,
	}
}

func (t *tally) said(event string, choosers []fed) said {
	says := said{Event: event, Calls: t.calls, Good: t.good, Latencies: [][2]uint64{}}
	for n, count := range t.latencies {
		if count > 0 {
			says.Latencies = append(says.Latencies, [2]uint64{uint64(n), count})
		}
	}
	for n, chooser := range t.choosers {
		says.Choosers = append(says.Choosers, chooserSaid{
			choosers[n].Name(), chooser.picks, chooser.outcomes, chooser.missed, statsOf(choosers[n].Chooser),
		})
	}
	return says
}
