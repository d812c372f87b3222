//! The hot calls. No allocation, no error object.

use std::ptr;
use std::time::Duration;

use super::cancel::peerage_cancel;
use super::chooser::peerage_chooser;
use super::options::{PEERAGE_TIMEOUT_DEFAULT, PEERAGE_TIMEOUT_FOREVER};
use super::pick::peerage_pick;
use super::request::{peerage_request, with_request};
use super::status::{
    PEERAGE_ERR_CANCELLED, PEERAGE_ERR_INVALID_ARGUMENT, PEERAGE_ERR_NO_PEER,
    PEERAGE_ERR_NOT_RUNNING, PEERAGE_ERR_NULL_POINTER, PEERAGE_ERR_QUEUE_FULL,
    PEERAGE_ERR_REJECTED, PEERAGE_ERR_STOPPED, PEERAGE_ERR_TIMED_OUT, PEERAGE_OK, peerage_status,
};
use super::{PEERAGE_ERR_PANIC, checked, hold};
use crate::slot::Pinned;
use crate::{AnyChooser, ChooseError, ChooseErrorKind, Chooser, PeerList, Pick, Request, Wait};

// By value as `map_err` wants it.
#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn status_of(error: ChooseError) -> peerage_status {
    match error.kind() {
        ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast => PEERAGE_ERR_NO_PEER,
        ChooseErrorKind::TimedOut(_) => PEERAGE_ERR_TIMED_OUT,
        ChooseErrorKind::QueueFull(_) => PEERAGE_ERR_QUEUE_FULL,
        ChooseErrorKind::Cancelled => PEERAGE_ERR_CANCELLED,
        ChooseErrorKind::Stopped => PEERAGE_ERR_STOPPED,
        ChooseErrorKind::NotRunning(_) => PEERAGE_ERR_NOT_RUNNING,
        ChooseErrorKind::NotRetained => PEERAGE_ERR_REJECTED,
        ChooseErrorKind::PolicyPanicked => PEERAGE_ERR_PANIC,
        ChooseErrorKind::InvalidRequest(_) => PEERAGE_ERR_INVALID_ARGUMENT,
    }
}

impl peerage_chooser {
    #[inline]
    fn try_choose(&self, request: &Request<'_>) -> Result<Pick, ChooseError> {
        self.kind.try_choose(request)
    }
}

/// # Safety
///
/// Pointers as the header demands.
#[inline]
pub(super) unsafe fn choose(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
    call: impl FnOnce(&peerage_chooser, &Request<'_>) -> Result<Pick, peerage_status>,
) -> peerage_status {
    checked(|| {
        // SAFETY: by contract of the caller.
        let shared = unsafe { chooser.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        if out.is_null() {
            return Err(PEERAGE_ERR_NULL_POINTER);
        }
        // SAFETY: as above.
        let _held = shared.made.calls_back.then(|| unsafe { hold(chooser) });
        // SAFETY: as above.
        let pick = unsafe {
            with_request(request, |request| {
                shared.check(request)?;
                call(shared, request)
            })
        }?;
        // SAFETY: as above.
        unsafe { out.write(peerage_pick::of(pick)?) };
        Ok(())
    })
}

const NOTHING: Request<'static> = Request::new();

/// The choice that nearly every call is: no callback, and a peer at once. `false`: look closer.
///
/// Written for what it costs, by the profile of a program in C (`ffi-tests/bench`): no result in
/// memory, no guard against panics, which is a call, and the rare rest in functions of its own. No
/// code of the user's runs in here; a fault of the library's own ends the process.
///
/// # Safety
///
/// Pointers as the header demands.
#[inline(always)]
unsafe fn choose_now(
    chooser: *const peerage_chooser,
    out: *mut peerage_pick,
    pin: impl FnOnce(&PeerList) -> Option<Pinned<'_>>,
) -> bool {
    // SAFETY: by contract of the caller.
    let Some(shared) = (unsafe { chooser.as_ref() }) else { return false };
    let AnyChooser::List(list) = &shared.kind else { return false };
    if out.is_null() || shared.made.calls_back {
        return false;
    }
    match pin(list) {
        Some(pinned) => {
            // SAFETY: as above.
            unsafe { peerage_pick::write(out, pinned) };
            true
        }
        None => false,
    }
}

/// The same for no request in particular.
///
/// # Safety
///
/// Pointers as the header demands.
#[inline(always)]
unsafe fn choose_any_now(chooser: *const peerage_chooser, out: *mut peerage_pick) -> bool {
    // SAFETY: by contract of the caller.
    unsafe { choose_now(chooser, out, pin_any) }
}

/// The same for a request that may be `NULL`.
///
/// # Safety
///
/// Pointers as the header demands.
#[inline(always)]
pub(super) unsafe fn try_choose_now(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
) -> bool {
    // SAFETY: by contract of the caller.
    unsafe {
        if request.is_null() {
            choose_any_now(chooser, out)
        } else {
            choose_for_now(chooser, request, out)
        }
    }
}

/// A function and not a closure, so that it is inlined: one frame for all of a choice.
#[inline(always)]
fn pin_any(list: &PeerList) -> Option<Pinned<'_>> {
    list.pin_plain(&NOTHING)
}

/// The same for a request.
///
/// # Safety
///
/// Pointers as the header demands; `request` is not `NULL`.
#[inline(never)]
unsafe fn choose_for_now(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
) -> bool {
    // SAFETY: by contract of the caller.
    unsafe { choose_now(chooser, out, |list| pin_for(list, request)) }
}

/// # Safety
///
/// A request whose pointers are valid for the call.
#[inline]
unsafe fn pin_for(list: &PeerList, request: *const peerage_request) -> Option<Pinned<'_>> {
    let pin = |request: &Request<'_>| list.pin_plain(request).ok_or(PEERAGE_ERR_NO_PEER);
    // SAFETY: by contract of the caller.
    unsafe { with_request(request, pin) }.ok()
}

