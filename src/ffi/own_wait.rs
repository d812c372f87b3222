//! For callers that wait by themselves: what they have waited is counted when they say so.

use std::time::Duration;

use super::choose::{choose, status_of, try_choose_now};
use super::chooser::peerage_chooser;
use super::explain::{PEERAGE_DID_NOT_WAIT, ended_of};
use super::pick::peerage_pick;
use super::request::peerage_request;
use super::status::{PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_OK, peerage_status};
use super::{checked, hold};

/// Hands out a peer if there is one now, as peerage_chooser_try_choose does. One that finds none is not
/// counted in the `failures` of peerage_stats: its caller waits by itself, for a notice or by the descriptor,
/// tries again, and tells at the end how that was: peerage_chooser_waited.
///
/// Ownership: writes `out` on success: finish it with peerage_pick_finish
/// Threads: any
/// Blocks: as peerage_chooser_try_choose
/// Calls back: as peerage_chooser_try_choose
/// Errors: as for peerage_chooser_try_choose
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_try_again(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        if try_choose_now(chooser, request, out) {
            return PEERAGE_OK;
        }
        choose(chooser, request, out, |chooser, request| {
            chooser.kind.try_uncounted(request).map_err(status_of)
        })
    }
}

/// Counts in peerage_stats how a wait of the caller's own has ended. `status` is PEERAGE_OK if it got a peer,
/// else what it is given up for, as for peerage_chooser_explain; `waited_ns` how long it took by the caller's
/// clock, 0 if it ended before it waited, or `PEERAGE_DID_NOT_WAIT` if it was not to wait.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`status` is none of a choice, `waited_ns` is below -1)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_waited(
    chooser: *const peerage_chooser,
    status: peerage_status,
    waited_ns: i64,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let waited = match waited_ns {
            PEERAGE_DID_NOT_WAIT => None,
            ns => Some(u64::try_from(ns).map_err(|_| PEERAGE_ERR_INVALID_ARGUMENT)?),
        };
        let ended = match status {
            PEERAGE_OK => None,
            status => Some(ended_of(status).ok_or(PEERAGE_ERR_INVALID_ARGUMENT)?),
        };
        chooser.kind.count_own_wait(ended, waited.map(Duration::from_nanos));
        Ok(())
    })
}
