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
//! | the choice was taken back | – | `finished`, as not sent | the same |
//!
//! and a thread whose unpinning was the last of a removed slot retires it.

use std::ptr::NonNull;
use std::sync::Arc;

use super::cell::{Retained, Slot, SlotRef, WATCH_PEER, WATCH_PLACES, WATCH_POLICY, WATCH_TIME};
use super::retained::HandOver;
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
    /// Tells the peer, if it asked, that a request begins, and looks at the clock if the policy
    /// asked for latencies.
    ///
    /// # Safety
    ///
    /// The caller holds a pin.
    #[inline]
    pub(super) unsafe fn begin(&self) -> Stamp {
        if self.watched().watch() & (WATCH_PEER | WATCH_TIME) == 0 {
            return Stamp::NONE;
        }
        // SAFETY: pinned.
        unsafe { self.begin_watched() }
    }

    #[cold]
    #[inline(never)]
    unsafe fn begin_watched(&self) -> Stamp {
        // SAFETY: pinned, by contract of the caller.
        let (peer, retained) = unsafe { (self.peer(), self.retained()) };
        let watch = self.watched().watch();
        if watch & WATCH_PEER != 0 {
            let told = panics::catch("start_request", || peer.start_request());
            if let Err(panicked) = told {
                retained.owner.panicked(&panicked);
            }
        }
        if watch & WATCH_TIME != 0 { Stamp::now() } else { Stamp::NONE }
    }

    /// Ends what a pin was held for: tells the peer and the policy if they asked, then gives the
    /// pin back. What has ended is made only if it is told: a plain finish is one subtraction.
    ///
    /// # Safety
    ///
    /// The caller gives up the pin it holds. The slot may be gone when this returns, hence the
    /// pointer.
    #[inline]
    pub(crate) unsafe fn finish(slot: NonNull<Self>, ended: impl FnOnce() -> Ended) {
        // SAFETY: pinned, so alive; after `unpin` the pointer is followed only to retire the slot.
        unsafe {
            if slot.as_ref().watched().watch() != 0 {
                return Self::finish_watched(slot, &ended());
            }
            if slot.as_ref().unpin() {
                Self::retire(slot);
            }
        }
    }

    #[inline(never)]
    unsafe fn finish_watched(slot: NonNull<Self>, ended: &Ended) {
        // SAFETY: pinned until `unpin`; see `finish`.
        let this = unsafe { slot.as_ref() };
        if this.watched().watch() != WATCH_POLICY {
            // SAFETY: the pin goes with it.
            return unsafe { Self::finish_heard(slot, ended) };
        }
        // A policy that counts, and nothing else: what `fewest-pending-requests` pays each time.
        // SAFETY: as above.
        unsafe { this.retained() }.owner.finished(this, ended.finish());
        // SAFETY: as in `finish`.
        unsafe {
            if slot.as_ref().unpin() {
                Self::retire(slot);
            }
        }
    }

    /// The rest: hooks, latencies and places, in this order.
    #[inline(never)]
    unsafe fn finish_heard(slot: NonNull<Self>, ended: &Ended) {
        // SAFETY: pinned until `unpin`; see `finish`.
        let this = unsafe { slot.as_ref() };
        let watch = this.watched().watch();
        // SAFETY: as above.
        unsafe { this.tell_end(watch, ended) };
        // SAFETY: as above. A reference of its own, because the list may be told after the pin is
        // gone.
        let retained = (watch & WATCH_PLACES != 0).then(|| Arc::clone(unsafe { this.retained() }));
        let mut serves_any = false;
        // Only the place of a request: a choice that was not used may have been one too many.
        if let (Some(retained), Ended::Request(..)) = (&retained, ended) {
            // SAFETY: this thread's pin, which it does not use any more if a waiter has got it.
            match unsafe { retained.owner.hand_over(slot) } {
                HandOver::Over => return,
                HandOver::Back { serves_any: serves } => serves_any = serves,
            }
        }
        // SAFETY: as in `finish`.
        unsafe {
            if slot.as_ref().unpin() {
                Self::retire(slot);
            }
        }
        // After the subtraction: a waiter that is woken by this finds the place free.
        if let Some(retained) = retained {
            retained.owner.place_freed(serves_any);
        }
    }

    unsafe fn tell_end(&self, watch: u8, ended: &Ended) {
        // SAFETY: pinned, by contract of the caller.
        let retained: &Retained = unsafe { self.retained() };
        let mut finish = *ended.finish();
        match ended {
            Ended::Request(_, began) if watch & WATCH_TIME != 0 => {
                finish.latency = finish.latency.or_else(|| began.elapsed());
            }
            _ => {}
        }
        if watch & WATCH_POLICY != 0 {
            retained.owner.finished(self, &finish);
        }
        if watch & WATCH_PEER != 0 && matches!(ended, Ended::Request(..)) {
            // SAFETY: as above.
            let peer = unsafe { self.peer() };
            let told = panics::catch("end_request", || peer.end_request(finish.outcome));
            if let Err(panicked) = told {
                retained.owner.panicked(&panicked);
            }
        }
    }

    /// Retires a removed slot whose last pin this thread has given back, which runs code of the
    /// transport's.
    ///
    /// # Safety
    ///
    /// [`unpin`](Slot::unpin) told the caller to. Until the slot is retired, what it keeps holds
    /// its list's memory.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn retire(slot: NonNull<Self>) {
        // SAFETY: by contract of the caller the slot is alive, and this thread's.
        let this = unsafe { slot.as_ref() };
        this.acquire_last();
        // SAFETY: as above: no other thread writes the cell.
        let owner = Arc::clone(unsafe { &this.retained().owner });
        owner.retire(SlotRef::new(this));
    }
}
