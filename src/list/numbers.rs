//! What a list counts besides its peers.
//!
//! Nothing here is touched by a request that gets a peer at once and goes well. Not the model checker's
//! atomics: no edge between threads goes over them, and its paths would be many more.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Stamp;
use crate::error::ChooseErrorKind;
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::stats::{self, Failures, Histogram, Outcomes, Stats, StatusChanges, Updates};

/// Counters, each of which is a number by itself: all accesses are relaxed, but those of `late`,
/// which say that a request has ended.
#[derive(Default)]
pub(super) struct Numbers {
    /// By [`Outcome`], without the first, which is success.
    others: [AtomicU64; Outcome::ALL.len() - 1],
    /// Choices that were taken back.
    unused: AtomicU64,
    /// Requests that got the place of another one on a peer that had left.
    late: AtomicU64,
    /// The most successes that were found.
    success: AtomicU64,
    waits: [AtomicU64; Histogram::BOUNDS.len() + 1],
    waited_nanos: AtomicU64,
    failures: [AtomicU64; Failures::REASONS],
    became_available: AtomicU64,
    became_connecting: AtomicU64,
    became_unavailable: AtomicU64,
    ejections: AtomicU64,
    updates_applied: AtomicU64,
    updates_failed: AtomicU64,
    /// A [`Stamp`].
    updated: AtomicU64,
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Numbers {
    /// A request has ended so, which is no success, and is still pending.
    pub(super) fn ended(&self, outcome: Outcome) {
        if let Some(other) = (outcome as usize).checked_sub(1) {
            add(&self.others[other]);
        }
    }

    /// A choice is taken back, and is still pending.
    pub(super) fn taken_back(&self) {
        add(&self.unused);
    }

    /// A place of a peer that has left was given to another request.
    pub(super) fn chosen_late(&self) {
        // Release: a reader that finds the request before this one ended finds how.
        self.late.fetch_add(1, Ordering::Release);
    }

    /// A caller has waited for so long.
    pub(super) fn waited(&self, waited: Duration) {
        add(&self.waits[Histogram::bucket(waited)]);
        self.waited_nanos.fetch_add(waited.as_nanos() as u64, Ordering::Relaxed);
    }

    /// A choice has failed.
    pub(super) fn failed(&self, kind: ChooseErrorKind) {
        add(&self.failures[stats::place(kind)]);
    }

    pub(super) fn status_changed(&self, to: ConnectionStatus) {
        add(match to {
            ConnectionStatus::Available => &self.became_available,
            ConnectionStatus::Connecting => &self.became_connecting,
            ConnectionStatus::Unavailable => &self.became_unavailable,
        });
    }

    pub(super) fn ejected(&self) {
        add(&self.ejections);
    }

    pub(super) fn updated(&self, well: bool) {
        add(if well { &self.updates_applied } else { &self.updates_failed });
        self.updated.store(Stamp::now().to_bits(), Ordering::Relaxed);
    }

    /// Requests by how they ended, if so many had of those that the peers tell of: seen before this is
    /// called, so that whatever they tell of is counted here. `slot::tally` says why it never goes down.
    fn outcomes(&self, ended: u64) -> Outcomes {
        // Acquire pairs with `chosen_late`.
        let ended = ended.wrapping_add(self.late.load(Ordering::Acquire));
        let count = |outcome: Outcome| of(&self.others[outcome as usize - 1]);
        let mut outcomes = Outcomes {
            success: 0,
            failure: count(Outcome::Failure),
            overloaded: count(Outcome::Overloaded),
            cancelled: count(Outcome::Cancelled),
            not_sent: count(Outcome::NotSent),
            abandoned: count(Outcome::Abandoned),
        };
        let success = ended.saturating_sub(outcomes.total() + of(&self.unused));
        outcomes.success = self.success.fetch_max(success, Ordering::Relaxed).max(success);
        outcomes
    }

    /// All of it, if the peers tell of so many choices, of which so many had ended: seen before, as above.
    pub(super) fn read(&self, chosen: u64, ended: u64) -> Stats {
        let outcomes = self.outcomes(ended);
        // Not what has ended and what is in flight, which are looked at one after the other: a request
        // that ends in between would be in neither.
        let requests = chosen.wrapping_add(of(&self.late)).saturating_sub(of(&self.unused));
        let waits = Histogram {
            counts: self.waits.each_ref().map(of),
            sum: Duration::from_nanos(of(&self.waited_nanos)),
        };
        let status_changes = StatusChanges {
            available: of(&self.became_available),
            connecting: of(&self.became_connecting),
            unavailable: of(&self.became_unavailable),
        };
        let updates = Updates {
            applied: of(&self.updates_applied),
            failed: of(&self.updates_failed),
            age: Stamp::from_bits(of(&self.updated)).elapsed(),
        };
        Stats {
            requests: requests.max(outcomes.total()),
            outcomes,
            waits,
            failures: Failures::new(self.failures.each_ref().map(of)),
            status_changes,
            ejections: of(&self.ejections),
            updates,
            ..Stats::default()
        }
    }
}
