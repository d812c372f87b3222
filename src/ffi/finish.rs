//! How a request ended, and how long it took.

use std::ptr::{self, NonNull};
use std::time::Duration;

use super::pick::{PEERAGE_PICK_COUNTED, peerage_pick};
use super::status::{
    PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NULL_POINTER, PEERAGE_OK, peerage_status,
};
use super::types::{
    PEERAGE_LATENCY_UNKNOWN, PEERAGE_OUTCOME_ABANDONED, PEERAGE_OUTCOME_CANCELLED,
    PEERAGE_OUTCOME_FAILURE, PEERAGE_OUTCOME_NOT_SENT, PEERAGE_OUTCOME_OVERLOADED,
    PEERAGE_OUTCOME_SUCCESS, peerage_outcome,
};
use super::{checked, guarded};
use crate::slot::{Retiring, Slot, raw};
use crate::{Finish, Outcome};

/// Ends the request, once, and clears the pick. The chooser may be gone by now. How long it took is
/// measured from the choice on, but only if the policy asked.
///
/// Ownership: consumes what `pick` held, not its memory
/// Threads: any, one at a time for one pick
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: finished, the policy's finished; release and drop when this was the last request of a removed peer; drop of data that was replaced
/// Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned), FINISHED (nothing changes)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_finish(
    pick: *mut peerage_pick,
    outcome: peerage_outcome,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    if unsafe { finish_unwatched(pick, outcome) } {
        return PEERAGE_OK;
    }
    // SAFETY: as above.
    unsafe { finish_slowly(pick, outcome, PEERAGE_LATENCY_UNKNOWN) }
}

/// The same with how long the request took, as its caller has measured it, in nanoseconds: for
/// callers that choose long before they send, or count more than the choice saw.
/// `PEERAGE_LATENCY_UNKNOWN`: as peerage_pick_finish.
///
/// Ownership: consumes what `pick` held, not its memory
/// Threads: any, one at a time for one pick
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: as peerage_pick_finish
/// Errors: NULL_POINTER, INVALID_ARGUMENT (an unknown outcome: the pick is finished as abandoned; a latency below -1: the pick is finished as if none was said), FINISHED (nothing changes)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_finish_timed(
    pick: *mut peerage_pick,
    outcome: peerage_outcome,
    latency_ns: i64,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    if latency_ns >= PEERAGE_LATENCY_UNKNOWN && unsafe { finish_unwatched(pick, outcome) } {
        return PEERAGE_OK;
    }
    // SAFETY: as above.
    unsafe { finish_slowly(pick, outcome, latency_ns) }
}

/// The finish that nearly every call is: of a pick that neither peer nor policy want to hear of.
/// Returns whether it was one.
///
/// # Safety
///
/// `NULL`, or memory of a pick, live or not.
#[inline]
unsafe fn finish_unwatched(pick: *mut peerage_pick, outcome: peerage_outcome) -> bool {
    // SAFETY: by contract of the caller.
    let Some(live) = (unsafe { pick.as_mut() }) else { return false };
    let [mark, slot, ..] = live.opaque;
    // Of other memory the slot is not read.
    if mark as u32 != PEERAGE_PICK_COUNTED as u32 || outcome_of(outcome).is_none() {
        return false;
    }
    let Some(slot) = NonNull::new(ptr::with_exposed_provenance_mut::<Slot>(slot as usize)) else {
        return false;
    };
    // SAFETY: marked, so its slot lives; the pick is cleared if the pin is given up.
    let Some(retiring) = (unsafe { raw::unpin_unwatched(slot, mark) }) else { return false };
    live.clear();
    if let Some(retiring) = retiring {
        retire_slowly(retiring);
    }
    true
}

#[cold]
#[inline(never)]
fn retire_slowly(retiring: Retiring<Slot>) {
    guarded((), || raw::retire(retiring));
}

fn outcome_of(number: peerage_outcome) -> Option<Outcome> {
    Some(match number {
        PEERAGE_OUTCOME_SUCCESS => Outcome::Success,
        PEERAGE_OUTCOME_FAILURE => Outcome::Failure,
        PEERAGE_OUTCOME_OVERLOADED => Outcome::Overloaded,
        PEERAGE_OUTCOME_CANCELLED => Outcome::Cancelled,
        PEERAGE_OUTCOME_NOT_SENT => Outcome::NotSent,
        PEERAGE_OUTCOME_ABANDONED => Outcome::Abandoned,
        _ => return None,
    })
}

/// A latency as C is told of it.
pub(super) fn latency_ns(latency: Option<Duration>) -> i64 {
    latency.map_or(PEERAGE_LATENCY_UNKNOWN, |latency| {
        latency.as_nanos().try_into().unwrap_or(i64::MAX)
    })
}

#[cold]
#[inline(never)]
unsafe fn finish_slowly(
    pick: *mut peerage_pick,
    outcome: peerage_outcome,
    latency_ns: i64,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let pick = unsafe { pick.as_mut() }.ok_or(PEERAGE_ERR_NULL_POINTER)?.take()?;
        let known = outcome_of(outcome);
        let latency = u64::try_from(latency_ns).ok().map(Duration::from_nanos);
        let outcome = known.unwrap_or(Outcome::Abandoned);
        pick.finish(Finish { latency, ..Finish::new(outcome) });
        if known.is_none() || latency_ns < PEERAGE_LATENCY_UNKNOWN {
            return Err(PEERAGE_ERR_INVALID_ARGUMENT);
        }
        Ok(())
    })
}
