//! What a chooser looks like in numbers and in words, for metrics and status pages.

use std::ffi::c_char;

use super::chooser::peerage_chooser;
use super::status::peerage_status;
use super::types::{write_sized, write_text};
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

/// A chooser in numbers at one moment.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_stats {
    /// Peers it has retained.
    pub peers: usize,
    /// Those of them that can be chosen, with a place for another request or without.
    pub available: usize,
    /// Requests in flight, from this chooser, on the peers that it has retained.
    pub pending: u64,
    /// Callers that wait for a peer, ready notices included.
    pub waiting: usize,
    /// Peers that it knows and has not retained, because it does not run.
    pub uninitialized: usize,
    /// Peers that have left and are not released yet, mostly because of requests in flight; they are
    /// in none of the other counts. peerage_chooser_drain waits for them.
    pub departing: usize,
    /// The requests in flight on them.
    pub departing_pending: u64,
    /// One of `PEERAGE_STATE_*`.
    pub state: peerage_state,
    /// 0.
    pub reserved: i32,
}

pub(super) fn number_of(state: State) -> peerage_state {
    match state {
        State::Idle => PEERAGE_STATE_IDLE,
        State::Starting => PEERAGE_STATE_STARTING,
        State::Running => PEERAGE_STATE_RUNNING,
        State::Stopping => PEERAGE_STATE_STOPPING,
        State::Stopped => PEERAGE_STATE_STOPPED,
    }
}

/// Writes counts to `out`: as many bytes as `size` says, so that the struct can grow.
///
/// Ownership: writes `out` on success
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: NULL_POINTER, INVALID_ARGUMENT (`size` is 0 or absurd)
/// Since: 0.1
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn peerage_chooser_stats(
    chooser: *const peerage_chooser,
    out: *mut peerage_stats,
    size: usize,
) -> peerage_status {
    checked(|| {
        // SAFETY: pointers as the header demands.
        let chooser = unsafe { hold(chooser) }?;
        let stats = chooser.chooser().stats();
        let stats = peerage_stats {
            peers: stats.peers,
            available: stats.available,
            pending: stats.pending,
            waiting: stats.waiting,
            uninitialized: stats.uninitialized,
            departing: stats.departing,
            departing_pending: stats.departing_pending,
            state: number_of(stats.state),
            reserved: 0,
        };
        // SAFETY: as above.
        unsafe { write_sized(out, size, &stats) }
    })
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
/// Calls back: none
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
        let text = chooser.chooser().introspect().to_string();
        // SAFETY: as above.
        unsafe { write_text(&text, buf, buf_len, needed) }
    })
}
