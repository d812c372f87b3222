package peerage

// #include "shim.h"
import "C"

import "time"

// Stats are a chooser in numbers at one moment. What is counted since the chooser was made never goes down, but
// for Requests.
//
// Requests is the sum of Outcomes, Pending and DepartingPending: exactly when no request begins or ends
// during the call, else within those that do. Requests may go down: a choice that is taken back, for a waiter
// or a context that is done, is counted for a moment.
type Stats struct {
	// State is where it is in its life.
	State State
	// Peers is how many peers it has retained, Available how many of them can be chosen.
	Peers, Available int
	// Connecting and Unavailable are how many of them have this status, SetAside how many are connected and
	// not to be chosen for another reason.
	Connecting, Unavailable, SetAside int
	// Uninitialized is how many peers it knows and has not retained, because it does not run or uses a
	// subset.
	Uninitialized int
	// Pending is the number of requests in flight, from this chooser, on the peers that it has
	// retained.
	Pending uint64
	// Waiting is how many callers wait for a peer.
	Waiting int
	// Departing is how many peers have left and are not released yet, mostly because of requests in
	// flight; they are in none of the other counts. [Chooser.Drain] waits for them.
	Departing int
	// DepartingPending is the number of requests in flight on them.
	DepartingPending uint64
	// Requests is how many requests were given to a peer since the chooser was made, those in flight
	// included.
	Requests uint64
	// Outcomes says how they have ended.
	Outcomes Outcomes
	// Waits says how long callers have waited for a peer, in vain or not: those that got one at once are not
	// here.
	Waits Histogram
	// Failures are the choices that found no peer.
	Failures Failures
	// StatusChanges are those of its peers.
	StatusChanges StatusChanges
	// Ejections is how often a peer was ejected ("eject=").
	Ejections uint64
	// Updates are the changes of its members.
	Updates UpdateCounts
}

// Outcomes are requests by how they have ended.
type Outcomes struct {
	// Each is named as an [Outcome]. Abandoned are those that the library was told of without one.
	Success, Failure, Overloaded, Cancelled, NotSent, Abandoned uint64
}

// Total returns how many have ended, whichever way.
func (o Outcomes) Total() uint64 {
	return o.Success + o.Failure + o.Overloaded + o.Cancelled + o.NotSent + o.Abandoned
}

// Failures are choices that found no peer, by how they ended. What the chooser lacked is the Cause of
// each one's [Error].
type Failures struct {
	// NoPeer did not wait, and nothing could be chosen.
	NoPeer uint64
	// FailFast would have waited, but the chooser is set to fail fast.
	FailFast uint64
	// TimedOut found nothing in time.
	TimedOut uint64
	// QueueFull was not to wait, because as many callers did as may.
	QueueFull uint64
	// Cancelled was given up by its context.
	Cancelled uint64
	// Stopped met a stop of the chooser, before or during the wait.
	Stopped uint64
	// NotRunning met a chooser that was not started in time.
	NotRunning uint64
	// NotRetained asked for a peer that the transport did not give.
	NotRetained uint64
	// PolicyPanicked failed inside a policy of one's own.
	PolicyPanicked uint64
	// InvalidRequest lacks what the chooser needs of it, or has it in a form that cannot be.
	InvalidRequest uint64
}

// Total returns how many there were, however they ended.
func (f Failures) Total() uint64 {
	return f.NoPeer + f.FailFast + f.TimedOut + f.QueueFull + f.Cancelled + f.Stopped + f.NotRunning +
		f.NotRetained + f.PolicyPanicked + f.InvalidRequest
}

// StatusChanges are how often peers have changed to a status. One that is retained begins as Unavailable,
// which is no change.
type StatusChanges struct {
	// Each is named as a [Status].
	Available, Connecting, Unavailable uint64
}

// UpdateCounts are how often the members of a chooser were updated.
type UpdateCounts struct {
	// Applied went well as a whole; of Failed a part did not.
	Applied, Failed uint64
	// Age is how long ago the last one was, whether or not it went well; negative if there was none.
	Age time.Duration
}

// Check is what the checks of a peer have shown, as its transport tells: [Peer.Checked].
type Check struct {
	// Passed and Failed are how many did.
	Passed, Failed uint64
	// Last is how the last one ended, in words; empty if that was not told.
	Last string
}

// WaitBuckets is how many buckets a [Histogram] has room for.
const WaitBuckets = C.PEERAGE_HISTOGRAM_PLACES

