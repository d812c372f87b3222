//! How a request ended, and how long it took.

use std::ptr::{self, NonNull};
use std::time::Duration;

use super::finish_with::{finish_slowly, peerage_finish};
use super::guarded;
use super::pick::{PEERAGE_PICK_COUNTED, peerage_pick};
use super::status::{PEERAGE_ERR_FINISHED, PEERAGE_OK, peerage_status};
use super::types::{
    PEERAGE_LATENCY_UNKNOWN, PEERAGE_OUTCOME_SUCCESS, nanoseconds, peerage_outcome,
};
use crate::slot::raw::{self, Heard};
use crate::slot::{Retiring, Slot};
use crate::{Finish, Outcome};

/// Ends the request, once, and clears the pick. The chooser may be gone by now. How long it took is
/// measured from the choice on, but only if the policy asked.
///
/// Ownership: consumes what `pick` held, not its memory
/// Threads: any, one at a time for one pick
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: finished, the policy's finished; release and drop when this was the last request of a removed peer; drop of data that was replaced; ready notices, if requests on a peer are limited; with `eject=` also the policy's available and unavailable, the log
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
    let finish = peerage_finish { outcome, ..peerage_finish::ABANDONED };
    // SAFETY: as above.
    unsafe { finish_watched(pick, &finish) }
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
    let known = latency_ns >= PEERAGE_LATENCY_UNKNOWN;
    // SAFETY: pointers as the header demands.
    if known && unsafe { finish_unwatched(pick, outcome) } {
        return PEERAGE_OK;
    }
    let finish = peerage_finish { outcome, latency_ns, ..peerage_finish::ABANDONED };
    // SAFETY: as above.
    unsafe { finish_watched(pick, &finish) }
}

/// The finish of a policy that learns from it or is told of it; and then of all others.
///
/// # Safety
///
/// Pointers as the header demands.
#[inline(never)]
unsafe fn finish_watched(pick: *mut peerage_pick, said: &peerage_finish) -> peerage_status {
    // SAFETY: by contract of the caller.
    unsafe {
        if let Some(finish) = said.checked() {
            if let Some(status) = finish_heard(pick, finish) {
                return status;
            }
        }
        finish_slowly(pick, said)
    }
}

/// The status of a success that a policy hears of, and nothing else does; of another end none.
///
/// # Safety
///
/// Pointers as the header demands.
#[inline]
unsafe fn finish_heard(pick: *mut peerage_pick, finish: Finish) -> Option<peerage_status> {
    // SAFETY: by contract of the caller.
    let live = unsafe { pick.as_mut() }?;
    let [mark, slot, began, _] = live.opaque;
    if mark as u32 != PEERAGE_PICK_COUNTED as u32 || finish.outcome != Outcome::Success {
        return None;
    }
    let slot = NonNull::new(ptr::with_exposed_provenance_mut::<Slot>(slot as usize))?;
    // SAFETY: marked, so its slot lives; the pick is cleared if the pin is given up.
    match unsafe { raw::unpin_heard(slot, mark, began, finish, || live.clear()) } {
        Heard::No => None,
        Heard::Copied => Some(PEERAGE_ERR_FINISHED),
        Heard::Finished(retiring) => {
            if let Some(retiring) = retiring {
                retire_slowly(retiring);
            }
            Some(PEERAGE_OK)
        }
    }
}

/// Ends the request, once, and clears the pick, with all that its caller knows of it.
///
/// Ownership: consumes what `pick` held, not its memory; borrows `finish`
/// Threads: any, one at a time for one pick
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: as peerage_pick_finish
/// Errors: NULL_POINTER, INVALID_ARGUMENT (the size of `finish` is not one that it has had: nothing changes; a number out of its range: the pick is finished as if that was not said, an outcome as abandoned), FINISHED (nothing changes)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_pick_finish_with(
    pick: *mut peerage_pick,
    finish: *const peerage_finish,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    match unsafe { peerage_finish::read(finish) } {
        // SAFETY: as above.
        Ok(finish) => unsafe { finish_watched(pick, &finish) },
        Err(status) => status,
    }
}

/// The finish that nearly every call is: a success, of a pick that neither peer nor policy want to hear of.
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
    // Of other memory the slot is not read. What is no success is counted, which is slower.
    if mark as u32 != PEERAGE_PICK_COUNTED as u32 || outcome != PEERAGE_OUTCOME_SUCCESS {
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

/// A latency as C is told of it.
pub(super) fn latency_ns(latency: Option<Duration>) -> i64 {
    latency.map_or(PEERAGE_LATENCY_UNKNOWN, nanoseconds)
}
