//! How a request begins and ends on a slot.
//!
//! A slot whose peer and policy want to hear of nothing finishes with one subtraction. The rest is
//! cold: hooks are the user's code, so they run under the guard, while the pin is still held.
//!
//! A pin has one of two ends:
//!
//! | end | peer is told | policy is told | then |
//! |---|---|---|---|
//! | the request ended | `end_request` | `finished` | unpinned, or handed over to a waiter |
//! | the choice was taken back | – | `finished`, as not sent | unpinned |
//!
//! and a thread whose unpinning was the last of a removed slot retires it.

use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Duration;

use super::cell::Slot;
use super::retained::HandOver;
use super::token::{PinOf, Retiring};
use super::watched::{
    WATCH_COST, WATCH_FAILURES, WATCH_PEER, WATCH_PLACES, WATCH_POLICY, WATCH_STREAK, WATCH_TIME,
    only_learns,
};
use crate::clock::Stamp;
use crate::outcome::{Finish, Outcome};
use crate::panics;

/// What a pin was held for.
pub(crate) enum Ended {
    /// A request, which began at this moment if its policy asked.
    Request(Finish, Stamp),
    /// A choice that was taken back before a caller saw it.
    Unused,
}

impl Ended {
    /// How it ended, as the caller said.
    fn finish(&self) -> &Finish {
        const UNUSED: Finish = Finish::new(Outcome::NotSent);
        match self {
            Self::Request(finish, _) => finish,
            Self::Unused => &UNUSED,
        }
    }
}

impl Slot {
    /// Tells the peer, if it asked, and a list that ejects, that a request begins, and looks at the
    /// clock if the policy asked for latencies.
    #[inline]
    pub(super) fn begin(pin: &PinOf<Self>) -> Stamp {
        if pin.slot().watched().watch() & (WATCH_PEER | WATCH_TIME | WATCH_STREAK) == 0 {
            return Stamp::NONE;
        }
        // SAFETY: pinned for as long as `pin` is borrowed.
        unsafe { Self::begin_watched(NonNull::from(pin.slot())) }
    }

    /// By the slot's address, for the reason that `note_half` has.
    ///
    /// # Safety
    ///
    /// The slot is pinned by the caller.
    #[cold]
    #[inline(never)]
    unsafe fn begin_watched(slot: NonNull<Self>) -> Stamp {
        // SAFETY: by contract of the caller. The pin stays the caller's: dropping this does nothing.
        let pin = &unsafe { PinOf::new(slot) };
        let watch = pin.slot().watched().watch();
        if watch & WATCH_STREAK != 0 {
            Self::begin_probe(pin);
        }
        if watch & WATCH_PEER != 0 {
            let told = panics::catch("start_request", || Self::pinned_peer(pin).start_request());
            if let Err(panicked) = told {
                Self::pinned(pin).owner.panicked(&panicked);
            }
        }
        if watch & WATCH_TIME != 0 { Stamp::now() } else { Stamp::NONE }
    }

    /// Ends the request that a pin counts: tells the peer and the policy if they asked, then gives the
    /// pin back. A plain finish is one subtraction, and what has ended is put together only if it is
    /// told.
    #[inline(always)]
    pub(super) fn finish(pin: PinOf<Self>, finish: Finish, began: Stamp) {
        if finish.outcome != Outcome::Success {
            return Self::finish_watched(pin, &Ended::Request(finish, began));
        }
        let watch = pin.slot().watched().watch();
        if watch == 0 {
            return Self::give_back(pin);
        }
        // A success of a peer that has not failed teaches nothing about failures. (Not `==`, which would
        // be asked along with the 0 above, and before it.)
        if watch & !WATCH_FAILURES == 0 && pin.slot().is_faultless() {
            return Self::give_back(pin);
        }
        Self::finish_success(pin, began, finish.latency, finish.in_flight);
    }

    /// Ends a success. Nearly every request of a policy that learns is one of which nothing is to be
    /// learnt. All that is said of it fits registers: no store is between the choice and the
    /// subtraction, which would wait for it.
    #[inline(never)]
    fn finish_success(
        pin: PinOf<Self>,
        began: Stamp,
        latency: Option<Duration>,
        in_flight: Option<u32>,
    ) {
        if !Self::teaches_nothing(&pin, latency) {
            return Self::finish_told(pin, began, latency, in_flight);
        }
        Self::give_back(pin);
    }

    #[inline(never)]
    fn finish_told(
        pin: PinOf<Self>,
        began: Stamp,
        latency: Option<Duration>,
        in_flight: Option<u32>,
    ) {
        let finish = Finish { outcome: Outcome::Success, latency, in_flight };
        Self::finish_watched(pin, &Ended::Request(finish, began));
    }

    /// Takes a choice back.
    #[inline]
    pub(super) fn take_back(pin: PinOf<Self>) {
        Self::finish_watched(pin, &Ended::Unused);
    }

    #[inline]
    fn give_back(pin: PinOf<Self>) {
        if let Some(retiring) = Self::unpin(pin) {
            Self::retire(retiring);
        }
    }