// Histogram says how long something took, by how often.
type Histogram struct {
	// Len is how many of the buckets are in use; 0 of no chooser.
	Len int
	// Counts[i] is how many took at most Bounds[i], and longer than Bounds[i-1].
	Counts [WaitBuckets]uint64
	// Bounds are in ascending order. The last in use is the longest duration that there is.
	Bounds [WaitBuckets]time.Duration
	// Sum is all of them together.
	Sum time.Duration
}

// Count returns how many there were.
func (h Histogram) Count() uint64 {
	var count uint64
	for _, bucket := range h.Counts {
		count += bucket
	}
	return count
}

func statsOf(from *C.peerage_stats) Stats {
	stats := Stats{
		State:            State(from.state),
		Peers:            int(from.peers),
		Available:        int(from.available),
		Connecting:       int(from.connecting),
		Unavailable:      int(from.unavailable),
		SetAside:         int(from.set_aside),
		Uninitialized:    int(from.uninitialized),
		Pending:          uint64(from.pending),
		Waiting:          int(from.waiting),
		Departing:        int(from.departing),
		DepartingPending: uint64(from.departing_pending),
		Requests:         uint64(from.requests),
		Outcomes:         outcomesOf(&from.outcomes),
		Failures:         failuresOf(&from.failures),
		StatusChanges: StatusChanges{
			Available:   uint64(from.status_changes[C.PEERAGE_CONNECTION_AVAILABLE]),
			Connecting:  uint64(from.status_changes[C.PEERAGE_CONNECTION_CONNECTING]),
			Unavailable: uint64(from.status_changes[C.PEERAGE_CONNECTION_UNAVAILABLE]),
		},
		Ejections: uint64(from.ejections),
		Updates: UpdateCounts{
			Applied: uint64(from.updates_applied),
			Failed:  uint64(from.updates_failed),
			Age:     time.Duration(from.update_age_ns),
		},
	}
	stats.Waits.Len = int(from.waits.len)
	stats.Waits.Sum = time.Duration(from.waits.sum_ns)
	for i := range stats.Waits.Counts {
		stats.Waits.Counts[i] = uint64(from.waits.counts[i])
		stats.Waits.Bounds[i] = time.Duration(from.waits.bounds_ns[i])
	}
	return stats
}

func outcomesOf(from *[C.PEERAGE_OUTCOME_PLACES]C.uint64_t) Outcomes {
	return Outcomes{
		Success:    uint64(from[C.PEERAGE_OUTCOME_SUCCESS]),
		Failure:    uint64(from[C.PEERAGE_OUTCOME_FAILURE]),
		Overloaded: uint64(from[C.PEERAGE_OUTCOME_OVERLOADED]),
		Cancelled:  uint64(from[C.PEERAGE_OUTCOME_CANCELLED]),
		NotSent:    uint64(from[C.PEERAGE_OUTCOME_NOT_SENT]),
		Abandoned:  uint64(from[C.PEERAGE_OUTCOME_ABANDONED]),
	}
}

func failuresOf(from *[C.PEERAGE_FAILURE_PLACES]C.uint64_t) Failures {
	return Failures{
		NoPeer:         uint64(from[C.PEERAGE_FAILURE_NO_PEER]),
		FailFast:       uint64(from[C.PEERAGE_FAILURE_FAIL_FAST]),
		TimedOut:       uint64(from[C.PEERAGE_FAILURE_TIMED_OUT]),
		QueueFull:      uint64(from[C.PEERAGE_FAILURE_QUEUE_FULL]),
		Cancelled:      uint64(from[C.PEERAGE_FAILURE_CANCELLED]),
		Stopped:        uint64(from[C.PEERAGE_FAILURE_STOPPED]),
		NotRunning:     uint64(from[C.PEERAGE_FAILURE_NOT_RUNNING]),
		NotRetained:    uint64(from[C.PEERAGE_FAILURE_NOT_RETAINED]),
		PolicyPanicked: uint64(from[C.PEERAGE_FAILURE_POLICY_PANICKED]),
		InvalidRequest: uint64(from[C.PEERAGE_FAILURE_INVALID_REQUEST]),
	}
}

func checkOf(from *C.peerage_check) Check {
	if from == nil {
		return Check{}
	}
	return Check{Passed: uint64(from.passed), Failed: uint64(from.failed), Last: goText(from.last)}
}
