//! Waiting without a thread: one call when it is worth trying again.

use std::ffi::c_void;

use super::chooser::peerage_chooser;
use super::request::{peerage_request, with_request};
use super::status::{PEERAGE_ERR_NOT_FOUND, PEERAGE_ERR_NULL_POINTER, PEERAGE_OK, peerage_status};
use super::types::{Context, peerage_drop_fn};
use super::{checked, hold};
use crate::wait::NoticeId;

/// Called once: with `PEERAGE_OK` when it is worth trying again, with `PEERAGE_ERR_STOPPED` when
/// the chooser has stopped. It may call any function.
pub type peerage_ready_fn = Option<unsafe extern "C-unwind" fn(ctx: *mut c_void, status: i32)>;

/// Calls `ready` once, when peerage_chooser_try_choose is worth trying: at once if a peer can be
/// chosen for `request` now, otherwise when one becomes available or the chooser starts or stops.
///
/// It takes no peer with it. `id` (may be `NULL`) gets a number for
/// peerage_chooser_notify_cancel, or 0 if `ready` has been called already.
///
/// Ownership: consumes `ctx`, also on failure: `drop` (may be `NULL`) is called once, after `ready` or instead of it
/// Threads: any
/// Blocks: never
/// Calls back: ready, drop; the policy's choose; with `direct` retain and release
/// Errors: NULL_POINTER (`chooser`, `ready`), INVALID_ARGUMENT, INVALID_UTF8 (a header's name, an identifier to avoid)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_notify_ready(
    chooser: *const peerage_chooser,
    request: *const peerage_request,
    ready: peerage_ready_fn,
    ctx: *mut c_void,
    drop: peerage_drop_fn,
    id: *mut u64,
) -> peerage_status {
    checked(|| {
        let context = Context { ctx, drop };
        let ready = ready.ok_or(PEERAGE_ERR_NULL_POINTER)?;
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let notice = Box::new(move |reason| {
            let context = context;
            let status = match reason {
                crate::Ready::TryAgain => PEERAGE_OK,
                crate::Ready::Stopped => super::status::PEERAGE_ERR_STOPPED,
            };
            // SAFETY: the user's own pair.
            unsafe { ready(context.ctx, status) };
        });
        let ask = |request: &crate::Request<'_>| {
            chooser.check(request)?;
            Ok(chooser.chooser().notify_ready(request, notice))
        };
        // SAFETY: as above.
        let number = unsafe { with_request(request, ask) }?.map_or(0, |NoticeId(id)| id + 1);
        if !id.is_null() {
            // SAFETY: as above.
            unsafe { id.write(number) };
        }
        Ok(())
    })
}

/// Takes a notice back: its `ready` will not be called.
///
/// Ownership: borrows `chooser`
/// Threads: any
/// Blocks: never
/// Calls back: drop of the notice
/// Errors: NULL_POINTER, NOT_FOUND (it was called, or is being called now)
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_chooser_notify_cancel(
    chooser: *const peerage_chooser,
    id: u64,
) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        let chooser = unsafe { hold(chooser) }?;
        let id = id.checked_sub(1).ok_or(PEERAGE_ERR_NOT_FOUND)?;
        let cancelled = chooser.chooser().cancel_notice(NoticeId(id));
        if cancelled { Ok(()) } else { Err(PEERAGE_ERR_NOT_FOUND) }
    })
}
