//! How the source of an updater has been.

use std::ffi::c_char;

use super::stats::age_ns;
use super::status::peerage_status;
use super::types::{peerage_str, write_sized, write_text};
use super::updater::peerage_updater;
use super::{checked, hold};
use crate::Lifecycle;
use crate::line::Line;

/// The source of an updater in numbers, since its updater was started.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_source_status {
    /// How often it was asked.
    pub attempts: u64,
    /// How often it has answered with peers.
    pub successes: u64,
    /// How often it has not answered.
    pub failures: u64,
    /// How often it has answered with no peers, and those there were have been kept.
    pub empties: u64,
    /// How often its answer has changed the list.
    pub changes: u64,
    /// How many nanoseconds ago its last answer with peers was, or `PEERAGE_AGE_NEVER`.
    pub age_ns: i64,
    /// How many peers the chooser has by it.
    pub peers: usize,
    /// 1 if the updater was started and not stopped, else 0.
    pub running: u32,
    /// 1 if the peers are those of the snapshot file, as the source has not answered yet, else 0.
    pub is_snapshot: u32,
}

/// Writes how the source of an updater has been to `out`: as many bytes as `size` says, so that the struct can grow.
///
/// Ownership: writes `out` on success
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_updater_status(
    updater: *const peerage_updater,
    out: *mut peerage_source_status,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let updater = unsafe { hold(updater) }?;
        let status = updater.watching.status();
        let counts = peerage_source_status {
            attempts: status.attempts,
            successes: status.successes,
            failures: status.failures,
            empties: status.empties,
            changes: status.changes,
            age_ns: age_ns(status.age),
            peers: status.peers,
            running: updater.watching.is_running().into(),
            is_snapshot: status.is_snapshot.into(),
        };
        // SAFETY: as above.
        unsafe { write_sized(out, size, &counts) }
    })
}

/// Returns the URI of an updater.
///
/// Ownership: the text is borrowed from `updater`
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; empty for `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_updater_uri(updater: *const peerage_updater) -> peerage_str {
    // SAFETY: `NULL` or a live handle.
    unsafe { updater.as_ref() }.map_or(peerage_str::EMPTY, |updater| updater.uri.lend())
}

/// Writes why the source has not answered the last time to `buf`, cut to `buf_len` bytes and always
/// NUL-terminated: one line, or nothing if it has answered.
///
/// `needed` (may be `NULL`) gets the length of the whole text, the terminator not counted. `buf`
/// may be `NULL` when `buf_len` is 0.
///
/// Ownership: writes `buf` and `needed` on success
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_updater_last_error(
    updater: *const peerage_updater,
    buf: *mut c_char,
    buf_len: usize,
    needed: *mut usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let updater = unsafe { hold(updater) }?;
        let error = updater.watching.status().error.unwrap_or_default();
        // SAFETY: as above.
        unsafe { write_text(&Line(&error).to_string(), buf, buf_len, needed) }
    })
}
