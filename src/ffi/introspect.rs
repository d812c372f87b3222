//! What a chooser looks like in words, and where it is in its life.

use std::ffi::c_char;

use super::chooser::peerage_chooser;
use super::status::peerage_status;
use super::types::write_text;
use super::{checked, hold};
use crate::State;

/// Where a chooser is in its life: one of `PEERAGE_STATE_*`.
pub type peerage_state = i32;

/// Not started yet.
pub const PEERAGE_STATE_IDLE: peerage_state = 0;
/// A start is under way.
pub const PEERAGE_STATE_STARTING: peerage_state = 1;
/// Started, and not stopped.
pub const PEERAGE_STATE_RUNNING: peerage_state = 2;
/// A stop is under way.
pub const PEERAGE_STATE_STOPPING: peerage_state = 3;
/// Stopped, for good.
pub const PEERAGE_STATE_STOPPED: peerage_state = 4;

pub(super) fn number_of(state: State) -> peerage_state {
    match state {
        State::Idle => PEERAGE_STATE_IDLE,
        State::Starting => PEERAGE_STATE_STARTING,
        State::Running => PEERAGE_STATE_RUNNING,
        State::Stopping => PEERAGE_STATE_STOPPING,
        State::Stopped => PEERAGE_STATE_STOPPED,
    }
}

/// Writes a description for people, several lines, to `buf`, cut to `buf_len` bytes and always
/// NUL-terminated.
///
/// `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
/// may be `NULL` when `buf_len` is 0.
///
/// Ownership: writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: as peerage_chooser_snapshot
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_describe(
    chooser: *const peerage_chooser,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let text = chooser.introspect().to_string();
        // SAFETY: as above.
        unsafe { write_text(&text, buf, buf_len, needed) }
    })
}
