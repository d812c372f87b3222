package peerage

// #include "shim.h"
import "C"

// Key tells the peers of a chooser apart, for its [Policy].
type Key uint64

// Policy chooses the peers of one chooser, see [WithPolicy].
//
// Its methods are called one at a time, so it needs no lock of its own. They should only compute,
// and must not call the chooser or its peers.
type Policy interface {
	// Added is told that a peer can be chosen from now on. It may have requests in flight from
	// before.
	Added(key Key, id string, pending int)
	// Removed is told that the peer cannot be chosen any more. It may be added again.
	Removed(key Key)
	// Choose returns a peer that is added, for a request whose headers and peers to avoid are not
	// passed on; false if it has none. The request counts as in flight when this returns.
	Choose(request *Request) (Key, bool)
}

// PolicyFinisher is a [Policy] that wants to know when requests have ended.
type PolicyFinisher interface {
	// Finished is told that a request has ended. Its peer may have been removed.
	Finished(key Key, outcome Outcome)
}

func newPolicy(user Policy) (*C.peerage_policy, error) {
	if user == nil {
		return nil, nil
	}
	result := C.peerage_go_policy_new(newHandle(user))
	return (*C.peerage_policy)(result.made), outcomeOf(result)
}

//export peerageGoPolicyAdded
func peerageGoPolicyAdded(ctx, failures C.uintptr_t, key C.uint64_t, id *C.char, idLen C.size_t, pending C.uint32_t) C.uintptr_t {
	policy, name := valueOf[Policy](ctx), goString(id, idLen)
	return withFailure(failures, guard("Added", func() error {
		policy.Added(Key(key), name, int(pending))
		return nil
	}))
}

//export peerageGoPolicyRemoved
func peerageGoPolicyRemoved(ctx, failures C.uintptr_t, key C.uint64_t) C.uintptr_t {
	policy := valueOf[Policy](ctx)
	return withFailure(failures, guard("Removed", func() error {
		policy.Removed(Key(key))
		return nil
	}))
}

//export peerageGoPolicyChoose
func peerageGoPolicyChoose(ctx, failures C.uintptr_t, shardKey *C.char, shardKeyLen C.size_t, routingKey *C.char, routingKeyLen C.size_t, delegate *C.char, delegateLen C.size_t) (C.uint64_t, C.int32_t, C.uintptr_t) {
	policy := valueOf[Policy](ctx)
	request := &Request{
		ShardKey:        goString(shardKey, shardKeyLen),
		RoutingKey:      goString(routingKey, routingKeyLen),
		RoutingDelegate: goString(delegate, delegateLen),
	}
	var key Key
	var found bool
	err := guard("Choose", func() error {
		key, found = policy.Choose(request)
		return nil
	})
	if err != nil || !found {
		return 0, 1, withFailure(failures, err)
	}
	return C.uint64_t(key), 0, failures
}

//export peerageGoPolicyFinished
func peerageGoPolicyFinished(ctx, failures C.uintptr_t, key C.uint64_t, outcome C.int32_t) C.uintptr_t {
	finisher, ok := valueOf[Policy](ctx).(PolicyFinisher)
	if !ok {
		return failures
	}
	return withFailure(failures, guard("Finished", func() error {
		finisher.Finished(Key(key), Outcome(outcome))
		return nil
	}))
}
