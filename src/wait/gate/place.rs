//! A place that has become free: it is for one waiter.
//!
//! Where the policy allows it, a finish hands its own pin to the first waiter instead of giving it
//! back ([`Gate::hand_over`]). The count does not go down in between, so there is no moment at which
//! a newcomer could take the place.

use super::queue::{Gate, Party};
use crate::slot::Pin;
use crate::wait::notice::Ready;
use crate::wait::order::Turn;
use crate::wait::waiter::Verdict;

impl Gate {
    /// A place has become free, which the caller has given back: wakes the first waiter for one.
    ///
    /// `serves_any`: every place serves every waiter, so one is enough. Otherwise the first blocked
    /// caller passes the word on if the place is of no use to it; a notice cannot, so all notices
    /// for a place are given.
    pub(crate) fn place_freed(&self, serves_any: bool) {
        if self.has_waiters() {
            self.tell_of_place(None, None, serves_any);
        }
    }

    /// The word of a free place was of no use to the waiter that arrived as `after`: the next one.
    pub(crate) fn pass_on(&self, after: u64, turn: Turn) {
        self.tell_of_place(Some(after), Some(turn), true);
    }

    /// `turn`: the direction of a word that is passed on, so that it reaches every waiter once, whatever
    /// the order has become.
    #[cold]
    fn tell_of_place(&self, after: Option<u64>, turn: Option<Turn>, serves_any: bool) {
        let mut woken = vec![];
        let now = self.ordered.now();
        let (mut first, turn) = {
            let mut queue = self.queue.lock();
            let turn = turn.unwrap_or_else(|| self.ordered.turn(queue.lanes.busy_since(), now));
            // These are looking just now, and may not have seen the place.
            queue.lanes.take_undecided(&mut woken);
            if !serves_any {
                let is_notice = |party: &Party| matches!(party, Party::Notice(..));
                queue.lanes.take_for_places_if(is_notice, &mut woken);
            }
            let first = queue.lanes.take_first_for_a_place(turn, after);
            self.count(&queue);
            (first, turn)
        };
        self.tell_to_look(woken);
        while let Some(party) = first.take() {
            match party {
                Party::Notice(notice, admission) => {
                    // It waits no more, and may ask for the next one.
                    drop(admission);
                    self.give_now(notice, Ready::TryAgain);
                }
                Party::Blocked(waiter) => {
                    if waiter.decide(Verdict::PlaceFree(turn)).is_err() {
                        // It timed out, was cancelled or got other news: the next one.
                        let mut queue = self.queue.lock();
                        first = queue.lanes.take_first_for_a_place(turn, after);
                        self.count(&queue);
                    }
                }
            }
        }
    }

    /// Hands a place to the waiter for one whose turn it is. Returns it if there is none, or if it is a
    /// notice, which cannot hold a place.
    pub(crate) fn hand_over(&self, mut pin: Pin) -> Result<(), Pin> {
        let now = self.ordered.now();
        loop {
            let mut queue = self.queue.lock();
            let turn = self.ordered.turn(queue.lanes.busy_since(), now);
            if !matches!(queue.lanes.first_for_a_place(turn), Some(Party::Blocked(_))) {
                return Err(pin);
            }
            let first = queue.lanes.take_first_for_a_place(turn, None);
            self.count(&queue);
            drop(queue);
            let Some(Party::Blocked(waiter)) = first else { return Err(pin) };
            match waiter.decide(Verdict::Given(pin)) {
                // It was decided by something else: the next one.
                Err(Verdict::Given(back)) => pin = back,
                _ => return Ok(()),
            }
        }
    }
}
