//! How often a peer was chosen, and how its requests ended.
//!
//! The number of choices is in two parts: the lowest bits in the slot's word, where a pin adds to them, and
//! here how often those bits have passed half of what they can count. `word.rs` says why that costs nothing.
//!
//! Ends are counted only if they are no successes, in memory that a peer gets with the first of them: most
//! peers need none. Successes are what is left of the choices that are not pending.
//!
//! # Why successes never seem to go down
//!
//! An end is counted before its pin is given back or over, and a reader loads the word before the counts.
//! So what it takes away is at least what has ended so, and what it finds is at most the true number of
//! successes: less by the ends that were counted after the word was loaded. It then takes the largest number
//! that was ever found, which is at most the true one as well. At rest both agree.

use std::ptr;

use super::word::{MOST_CHOSEN, Word};
use crate::outcome::Outcome;
use crate::stats::Outcomes;
use crate::sync::{AtomicPtr, AtomicU64, Ordering};

/// Outcomes that are no successes.
const OTHERS: usize = Outcome::ALL.len() - 1;

/// How often a reader looks again that was overtaken by half of what the word can count.
const LOOKS: usize = 4;

/// Where the lowest bits are: a slot, which is not named here because it builds on this.
pub(crate) trait Counts {
    /// The word, and what was done by those that have given their pins back.
    fn word_acquired(&self) -> Word;

    /// Requests in flight by a word that was seen.
    fn pending_of(&self, seen: Word) -> u32;
}

/// The numbers of a peer, besides those in its slot's word.
#[derive(Default)]
pub(crate) struct Tally {
    halves: AtomicU64,
    /// The most successes that a reader has found.
    success: AtomicU64,
    /// Null: every request has succeeded, or is pending.
    ends: AtomicPtr<Ends>,
}

#[derive(Default)]
struct Ends {
    others: [AtomicU64; OTHERS],
    unused: AtomicU64,
    ejections: AtomicU64,
}

impl Ends {
    /// The count of an outcome that is no success.
    fn of(&self, outcome: Outcome) -> &AtomicU64 {
        &self.others[outcome as usize - 1]
    }
}

/// A peer's numbers at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counted {
    pub(crate) outcomes: Outcomes,
    pub(crate) ejections: u64,
    /// Choices that were not taken back: at least as many as have ended.
    pub(crate) requests: u64,
    /// Requests in flight.
    pub(crate) pending: u32,
}

impl Tally {
    /// A choice was one past another half.
    pub(super) fn note_half(&self) {
        // Release: a reader that finds this half, by an acquire, finds the word that is past it.
        self.halves.fetch_add(1, Ordering::Release);
    }

    /// How often the peer was chosen, and the word of that moment.
    pub(crate) fn chosen(&self, slot: &impl Counts) -> (u64, Word) {
        let half = MOST_CHOSEN / 2;
        let mut halves = self.halves.load(Ordering::Acquire);
        for look in 1.. {
            // Acquire pairs with the release of every `unpin`: counts of what has ended are seen.
            let word = slot.word_acquired();
            let now = self.halves.load(Ordering::Acquire);
            if now != halves && look < LOOKS {
                halves = now;
                continue;
            }
            // The word is at least as far as the halves are. One that is not noted yet shows in its topmost
            // bit, which is that of the lowest halves.
            let lowest = word.chosen();
            let noted = halves + (halves ^ (lowest / half)) % 2;
            return (noted * half + lowest % half, word);
        }
        unreachable!("the last look returns")
    }

    /// Counts an end that is no success, for the holder of a pin.
    pub(super) fn count(&self, outcome: Outcome) {
        let Some(other) = (outcome as usize).checked_sub(1) else { return };
        // Relaxed: read after the word, whose release comes later.
        self.ends().others[other].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a choice that was taken back, for the holder of a pin.
    pub(super) fn count_unused(&self) {
        self.ends().unused.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an ejection, for the holder of a pin.
    pub(crate) fn count_ejection(&self) {
        self.ends().ejections.fetch_add(1, Ordering::Relaxed);
    }

    /// What ends are counted in, made if there is none yet.
    fn ends(&self) -> &Ends {
        // Acquire pairs with the release of the thread that made them.
        let made = self.ends.load(Ordering::Acquire);
        if !made.is_null() {
            // SAFETY: it lives as long as this.
            return unsafe { &*made };
        }
        let ends = Box::into_raw(Box::<Ends>::default());
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        match self.ends.compare_exchange(ptr::null_mut(), ends, success, failure) {
            // SAFETY: as above.
            Ok(_) => unsafe { &*ends },
            Err(others) => {
                // SAFETY: no other thread has got these.
                drop(unsafe { Box::from_raw(ends) });
                // SAFETY: as above.
                unsafe { &*others }
            }
        }
    }

    /// The peer's numbers.
    pub(crate) fn counted(&self, slot: &impl Counts) -> Counted {
        let (chosen, word) = self.chosen(slot);
        let pending = slot.pending_of(word);
        let ended = chosen.saturating_sub(pending.into());
        let ends = self.ends.load(Ordering::Acquire);
        // SAFETY: null, or it lives as long as this.
        let ends = unsafe { ends.as_ref() };
        let read = |counter: fn(&Ends) -> &AtomicU64| {
            ends.map_or(0, |ends| counter(ends).load(Ordering::Relaxed))
        };
        let mut outcomes = Outcomes {
            success: 0,
            failure: read(|ends| ends.of(Outcome::Failure)),
            overloaded: read(|ends| ends.of(Outcome::Overloaded)),
            cancelled: read(|ends| ends.of(Outcome::Cancelled)),
            not_sent: read(|ends| ends.of(Outcome::NotSent)),
            abandoned: read(|ends| ends.of(Outcome::Abandoned)),
        };
        let unused = read(|ends| &ends.unused);
        let success = ended.saturating_sub(outcomes.total() + unused);
        outcomes.success = self.success.fetch_max(success, Ordering::Relaxed).max(success);
        // Not what has ended and what is in flight, which are looked at one after the other: a request
        // that ends in between would be in both.
        let requests = chosen.saturating_sub(unused).max(outcomes.total());
        Counted { outcomes, ejections: read(|ends| &ends.ejections), requests, pending }
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        let ends = self.ends.load(Ordering::Acquire);
        if !ends.is_null() {
            // SAFETY: made by a box, and no thread has this any more.
            drop(unsafe { Box::from_raw(ends) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::word::{CHOSEN, PIN};
    use super::*;

    /// What a reader has seen of one request, which was in flight.
    struct InFlight;

    impl Counts for InFlight {
        fn word_acquired(&self) -> Word {
            Word(CHOSEN | PIN)
        }

        fn pending_of(&self, seen: Word) -> u32 {
            seen.count()
        }
    }

    #[test]
    fn a_request_that_ends_during_a_look_is_one() {
        let tally = Tally::default();
        tally.count(Outcome::Failure);
        let counted = tally.counted(&InFlight);
        assert_eq!((counted.requests, counted.outcomes.total(), counted.pending), (1, 1, 1));
    }
}
