//! How a request begins and ends on a slot, and who retires a slot at last.
//!
//! A slot whose peer and policy want to hear of nothing finishes with one subtraction. The rest is
//! cold: hooks are the user's code, so they run under the guard, while the pin is still held.

use std::ptr::NonNull;

use super::word::{PIN, REMOVED, Value};
use super::{Slot, WATCH_PEER, WATCH_POLICY};
use crate::outcome::Outcome;
use crate::panics;
use crate::sync::Ordering;

/// What a pin was held for.
#[derive(Clone, Copy)]
pub(crate) enum Ended {
    /// A request that `start_request` was called for.
    Request(Outcome),
    /// A choice that was taken back before anybody saw it.
    Unused,
}

impl Ended {
    fn outcome(self) -> Outcome {
        match self {
            Self::Request(outcome) => outcome,
            Self::Unused => Outcome::NotSent,
        }
    }
}

impl Slot {
    /// Tells the peer, if it asked, that a request begins.
    ///
    /// # Safety
    ///
    /// The caller holds a pin.
    #[inline]
    pub(crate) unsafe fn start_request(&self) {
        // Relaxed: set before the slot was published, which the pin has acquired.
        if self.watch.load(Ordering::Relaxed) & WATCH_PEER != 0 {
            // SAFETY: pinned.
            unsafe { self.tell_start() };
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn tell_start(&self) {
        // SAFETY: pinned, by contract of the caller.
        let (peer, owner) = unsafe { (self.peer(), self.owner()) };
        if let Err(panicked) = panics::run("start_request", || peer.start_request()) {
            owner.panicked(&panicked);
        }
    }

    /// Ends a request: tells whoever asked, then gives the pin back.
    ///
    /// # Safety
    ///
    /// The caller gives up the pin it holds; the slot may be gone when this returns, hence the
    /// pointer.
    #[inline]
    pub(crate) unsafe fn finish(slot: NonNull<Self>, ended: Ended) {
        let unpin = Unpin(slot);
        // SAFETY: pinned until `unpin`. Relaxed: as in `start_request`.
        let watch = unsafe { slot.as_ref() }.watch.load(Ordering::Relaxed);
        if watch != 0 {
            // SAFETY: as above.
            unsafe { slot.as_ref().tell_end(watch, ended) };
        }
        drop(unpin);
    }

    /// Whether somebody wants to hear that a request ends.
    ///
    /// # Safety
    ///
    /// The caller holds a pin.
    #[cfg(feature = "capi")]
    #[inline]
    pub(crate) unsafe fn is_watched(&self) -> bool {
        // Relaxed: as in `start_request`.
        self.watch.load(Ordering::Relaxed) != 0
    }

    /// Gives a pin back. `true`: it was the last of a removed slot, and the caller must
    /// [retire](Slot::retire) it.
    ///
    /// # Safety
    ///
    /// The caller gives up the pin it holds. Another thread may free the slot the moment the pin is
    /// gone, hence the pointer.
    #[inline]
    pub(crate) unsafe fn unpin(slot: NonNull<Self>) -> bool {
        // SAFETY: pinned, so alive now; nothing below touches it after the subtraction.
        let word = unsafe { &slot.as_ref().word };
        // Release: whoever retires the slot sees our use of the peer as past.
        let before = Value::of(word.fetch_sub(PIN, Ordering::Release));
        debug_assert_ne!(before.pending(), 0);
        before.state() == REMOVED && before.pending() == 1
    }

    /// Empties a removed slot and releases its peer, which runs code of the transport's.
    ///
    /// # Safety
    ///
    /// [`unpin`](Slot::unpin) told the caller to. Until it has, the owner in the slot keeps the
    /// memory.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn retire(slot: NonNull<Self>) {
        // A load and not a fence: the thread sanitizer does not model fences, and this is cold.
        // Acquire pairs with the release of every other `unpin`, and with `remove`.
        // SAFETY: by contract of the caller the slot is alive.
        unsafe { slot.as_ref() }.word.load(Ordering::Acquire);
        // SAFETY: by contract of the caller.
        if let Some((peer, owner)) = unsafe { slot.as_ref().take() } {
            owner.retire(peer);
        }
    }

    #[inline(never)]
    unsafe fn tell_end(&self, watch: u32, ended: Ended) {
        // SAFETY: pinned, by contract of the caller.
        let owner = unsafe { self.owner() };
        if watch & WATCH_POLICY != 0 {
            owner.finished(ended.outcome());
        }
        if let (true, Ended::Request(outcome)) = (watch & WATCH_PEER != 0, ended) {
            // SAFETY: as above.
            let peer = unsafe { self.peer() };
            if let Err(panicked) = panics::run("end_request", || peer.end_request(outcome)) {
                owner.panicked(&panicked);
            }
        }
    }
}

/// Gives a pin back when dropped, and retires the slot if it was the last of a removed one.
pub(crate) struct Unpin(pub(crate) NonNull<Slot>);

impl Drop for Unpin {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `self` is a pin, and is given up here.
        unsafe {
            if Slot::unpin(self.0) {
                Slot::retire(self.0);
            }
        }
    }
}
