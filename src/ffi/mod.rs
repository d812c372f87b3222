//! The C ABI: `include/peerage.h`.
//!
//! Nothing is decided here. Every exported function checks its pointers, converts, calls one safe
//! method and converts back, inside [`guarded`], which turns a panic into a status. The header as its
//! reader meets it is `peerage.in.h`: the build script puts the items of a module where it names
//! the module.
//!
//! A callback may give up the last reference to the object it was called for. So every function
//! that can call back holds a reference of its own while it runs.

#![allow(non_camel_case_types, reason = "the names are those of the C header")]
#![allow(dead_code, reason = "constants that only C uses")]
#![allow(unreachable_pub, reason = "exported by symbol, not by path")]
#![allow(clippy::missing_safety_doc, reason = "the header's documentation is the contract")]
#![allow(missing_debug_implementations, reason = "for C")]

mod ask_again;
mod cancel;
mod catalogue;
mod check;
mod choose;
mod chooser;
mod custom;
mod data;
mod error;
mod explain;
mod finish;
mod finish_with;
mod followed;
mod inline_text;
mod introspect;
mod log;
mod lookup;
#[cfg(not(loom))]
mod memory;
mod metrics;
mod names;
mod notify;
mod once_box;
mod options;
mod own_wait;
mod page;
mod peer;
mod pick;
mod policy;
mod probing;
mod request;
mod schemes;
mod settings;
mod sized;
mod snapshot;
mod snapshot_peer;
mod stats;
mod status;
mod text_out;
mod tick;
mod transport;
mod types;
mod update;
mod updater;
mod updater_status;

/// What `models/data.rs` plays.
#[cfg(all(test, loom))]
pub(crate) use self::{
    finish::peerage_pick_finish,
    peer::{Hooks, peerage_peer, peerage_peer_set_data},
    pick::{peerage_pick, peerage_pick_data},
    types::PEERAGE_OUTCOME_SUCCESS,
};

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use self::status::{PEERAGE_ERR_PANIC, peerage_status};

/// Runs the body of an exported function; a panic becomes `on_panic`.
#[inline(always)]
fn guarded<T>(on_panic: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(on_panic)
}

/// The same for a body whose early ends are statuses.
fn checked(body: impl FnOnce() -> Result<(), peerage_status>) -> peerage_status {
    guarded(PEERAGE_ERR_PANIC, || body().err().unwrap_or(status::PEERAGE_OK))
}

/// A reference of one's own to a counted handle.
///
/// # Safety
///
/// `pointer` is `NULL` or a live handle made by `Arc::into_raw`.
unsafe fn hold<T>(pointer: *const T) -> Result<Arc<T>, peerage_status> {
    if pointer.is_null() {
        return Err(status::PEERAGE_ERR_NULL_POINTER);
    }
    // SAFETY: by contract of the caller.
    unsafe {
        Arc::increment_strong_count(pointer);
        Ok(Arc::from_raw(pointer))
    }
}

/// One more reference, owned by the C side.
///
/// # Safety
///
/// As for [`hold`].
unsafe fn add_ref<T>(pointer: *const T) -> *const T {
    if !pointer.is_null() {
        // SAFETY: by contract of the caller.
        unsafe { Arc::increment_strong_count(pointer) };
    }
    pointer
}

/// Gives a reference of the C side's back.
///
/// # Safety
///
/// As for [`hold`], and the caller owns the reference.
unsafe fn un_ref<T>(pointer: *const T) {
    if !pointer.is_null() {
        // SAFETY: by contract of the caller. A panic in a drop ends here.
        guarded((), || drop(unsafe { Arc::from_raw(pointer) }));
    }
}
