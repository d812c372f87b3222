package peerage

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

// Key tells the peers of a chooser apart, for its [Policy]. A peer has the same key as often as it
// becomes available, until it leaves the chooser; one that comes back has another.
type Key uint64

// Index is a small number that no other available peer has at the same time, for a table of one's
// own. A peer that has left may share it with the next: keep the key in the table, and compare.
func (k Key) Index() int { return int(uint32(k)) }

// PeerInfo is a peer that has become available, as a [Policy] is told of it.
type PeerInfo struct {
	// Key tells it apart.
	Key Key
	// ID is its identifier.
	ID string
	// Shard is the name under which a hash ring would place it; empty: its identifier.
	Shard string
	// Zone is where it is; empty: unknown.
	Zone string
	// Weight is how much it can take beside others, at least 1.
	Weight int
	// Tier is which tier it belongs to: 0 is the first to be used.
	Tier int
	// Pending is the number of its requests in flight, from before it became unavailable.
	Pending int
}

// Policy chooses the peers of one chooser, see [WithCustomPolicy].
//
// Its methods are called one at a time, so it needs no lock of its own. They should only compute,
// and must not call the chooser or its peers.
type Policy interface {
	// Available is told that a peer can be chosen from now on; or that something else is known of
	// one that can, and then it was Unavailable just before. What is new may be that a request has
	// preferred it, which is pending then without a call of Choose.
	Available(peer PeerInfo)
	// Unavailable is told that the peer cannot be chosen any more. It may become available again,
	// with the same key.
	Unavailable(key Key)
	// Choose returns one of the available peers. The request counts as in flight when this returns.
	// It is lent for the call.
	//
	// If there is none it returns a [Nothing], which says when a waiting caller asks again. Any other
	// error fails the choice with [ErrRejected], and is wrapped.
	Choose(request *Request) (Key, error)
}

// PolicyFinisher is a [Policy] that wants to know when requests have ended.
type PolicyFinisher interface {
	// Finished is told that a request has ended, or that a choice was not used, which is [NotSent].
	// The peer may have become unavailable since, or left. The latency is how long it took; negative
	// if that is not known.
	Finished(key Key, outcome Outcome, latency time.Duration)
}

// PolicyWatcher is a [Policy] that wants to hear more of each request.
type PolicyWatcher interface {
	// Watches is asked once.
	Watches() Watch
}

// PolicyAttacher is a [Policy] that can have waiting callers ask it again.
type PolicyAttacher interface {
	// Attached is told, once and before all else, what to call when those should ask again whom the
	// policy has answered [NothingNotReady]. Any goroutine may call it at any time.
	Attached(askAgain func())
}

// Watch says what a [Policy] wants to hear of each request.
type Watch uint64

const (
	// WatchLatency is how long requests took, for a [PolicyFinisher]. Who finishes one and does not
	// say makes the library look at the clock.
	WatchLatency Watch = C.PEERAGE_WATCH_LATENCY
	// WatchPlaces is that a request has ended, for a policy that answers [NothingAtCapacity].
	WatchPlaces Watch = C.PEERAGE_WATCH_PLACES
)

// Nothing says why a [Policy] has no peer for a request: an error for Choose to return.
type Nothing int64

const (
	// NothingExcluded: peers are available, but none for this request. Asked again when another is.
	NothingExcluded Nothing = C.PEERAGE_CHOICE_EXCLUDED
	// NothingUnavailable: no peer is available. Asked again when one is.
	NothingUnavailable Nothing = C.PEERAGE_CHOICE_UNAVAILABLE
	// NothingNotTheNamed: only the peer that the shard key names will do. Asked again when it is
	// available.
	NothingNotTheNamed Nothing = C.PEERAGE_CHOICE_NOT_THE_NAMED
	// NothingAtCapacity: every peer that would do is full. Asked again when a request ends, for which
	// the policy must watch places.
	NothingAtCapacity Nothing = C.PEERAGE_CHOICE_AT_CAPACITY
	// NothingNotReady: the policy cannot choose just now. Asked again when it says so.
	NothingNotReady Nothing = C.PEERAGE_CHOICE_NOT_READY
)

// NothingTooFew says that fewer peers are available than the request needs. Asked again when
// that many are.
func NothingTooFew(needed int) Nothing {
	return Nothing(max(needed, 0))<<8 | C.PEERAGE_CHOICE_TOO_FEW
}

// Error says why there is no peer.
func (n Nothing) Error() string {
	switch n & 0xff {
	case NothingUnavailable:
		return "no peer is available"
	case NothingNotTheNamed:
		return "the named peer is not available"
	case NothingAtCapacity:
		return "every peer is at its capacity"
	case NothingNotReady:
		return "the policy is not ready"
	case C.PEERAGE_CHOICE_TOO_FEW:
		return fmt.Sprintf("fewer than %d peers are available", n>>8)
	}
	return "no available peer is for this request"
}

