//! Why a choice found no peer. The hot calls answer with a number; this makes the sentence of it.

use std::ffi::c_char;
use std::time::Duration;

use super::chooser::peerage_chooser;
use super::request::{peerage_request, with_request};
use super::status::{
    PEERAGE_ERR_CANCELLED, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_INVALID_UTF8,
    PEERAGE_ERR_NO_PEER, PEERAGE_ERR_NOT_RUNNING, PEERAGE_ERR_PANIC, PEERAGE_ERR_QUEUE_FULL,
    PEERAGE_ERR_REJECTED, PEERAGE_ERR_STOPPED, PEERAGE_ERR_TIMED_OUT, peerage_status,
};
use super::types::write_shown;
use super::{checked, hold};
use crate::{Cause, Ended, Request};

/// What kept a choice from finding a peer: one of `PEERAGE_CAUSE_*`. New numbers may appear.
pub type peerage_cause = i32;

/// Nothing any more: a peer can be chosen by now, or became available too late for the call.
pub const PEERAGE_CAUSE_TOO_LATE: peerage_cause = 0;
/// The chooser has no peers.
pub const PEERAGE_CAUSE_NO_PEERS: peerage_cause = 1;
/// It has peers, and none of them is connected.
pub const PEERAGE_CAUSE_NONE_CONNECTED: peerage_cause = 2;
/// Peers are connected, and all of them are ejected, draining or outside the subset.
pub const PEERAGE_CAUSE_SET_ASIDE: peerage_cause = 3;
/// Peers are available, but none for this request.
pub const PEERAGE_CAUSE_EXCLUDED: peerage_cause = 4;
/// Fewer peers are available than the request needs.
pub const PEERAGE_CAUSE_TOO_FEW: peerage_cause = 5;
/// The peer that the request names is not available.
pub const PEERAGE_CAUSE_NOT_THE_NAMED: peerage_cause = 6;
/// The peer that the request names is not in the list.
pub const PEERAGE_CAUSE_NOT_IN_LIST: peerage_cause = 7;
/// Every peer that would do has as many requests as it may have.
pub const PEERAGE_CAUSE_AT_CAPACITY: peerage_cause = 8;
/// The policy was not ready to choose.
pub const PEERAGE_CAUSE_NOT_READY: peerage_cause = 9;
/// The call was cancelled before it began.
pub const PEERAGE_CAUSE_CANCELLED_BEFORE: peerage_cause = 10;
/// The call was cancelled while it waited.
pub const PEERAGE_CAUSE_CANCELLED: peerage_cause = 11;
/// The chooser was stopped.
pub const PEERAGE_CAUSE_STOPPED: peerage_cause = 12;
/// The chooser was not running.
pub const PEERAGE_CAUSE_NOT_RUNNING: peerage_cause = 13;
/// The transport did not give the peer that the request names.
pub const PEERAGE_CAUSE_NOT_RETAINED: peerage_cause = 14;
/// The request lacks what the chooser needs of it, or has it in a form that cannot be.
pub const PEERAGE_CAUSE_INVALID_REQUEST: peerage_cause = 15;
/// The policy, which is the user's own, failed inside.
pub const PEERAGE_CAUSE_POLICY_PANICKED: peerage_cause = 16;
/// As many callers waited already as may.
pub const PEERAGE_CAUSE_QUEUE_FULL: peerage_cause = 17;
/// Fewer peers are available than the list needs not to fail (`panic=fail`).
pub const PEERAGE_CAUSE_BELOW_THRESHOLD: peerage_cause = 18;

const _: () = assert!(
    PEERAGE_CAUSE_TOO_LATE == Cause::TooLate as i32
        && PEERAGE_CAUSE_NONE_CONNECTED == Cause::NoneConnected as i32
        && PEERAGE_CAUSE_NOT_IN_LIST == Cause::NotInList as i32
        && PEERAGE_CAUSE_CANCELLED_BEFORE == Cause::CancelledBefore as i32
        && PEERAGE_CAUSE_POLICY_PANICKED == Cause::PolicyPanicked as i32
        && PEERAGE_CAUSE_QUEUE_FULL == Cause::QueueFull as i32
        && PEERAGE_CAUSE_BELOW_THRESHOLD == Cause::BelowThreshold as i32
);

/// How long a choice waited that was not to wait: see peerage_chooser_explain.
pub const PEERAGE_DID_NOT_WAIT: i64 = -1_i64;

/// Explains a choice that found no peer: one sentence for a log, with the chooser's name, what it has
/// and what the call waited for, and the cause as a number. Both are of the chooser as it is now, so
/// call it at once.
///
/// `status` is what the choice returned; `waited_ns` how long it took by the caller's clock, 0 if it
/// ended before it waited, or `PEERAGE_DID_NOT_WAIT` after peerage_chooser_try_choose or a timeout of
/// 0; `request` that of the choice. `buf` gets the text, cut to `buf_len` bytes and always
/// NUL-terminated, and may be `NULL` when `buf_len` is 0; `needed` gets the length of the whole text,
/// the terminator not counted, and `cause` one of `PEERAGE_CAUSE_*`; both may be `NULL`.
///
/// Ownership: borrows `request`; writes `buf`, `needed` and `cause` on success
/// Threads: any
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: the policy's choose, and finished if it finds a peer; with `eject=` the policy's available and unavailable, ready notices, the log
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`status` is none of a choice that found no peer, `waited_ns` is below -1)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_explain(
    chooser: *const peerage_chooser,
    status: peerage_status,
    waited_ns: i64,
    request: *const peerage_request,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
    cause: *mut peerage_cause,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let ended = ended_of(status).ok_or(PEERAGE_ERR_INVALID_ARGUMENT)?;
        let waited = match waited_ns {
            PEERAGE_DID_NOT_WAIT => None,
            ns => Some(u64::try_from(ns).map_err(|_| PEERAGE_ERR_INVALID_ARGUMENT)?),
        };
        let waited = waited.map(Duration::from_nanos);
        let explain = |request: &Request<'_>| Ok(chooser.kind.explain(ended, waited, request));
        // A request that cannot be read is what the choice failed for: it is explained without.
        // SAFETY: as above.
        let error = unsafe { with_request(request, explain) }
            .or_else(|_: peerage_status| explain(&Request::new()))?;
        // SAFETY: as above.
        unsafe { write_shown(&error, buf, buf_len, needed) }?;
        if !cause.is_null() {
            // SAFETY: as above.
            unsafe { cause.write(error.cause() as i32) };
        }
        Ok(())
    })
}

pub(super) fn ended_of(status: peerage_status) -> Option<Ended> {
    Some(match status {
        PEERAGE_ERR_NO_PEER => Ended::NoPeer,
        PEERAGE_ERR_TIMED_OUT => Ended::TimedOut,
        PEERAGE_ERR_QUEUE_FULL => Ended::QueueFull,
        PEERAGE_ERR_CANCELLED => Ended::Cancelled,
        PEERAGE_ERR_STOPPED => Ended::Stopped,
        PEERAGE_ERR_NOT_RUNNING => Ended::NotRunning,
        PEERAGE_ERR_REJECTED => Ended::NotRetained,
        PEERAGE_ERR_INVALID_ARGUMENT | PEERAGE_ERR_INVALID_UTF8 => Ended::InvalidRequest,
        PEERAGE_ERR_PANIC => Ended::PolicyPanicked,
        _ => return None,
    })
}
