package peerage

// #include "shim.h"
import "C"

// Cause says what kept a choice from finding a peer. Where the [Code] of an [Error] says how the call
// ended (it timed out, it was not to wait), this says what it would have taken. A newer library may
// know others.
type Cause int32

// The causes. In C they begin with 0, which here is the value of an error that has none.
const (
	// NoCause is that of an error which is not a choice's.
	NoCause Cause = 0
	// CauseTooLate is none any more: a peer can be chosen by now, or became available too late.
	CauseTooLate Cause = C.PEERAGE_CAUSE_TOO_LATE + 1
	// CauseNoPeers is a chooser that has no peers.
	CauseNoPeers Cause = C.PEERAGE_CAUSE_NO_PEERS + 1
	// CauseNoneConnected is a chooser with peers of which none is connected.
	CauseNoneConnected Cause = C.PEERAGE_CAUSE_NONE_CONNECTED + 1
	// CauseSetAside is a chooser whose connected peers are ejected, draining or outside the subset.
	CauseSetAside Cause = C.PEERAGE_CAUSE_SET_ASIDE + 1
	// CauseExcluded is a chooser with available peers, none of them for this request.
	CauseExcluded Cause = C.PEERAGE_CAUSE_EXCLUDED + 1
	// CauseTooFew is a request that needs more available peers than there are.
	CauseTooFew Cause = C.PEERAGE_CAUSE_TOO_FEW + 1
	// CauseNotTheNamed is a request whose peer is not available.
	CauseNotTheNamed Cause = C.PEERAGE_CAUSE_NOT_THE_NAMED + 1
	// CauseNotInList is a request whose peer is not in the list.
	CauseNotInList Cause = C.PEERAGE_CAUSE_NOT_IN_LIST + 1
	// CauseAtCapacity is that every peer that would do has as many requests as it may have.
	CauseAtCapacity Cause = C.PEERAGE_CAUSE_AT_CAPACITY + 1
	// CauseNotReady is a policy that was not ready to choose.
	CauseNotReady Cause = C.PEERAGE_CAUSE_NOT_READY + 1
	// CauseCancelledBefore is a call that was cancelled before it began.
	CauseCancelledBefore Cause = C.PEERAGE_CAUSE_CANCELLED_BEFORE + 1
	// CauseCancelled is a call that was cancelled while it waited.
	CauseCancelled Cause = C.PEERAGE_CAUSE_CANCELLED + 1
	// CauseStopped is a chooser that was stopped.
	CauseStopped Cause = C.PEERAGE_CAUSE_STOPPED + 1
	// CauseNotRunning is a chooser that was not running.
	CauseNotRunning Cause = C.PEERAGE_CAUSE_NOT_RUNNING + 1
	// CauseNotRetained is a transport that did not give the peer that the request names.
	CauseNotRetained Cause = C.PEERAGE_CAUSE_NOT_RETAINED + 1
	// CauseInvalidRequest is a request that lacks what the chooser needs of it.
	CauseInvalidRequest Cause = C.PEERAGE_CAUSE_INVALID_REQUEST + 1
	// CausePolicyFailed is a policy of the user's own that panicked, or returned an error.
	CausePolicyFailed Cause = C.PEERAGE_CAUSE_POLICY_PANICKED + 1
	// CauseQueueFull is that as many callers waited already as may.
	CauseQueueFull Cause = C.PEERAGE_CAUSE_QUEUE_FULL + 1
	// CauseBelowThreshold is a chooser that fails because too few peers are available ("panic=fail").
	CauseBelowThreshold Cause = C.PEERAGE_CAUSE_BELOW_THRESHOLD + 1
)

// String returns the name of the cause, such as NONE_CONNECTED; empty for [NoCause].
func (c Cause) String() string {
	if c == NoCause {
		return ""
	}
	return C.GoString(C.peerage_cause_name(C.peerage_cause(c - 1)))
}

func causeOf(number C.peerage_cause) Cause { return Cause(number) + 1 }
