//! A latch that ends waits.

use std::ptr;
use std::sync::Arc;

use super::status::{PEERAGE_ERR_NULL_POINTER, peerage_status};
use super::{add_ref, checked, guarded, un_ref};
use crate::CancelToken;

/// Ends the waits that it was given to. One may serve many.
pub struct peerage_cancel {
    pub(super) token: CancelToken,
}

/// Makes a token that is not triggered.
///
/// Ownership: the handle is the caller's, for peerage_cancel_unref
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn peerage_cancel_new() -> *const peerage_cancel {
    guarded(ptr::null(), || Arc::into_raw(Arc::new(peerage_cancel { token: CancelToken::new() })))
}

/// Takes one more reference and returns `cancel`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_cancel_ref(
    cancel: *const peerage_cancel,
) -> *const peerage_cancel {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(cancel) }
}

/// Gives one reference back.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_cancel_unref(cancel: *const peerage_cancel) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(cancel) };
}

/// Ends every wait that has the token, now and from now on.
///
/// Ownership: borrows `cancel`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_cancel_trigger(cancel: *const peerage_cancel) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        unsafe { cancel.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?.token.trigger();
        Ok(())
    })
}

/// Makes it a token that is not triggered, for waits that begin from now on: so an event loop, or a
/// thread, needs one for all its requests. Between two waits and not during one, which may miss a
/// trigger that comes just before.
///
/// Ownership: borrows `cancel`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_cancel_reset(cancel: *const peerage_cancel) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        unsafe { cancel.as_ref() }.ok_or(PEERAGE_ERR_NULL_POINTER)?.token.reset();
        Ok(())
    })
}

/// Returns 1 if the token has been triggered, else 0.
///
/// Ownership: borrows `cancel`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; 0 for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_cancel_is_triggered(cancel: *const peerage_cancel) -> i32 {
    // SAFETY: `NULL` or a live handle.
    unsafe { cancel.as_ref() }.is_some_and(|cancel| cancel.token.is_triggered()).into()
}
