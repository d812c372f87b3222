//! Failures in a row, for a list that ejects: see `eject/`.
//!
//! They are counted in the word that holds the factors of a price elsewhere, as a list that ejects
//! has no prices. A slot says by a flag which of the two it is.

use super::cell::Slot;
use super::finish::Ended;
use super::token::PinOf;
use crate::eject::{Phase, Streak};
use crate::sync::Ordering;

impl Slot {
    #[inline]
    pub(crate) fn streak(&self) -> Streak {
        // Relaxed: a number on its own.
        Streak(self.factors.load(Ordering::Relaxed))
    }

    pub(crate) fn set_streak(&self, streak: Streak) {
        // Relaxed: a number on its own, which a finish that counts at this moment does not overwrite, as
        // its exchange fails. A swap, which is rare enough: the model checker orders a plain store and an
        // exchange of another thread either way, where the order of the word has one.
        self.factors.swap(streak.0, Ordering::Relaxed);
    }

    /// Counts, unless another thread has changed the streak since it was `seen`.
    pub(crate) fn count_streak(&self, seen: Streak, streak: Streak) {
        let relaxed = Ordering::Relaxed;
        // The other thread's is kept: a sample is lost.
        let _ = self.factors.compare_exchange(seen.0, streak.0, relaxed, relaxed);
    }

    /// Tells the list how a request has ended.
    pub(super) fn judge(pin: &PinOf<Self>, ended: &Ended) {
        if let Ended::Request(finish, _) = ended {
            let retained = Self::pinned(pin);
            retained.owner.judge(retained, pin.slot(), finish.outcome);
        }
    }

    /// Tells the list that a request begins, if it may be the one that a peer is tried with.
    pub(super) fn begin_probe(pin: &PinOf<Self>) {
        if pin.slot().streak().phase() == Phase::Open {
            let retained = Self::pinned(pin);
            retained.owner.probe_begins(retained, pin.slot());
        }
    }
}