    /// The same after hooks have run, during which C may have finished a copy of the pick.
    #[inline]
    fn give_back_counted(pin: PinOf<Self>, base: u32) {
        // SAFETY: pinned; a copy that was finished meanwhile is the caller's fault in C, and cannot
        // be told apart then.
        if let Some(Some(retiring)) = unsafe { Self::unpin_if_counted(pin.into_raw(), base) } {
            Self::retire(retiring);
        }
    }

    #[inline(never)]
    pub(super) fn finish_watched(pin: PinOf<Self>, ended: &Ended) {
        Self::count(&pin, ended);
        let watch = pin.slot().watched().watch();
        if watch == 0 {
            return Self::give_back(pin);
        }
        if only_learns(watch) {
            Self::learn(&pin, watch, ended);
            return Self::give_back_counted(pin, 0);
        }
        if watch != WATCH_POLICY {
            return Self::finish_heard(pin, ended);
        }
        // A policy that counts, and nothing else: what `fewest-pending-requests` pays each time.
        Self::pinned(&pin).owner.finished(pin.slot(), ended.finish());
        Self::give_back_counted(pin, 0);
    }

    /// Counts an end that is no success: before the pin is given back, so that a request which is not
    /// pending any more is among those that have ended so.
    fn count(pin: &PinOf<Self>, ended: &Ended) {
        let retained = Self::pinned(pin);
        match ended {
            Ended::Request(Finish { outcome: Outcome::Success, .. }, _) => {}
            Ended::Request(finish, _) => {
                retained.tally.count(finish.outcome);
                retained.owner.ended(finish.outcome);
            }
            Ended::Unused => {
                retained.tally.count_unused();
                retained.owner.taken_back();
            }
        }
    }

    /// The rest: streaks, hooks, latencies and places, in this order.
    #[inline(never)]
    fn finish_heard(pin: PinOf<Self>, ended: &Ended) {
        let watch = pin.slot().watched().watch();
        if watch & (WATCH_COST | WATCH_FAILURES) != 0 {
            Self::learn(&pin, watch, ended);
        }
        if watch & WATCH_STREAK != 0 {
            Self::judge(&pin, ended);
        }
        // A reference of its own: the list is told after the pin is gone.
        let places = (watch & WATCH_PLACES != 0)
            .then(|| (Arc::clone(&Self::pinned(&pin).owner), pin.slot().base()));
        let Some((owner, base)) = places else {
            Self::tell_end(&pin, watch, ended);
            return Self::give_back_counted(pin, 0);
        };
        let (pin, serves_any) = match ended {
            // A place that serves any caller changes hands before the policy is told: it has as many
            // requests on the peer as before, and hears of nothing.
            Ended::Request(..) if owner.any_place_serves() => {
                Self::tell_end(&pin, watch & !WATCH_POLICY, ended);
                match owner.hand_over(pin) {
                    HandOver::Over => return,
                    HandOver::Back { pin, .. } => {
                        // Not by the tenant: hooks have run, see `give_back_counted`.
                        if watch & WATCH_POLICY != 0 {
                            owner.finished(pin.slot(), &Self::told(watch, ended));
                        }
                        (pin, true)
                    }
                }
            }
            Ended::Request(..) => {
                Self::tell_end(&pin, watch, ended);
                match owner.hand_over(pin) {
                    HandOver::Over => return,
                    HandOver::Back { pin, serves_any } => (pin, serves_any),
                }
            }
            // A choice that was not used may have been one too many: its place is for no waiter, unless
            // it is the list that counts places.
            Ended::Unused => {
                Self::tell_end(&pin, watch, ended);
                (pin, owner.any_place_serves())
            }
        };
        Self::give_back_counted(pin, base);
        // After the subtraction: a waiter that is woken by this finds the place free.
        owner.place_freed(serves_any);
    }

    fn tell_end(pin: &PinOf<Self>, watch: u8, ended: &Ended) {
        let (retained, peer) = (Self::pinned(pin), Self::pinned_peer(pin));
        if watch & WATCH_POLICY != 0 {
            retained.owner.finished(pin.slot(), &Self::told(watch, ended));
        }
        if watch & WATCH_PEER != 0 && matches!(ended, Ended::Request(..)) {
            let told = panics::catch("end_request", || peer.end_request(ended.finish().outcome));
            if let Err(panicked) = told {
                retained.owner.panicked(&panicked);
            }
        }
    }

    /// What a policy is told of an end, with the latency if it asked.
    fn told(watch: u8, ended: &Ended) -> Finish {
        let mut finish = *ended.finish();
        match ended {
            Ended::Request(_, began) if watch & WATCH_TIME != 0 => {
                finish.latency = finish.latency.or_else(|| began.elapsed());
            }
            _ => {}
        }
        finish
    }

    /// Retires a removed slot whose last pin this thread has given back, which runs code of the
    /// transport's.
    #[cold]
    #[inline(never)]
    pub(super) fn retire(retiring: Retiring<Self>) {
        if let Some(retained) = Self::retained_by(&retiring) {
            retained.owner.retire(retiring);
        }
    }
}
