//! A chooser in numbers, for metrics.
//!
//! Counts of a kind are an array, of which the constants of that kind are the indices. It has more places
//! than there are constants, which are 0: another constant changes no struct.

use std::time::Duration;

use super::chooser::peerage_chooser;
use super::introspect::{number_of, peerage_state};
use super::status::peerage_status;
use super::types::{nanoseconds, write_sized};
use super::{checked, hold};
use crate::ConnectionStatus;
use crate::stats::{Failures, Histogram, Outcomes, Stats};

/// Why a choice found no peer, as peerage_stats counts it: one of `PEERAGE_FAILURE_*`. It is how the call
/// ended; what the chooser lacked is the peerage_cause of peerage_chooser_explain. New numbers may appear.
pub type peerage_failure = i32;

/// Nothing could be chosen, and the call was one that does not wait.
pub const PEERAGE_FAILURE_NO_PEER: peerage_failure = 0;
/// Nothing could be chosen, and the chooser is set to fail fast.
pub const PEERAGE_FAILURE_FAIL_FAST: peerage_failure = 1;
/// Nothing could be chosen in time.
pub const PEERAGE_FAILURE_TIMED_OUT: peerage_failure = 2;
/// As many callers waited already as may.
pub const PEERAGE_FAILURE_QUEUE_FULL: peerage_failure = 3;
/// The call was cancelled.
pub const PEERAGE_FAILURE_CANCELLED: peerage_failure = 4;
/// The chooser was stopped, before or during the wait.
pub const PEERAGE_FAILURE_STOPPED: peerage_failure = 5;
/// The chooser was not started in time.
pub const PEERAGE_FAILURE_NOT_RUNNING: peerage_failure = 6;
/// The transport did not give the peer that the request names.
pub const PEERAGE_FAILURE_NOT_RETAINED: peerage_failure = 7;
/// The policy, which is the user's own, failed inside.
pub const PEERAGE_FAILURE_POLICY_PANICKED: peerage_failure = 8;
/// The request lacks what the chooser needs of it, or has it in a form that cannot be.
pub const PEERAGE_FAILURE_INVALID_REQUEST: peerage_failure = 9;

/// How many places counts by `PEERAGE_OUTCOME_*` have.
pub const PEERAGE_OUTCOME_PLACES: usize = 8;
/// How many places counts by `PEERAGE_CONNECTION_*` have.
pub const PEERAGE_CONNECTION_PLACES: usize = 4;
/// How many places counts by `PEERAGE_FAILURE_*` have.
pub const PEERAGE_FAILURE_PLACES: usize = 16;
/// How many places a peerage_histogram has.
pub const PEERAGE_HISTOGRAM_PLACES: usize = 16;

/// It has never happened.
pub const PEERAGE_AGE_NEVER: i64 = -1_i64;
/// The bound of the last place of a peerage_histogram: there is none.
pub const PEERAGE_BOUND_NONE: i64 = 0x7fff_ffff_ffff_ffff;

/// How long something took, by how often. Those that took at most `bounds_ns[i]`, and longer than
/// `bounds_ns[i - 1]`, are in `counts[i]`: of each place its own, not those of the places before as well.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_histogram {
    /// How many places are in use: at least 1, and `PEERAGE_HISTOGRAM_PLACES` at most.
    pub len: u64,
    /// All of them together, in nanoseconds.
    pub sum_ns: i64,
    /// How many there were, by place.
    pub counts: [u64; PEERAGE_HISTOGRAM_PLACES],
    /// The upper bounds in nanoseconds, in ascending order. The last in use is `PEERAGE_BOUND_NONE`.
    pub bounds_ns: [i64; PEERAGE_HISTOGRAM_PLACES],
}

/// A chooser in numbers at one moment. What is counted since the chooser was made never goes down, but for
/// `requests`.
///
/// `requests` is the sum of `outcomes`, `pending` and `departing_pending`: exactly when no request begins
/// or ends during the call, else within those that do. `requests` may go down: a choice that is taken back, for
/// a notice or a cancel, is counted for a moment.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct peerage_stats {
    /// One of `PEERAGE_STATE_*`.
    pub state: peerage_state,
    /// 0.
    pub reserved: i32,
    /// Peers that it has retained.
    pub peers: usize,
    /// Those of them that can be chosen, with a place for another request or without.
    pub available: usize,
    /// Those of them that are connecting.
    pub connecting: usize,
    /// Those of them that are unavailable.
    pub unavailable: usize,
    /// Those of them that are connected, and ejected, draining, outside the subset or in a later tier than those
    /// that serve.
    pub set_aside: usize,
    /// Peers that it knows and has not retained, because it does not run or uses a subset.
    pub uninitialized: usize,
    /// Callers that wait for a peer, ready notices included.
    pub waiting: usize,
    /// Peers that have left and are not released yet, mostly because of requests in flight; they are
    /// in none of the other counts. peerage_chooser_drain waits for them.
    pub departing: usize,
    /// Requests in flight, from this chooser, on the peers that it has retained.
    pub pending: u64,
    /// Requests in flight on the peers that are departing.
    pub departing_pending: u64,
    /// Requests that were given to a peer since the chooser was made, those in flight included.
    pub requests: u64,
    /// How they have ended, by `PEERAGE_OUTCOME_*`.
    pub outcomes: [u64; PEERAGE_OUTCOME_PLACES],
    /// Choices that found no peer, by `PEERAGE_FAILURE_*`.
    pub failures: [u64; PEERAGE_FAILURE_PLACES],
    /// How often peers have changed to a connection status, by `PEERAGE_CONNECTION_*`. One that is retained
    /// begins as unavailable, which is no change.
    pub status_changes: [u64; PEERAGE_CONNECTION_PLACES],
    /// How often a peer was ejected (`eject=`).
    pub ejections: u64,
    /// Updates of the members that went well as a whole.
    pub updates_applied: u64,
    /// Updates of the members of which a part failed.
    pub updates_failed: u64,
    /// How many nanoseconds ago the last update was, whether or not it went well, or `PEERAGE_AGE_NEVER`.
    pub update_age_ns: i64,
    /// How long callers have waited for a peer, in vain or not: those that got one at once are not here.
    pub waits: peerage_histogram,
}