func newPolicy(user Policy) (*C.peerage_policy, error) {
	if user == nil {
		return nil, nil
	}
	var watches Watch
	if watcher, ok := user.(PolicyWatcher); ok {
		watches = watcher.Watches()
	}
	_, hears := user.(PolicyFinisher)
	if watches&WatchLatency != 0 && !hears {
		return nil, &Error{Code: ErrInvalidArgument,
			Message: "the policy watches latencies, and has no method Finished to hear them"}
	}
	result := C.peerage_go_policy_new(newHandle(user), flag(hears), C.uint64_t(watches))
	return (*C.peerage_policy)(result.made), outcomeOf(result)
}

//export peerageGoPolicyAvailable
func peerageGoPolicyAvailable(ctx, failures C.uintptr_t, peer *C.peerage_peer_info) C.uintptr_t {
	policy, info := valueOf[Policy](ctx), PeerInfo{
		Key:     Key(peer.key),
		ID:      goText(peer.id),
		Shard:   goText(peer.shard),
		Zone:    goText(peer.zone),
		Weight:  int(peer.weight),
		Tier:    int(peer.tier),
		Pending: int(peer.pending),
	}
	return withFailure(failures, guard("Available", func() error {
		policy.Available(info)
		return nil
	}))
}

//export peerageGoPolicyUnavailable
func peerageGoPolicyUnavailable(ctx, failures C.uintptr_t, key C.uint64_t) C.uintptr_t {
	policy := valueOf[Policy](ctx)
	return withFailure(failures, guard("Unavailable", func() error {
		policy.Unavailable(Key(key))
		return nil
	}))
}

//export peerageGoPolicyChoose
func peerageGoPolicyChoose(ctx, failures C.uintptr_t, given *C.peerage_request) (C.uint64_t, C.int32_t, C.uintptr_t) {
	policy, request := valueOf[Policy](ctx), lentRequest(given)
	var key Key
	err := guard("Choose", func() (err error) {
		key, err = policy.Choose(request)
		return err
	})
	request.lent.end()
	if err == nil {
		return C.uint64_t(key), C.PEERAGE_CHOICE_MADE, failures
	}
	why := NothingExcluded
	if !errors.As(err, &why) {
		failures = withFailure(failures, err)
	} else if why&0xff == C.PEERAGE_CHOICE_MADE {
		why = NothingExcluded // not one of ours
	}
	return C.uint64_t(why >> 8), C.int32_t(why & 0xff), failures
}

//export peerageGoPolicyFinished
func peerageGoPolicyFinished(ctx, failures C.uintptr_t, key C.uint64_t, outcome C.int32_t, latency C.int64_t) C.uintptr_t {
	finisher := valueOf[PolicyFinisher](ctx)
	return withFailure(failures, guard("Finished", func() error {
		finisher.Finished(Key(key), Outcome(outcome), time.Duration(latency))
		return nil
	}))
}

//export peerageGoPolicyAttached
func peerageGoPolicyAttached(ctx, failures C.uintptr_t, raw *C.peerage_ask_again) C.uintptr_t {
	attacher, ok := valueOf[Policy](ctx).(PolicyAttacher)
	if !ok {
		return failures
	}
	again := &askAgain{C.peerage_ask_again_ref(raw)}
	runtime.AddCleanup(again, func(c *C.peerage_ask_again) { C.peerage_ask_again_unref(c) }, again.c)
	return withFailure(failures, guard("Attached", func() error {
		attacher.Attached(again.trigger)
		return nil
	}))
}

// askAgain is what C calls by that name. It refers to nothing of the policy or the chooser, which may
// go before it.
type askAgain struct{ c *C.peerage_ask_again }

func (a *askAgain) trigger() {
	defer runtime.KeepAlive(a)
	logFailures(takeFailures(C.peerage_go_ask_again(a.c).failures))
}

func goText(text C.peerage_str) string { return goString(text.ptr, text.len) }

// lent is a request in C's memory, for as long as the policy that was given it is called.
type lent struct{ c *C.peerage_request }

// lentRequest is what a policy may look at.
func lentRequest(given *C.peerage_request) *Request {
	request := &Request{
		ShardKey:        goText(given.shard_key),
		RoutingKey:      goText(given.routing_key),
		RoutingDelegate: goText(given.routing_delegate),
		Prefer:          goText(given.prefer),
		lent:            &lent{given},
	}
	for _, id := range unsafe.Slice(given.avoid, int(given.avoid_len)) {
		request.Avoid = append(request.Avoid, goText(id))
	}
	return request
}

// end is called when the request is C's again. Copies of it that were kept have no headers then.
func (l *lent) end() { l.c = nil }

func (l *lent) header(name string) (string, bool) {
	if l.c == nil {
		return "", false
	}
	value := C.peerage_go_request_header(l.c, charsOf(name), C.size_t(len(name)))
	if value.len == C.SIZE_MAX {
		return "", false
	}
	return goText(value), true
}
