//! What a finish teaches of its peer.
//!
//! It runs while the request is still counted, on the line of the slot that the finish is about to
//! change anyway, and calls nothing: see `cost/`. Only a sweep, four times a second at most, leaves
//! for the list.

use std::ptr::NonNull;
use std::time::Duration;

use super::cell::Slot;
use super::finish::Ended;
use super::key::Key;
use super::token::PinOf;
use super::watched::{WATCH_COST, WATCH_TIME};
use crate::clock::Stamp;
use crate::cost::{CostWord, Heard, Learner};
use crate::outcome::{Finish, Outcome};

impl Slot {
    /// Whether no failure is known of the peer.
    #[inline]
    pub(super) fn is_faultless(&self) -> bool {
        CostWord(self.cost()).failures() == 0
    }

    /// Whether there is nothing to be learnt from a success, and nothing else wants to hear of it. That
    /// the peer has answered is noted all the same.
    #[inline(always)]
    pub(super) fn teaches_nothing(pin: &PinOf<Self>, latency: Option<Duration>) -> bool {
        let slot = pin.slot();
        if slot.watched().watch() & !WATCH_TIME != WATCH_COST {
            return false;
        }
        let learner = Self::learner(pin);
        if !learner.is_calm() && !learner.may_skip(CostWord(slot.cost()), latency) {
            return false;
        }
        learner.note(slot.index(), NonNull::from(slot));
        true
    }

    /// Learns from the end of the request that `pin` counts.
    #[inline]
    pub(super) fn learn(pin: &PinOf<Self>, watch: u8, ended: &Ended) {
        let Ended::Request(finish, began) = ended else { return };
        let (slot, learner) = (pin.slot(), Self::learner(pin));
        if finish.outcome == Outcome::Success {
            if watch & WATCH_COST != 0 {
                learner.note(slot.index(), NonNull::from(slot));
            }
            // Nothing fades and nothing is measured; or so many are that this one may be left out.
            let word = CostWord(slot.cost());
            if learner.is_calm() || learner.may_skip(word, finish.latency) {
                return;
            }
        }
        Self::learn_more(pin, finish, *began);
    }

    /// The peer says that it has so many requests in flight. Nothing, if the slot has another by now.
    pub(crate) fn be_told(&self, tenant: Key, learner: &Learner<Self>, in_flight: u32) {
        if self.key() != tenant {
            return;
        }
        let word = CostWord(self.cost());
        let heard = Heard { in_flight: Some(in_flight), ..Heard::default() };
        if let Some(now) = learner.learns(word, false) {
            let word = learner.learn(word, heard, now);
            self.set_cost(word.0);
            self.set_factors(learner.view().factors(word, self.watched().weight()));
        }
    }

    #[inline(never)]
    fn learn_more(pin: &PinOf<Self>, finish: &Finish, began: Stamp) {
        let failed = match finish.outcome {
            Outcome::Success => false,
            Outcome::Failure | Outcome::Overloaded => true,
            // These say nothing about the peer.
            Outcome::Cancelled | Outcome::NotSent | Outcome::Abandoned => return,
        };
        let (slot, learner) = (pin.slot(), Self::learner(pin));
        let (word, heard) = (CostWord(slot.cost()), heard(failed, finish, began));
        if let Some(now) = learner.learns(word, failed) {
            let word = learner.learn(word, heard, now);
            // Relaxed inside: a finish that another one overwrites is a sample lost.
            slot.set_cost(word.0);
            slot.set_factors(learner.view().factors(word, slot.watched().weight()));
        }
        if learner.takes_sweep() {
            Self::pinned(pin).owner.sweep();
        }
    }
}

/// What a finish says of its peer.
#[inline]
fn heard(failed: bool, finish: &Finish, began: Stamp) -> Heard {
    // Of a failure the latency says nothing: it may be as short as a refusal, or a whole timeout.
    let latency = if failed { None } else { finish.latency.or_else(|| began.elapsed()) };
    // Cut to what fits, 584 years: a product of 128 bits is not needed.
    let nanos = latency.map(|took| {
        let whole = took.as_secs().saturating_mul(1_000_000_000);
        whole.saturating_add(took.subsec_nanos().into())
    });
    Heard { failed: Some(failed), nanos, in_flight: finish.in_flight }
}