// No padding, which would be memory that was never written: an even number of addresses and of numbers
// of 32 bits.
const _: () = assert!(size_of::<peerage_histogram>() == 8 * (2 + 2 * PEERAGE_HISTOGRAM_PLACES));
const _: () = assert!(
    size_of::<peerage_stats>()
        == 2 * 4
            + size_of::<[usize; 8]>()
            + 8 * (3
                + PEERAGE_OUTCOME_PLACES
                + PEERAGE_FAILURE_PLACES
                + PEERAGE_CONNECTION_PLACES
                + 4)
            + size_of::<peerage_histogram>()
);

/// Counts into places, of which there may be more.
pub(super) fn placed<const PLACES: usize>(counts: impl IntoIterator<Item = u64>) -> [u64; PLACES] {
    let mut placed = [0; PLACES];
    placed.iter_mut().zip(counts).for_each(|(place, count)| *place = count);
    placed
}

pub(super) fn by_outcome(outcomes: &Outcomes) -> [u64; PEERAGE_OUTCOME_PLACES] {
    placed(outcomes.iter().map(|(_, count)| count))
}

pub(super) fn age_ns(age: Option<Duration>) -> i64 {
    age.map_or(PEERAGE_AGE_NEVER, nanoseconds)
}

const _: () = assert!(
    Failures::REASONS <= PEERAGE_FAILURE_PLACES
        && crate::Outcome::ALL.len() <= PEERAGE_OUTCOME_PLACES
        && Histogram::BOUNDS.len() < PEERAGE_HISTOGRAM_PLACES
);

impl From<&Histogram> for peerage_histogram {
    fn from(histogram: &Histogram) -> Self {
        let mut bounds_ns = [0; PEERAGE_HISTOGRAM_PLACES];
        let bounds = Histogram::BOUNDS.iter().copied().map(nanoseconds).chain([PEERAGE_BOUND_NONE]);
        bounds_ns.iter_mut().zip(bounds).for_each(|(place, bound)| *place = bound);
        Self {
            len: histogram.counts.len() as u64,
            sum_ns: nanoseconds(histogram.sum),
            counts: placed(histogram.counts),
            bounds_ns,
        }
    }
}

impl From<&Stats> for peerage_stats {
    fn from(stats: &Stats) -> Self {
        let mut status_changes = [0; PEERAGE_CONNECTION_PLACES];
        let changes = &stats.status_changes;
        status_changes[ConnectionStatus::Unavailable as usize] = changes.unavailable;
        status_changes[ConnectionStatus::Connecting as usize] = changes.connecting;
        status_changes[ConnectionStatus::Available as usize] = changes.available;
        Self {
            state: number_of(stats.state),
            reserved: 0,
            peers: stats.peers,
            available: stats.available,
            connecting: stats.connecting,
            unavailable: stats.unavailable,
            set_aside: stats.set_aside,
            uninitialized: stats.uninitialized,
            waiting: stats.waiting,
            departing: stats.departing,
            pending: stats.pending,
            departing_pending: stats.departing_pending,
            requests: stats.requests,
            outcomes: by_outcome(&stats.outcomes),
            failures: placed(stats.failures.iter().map(|(_, count)| count)),
            status_changes,
            ejections: stats.ejections,
            updates_applied: stats.updates.applied,
            updates_failed: stats.updates.failed,
            update_age_ns: age_ns(stats.updates.age),
            waits: (&stats.waits).into(),
        }
    }
}

/// Writes the chooser in numbers to `out`: as many bytes as `size` says, so that the struct can grow.
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
        let stats = peerage_stats::from(&chooser.chooser().stats());
        // SAFETY: as above.
        unsafe { write_sized(out, size, &stats) }
    })
}