/// Hands out a peer if there is one now. `request` may be `NULL`.
///
/// Ownership: writes `out` on success: finish it with peerage_pick_finish
/// Threads: any
/// Blocks: never; with a policy of one's own until it has returned from another thread's call
/// Calls back: the policy's choose, started; with `direct` retain and release; with `eject=` the policy's available and unavailable, ready notices, the log
/// Errors: NULL_POINTER, NO_PEER, NOT_RUNNING, STOPPED, INVALID_ARGUMENT (with `direct` also a shard key that is empty, is not UTF-8 or holds a NUL), INVALID_UTF8 (a header's name, an identifier to avoid or prefer), REJECTED (with `direct`), PANIC
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_try_choose(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        if try_choose_now(chooser, request, out) {
            return PEERAGE_OK;
        }
        try_choose_slowly(chooser, request, out)
    }
}

/// Hands out a peer, and waits for one up to `timeout_ns`: `PEERAGE_TIMEOUT_FOREVER`,
/// `PEERAGE_TIMEOUT_DEFAULT`, or 0 to not wait. `request` and `cancel` may be `NULL`.
///
/// Ownership: writes `out` on success: finish it with peerage_pick_finish; borrows `cancel`
/// Threads: any
/// Blocks: until a peer can be chosen, the deadline, the cancel token or a stop; with a policy of one's own, whatever the limit, until it has returned from another thread's call
/// Calls back: the policy's choose, started; with `direct` retain and release; the log; ready notices, if requests on a peer are limited; with `eject=` also the policy's available and unavailable
/// Errors: NULL_POINTER, NO_PEER (fail-fast), TIMED_OUT, QUEUE_FULL (`max-waiting`), CANCELLED, STOPPED, NOT_RUNNING, INVALID_ARGUMENT (with `direct` also a shard key that is empty, is not UTF-8 or holds a NUL), INVALID_UTF8 (a header's name, an identifier to avoid or prefer), REJECTED (with `direct`), PANIC
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_choose(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    timeout_ns: i64,
    cancel: *const peerage_cancel,
    out: *mut peerage_pick,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        // What is known here is not kept across the choice: it would take registers.
        let given = request.addr() | cancel.addr();
        if given != 0 || timeout_ns < PEERAGE_TIMEOUT_DEFAULT {
            return choose_with(chooser, request, timeout_ns, cancel, out);
        }
        if choose_any_now(chooser, out) {
            return PEERAGE_OK;
        }
        choose_slowly(chooser, ptr::null(), timeout_ns, ptr::null(), out)
    }
}

/// A choice for a request, or with a token.
#[inline(never)]
unsafe fn choose_with(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    timeout_ns: i64,
    cancel: *const peerage_cancel,
    out: *mut peerage_pick,
) -> peerage_status {
    let plain = timeout_ns >= PEERAGE_TIMEOUT_DEFAULT && cancel.is_null();
    // SAFETY: pointers as the header demands.
    unsafe {
        if plain && choose_for_now(chooser, request, out) {
            return PEERAGE_OK;
        }
        choose_slowly(chooser, request, timeout_ns, cancel, out)
    }
}

#[cold]
#[inline(never)]
unsafe fn try_choose_slowly(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    out: *mut peerage_pick,
) -> peerage_status {
    // SAFETY: pointers as the header demands.
    unsafe {
        choose(chooser, request, out, |chooser, request| {
            chooser.try_choose(request).map_err(status_of)
        })
    }
}

#[cold]
#[inline(never)]
unsafe fn choose_slowly(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    timeout_ns: i64,
    cancel: *const peerage_cancel,
    out: *mut peerage_pick,
) -> peerage_status {
    let wait = match timeout_ns {
        PEERAGE_TIMEOUT_DEFAULT => Wait::list_default(),
        PEERAGE_TIMEOUT_FOREVER => Wait::forever(),
        ns => match u64::try_from(ns) {
            Ok(ns) => Wait::timeout(Duration::from_nanos(ns)),
            Err(_) => return PEERAGE_ERR_INVALID_ARGUMENT,
        },
    };
    // SAFETY: pointers as the header demands.
    unsafe {
        choose(chooser, request, out, |_, request| {
            // References of one's own: callbacks may run, and give up the last.
            let chooser = hold(chooser)?;
            let cancel = (!cancel.is_null()).then(|| hold(cancel)).transpose()?;
            let wait = match &cancel {
                Some(cancel) => wait.cancelled_by(&cancel.token),
                None => wait,
            };
            chooser.chooser().choose(request, wait).map_err(status_of)
        })
    }
}
