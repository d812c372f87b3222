//! How each state of a slot becomes the next, in the order of a peer's life: `occupy`, `seat`, `publish` and
//! `withdraw` in turns, `remove`, `take`, `free`.
//!
//! Why each ordering is what it is stands in the table of `word.rs`.

use std::ptr::NonNull;
use std::sync::Arc;

use super::cell::{Contents, Retained, Slot};
use super::token::Retiring;
use super::watched::{WATCH_STREAK, Watched};
use super::word::{AVAILABLE, FREE, REMOVED, UNAVAILABLE, Word};
use crate::attributes::Attributes;
use crate::peer::Peer;
use crate::sync::Ordering;

impl Slot {
    /// `Free` → `Unavailable`. Mutex held.
    pub(crate) fn occupy(&self) {
        debug_assert_eq!(self.word().state(), FREE);
        // Relaxed: `Unavailable` is acted on only under the mutex.
        self.word.fetch_add(UNAVAILABLE - FREE, Ordering::Relaxed);
    }

    /// Sets the peer. Mutex held, state `Unavailable`, for the first time since `occupy`.
    pub(crate) fn seat(&self, contents: Contents) {
        debug_assert_eq!(self.word().state(), UNAVAILABLE);
        let Contents { peer, retained, watched, learner, factors, words } = contents;
        self.watched.store(watched.0, Ordering::Relaxed);
        self.learner.store(learner.cast_mut(), Ordering::Relaxed);
        self.cost.store(0, Ordering::Relaxed);
        self.set_factors(factors);
        for (cell, word) in self.words.iter().zip(words) {
            cell.store(word, Ordering::Relaxed);
        }
        // Relaxed: the slot has no pin, and `publish` comes later in the word's order.
        self.word.fetch_add(self.base().into(), Ordering::Relaxed);
        // SAFETY: not pinned since it was `Free`, and other readers need the mutex.
        self.tenant.with_mut(|cell| unsafe {
            retained.replace_peer(Some(peer));
            *cell = Some(retained);
        });
    }

    /// Changes the attributes and leaves the watch flags. Mutex held.
    pub(crate) fn set_attributes(&self, attributes: &Attributes) {
        let before = self.watched();
        let watched = Watched::new(before.watch(), attributes);
        if before.watch() & WATCH_STREAK == 0 {
            self.set_factors(self.factors().reweighted(before.weight(), watched.weight()));
        }
        // Relaxed: readers take either value.
        self.watched.store(watched.0, Ordering::Relaxed);
    }

    /// `Unavailable` → `Available`. Mutex held.
    pub(crate) fn publish(&self) {
        debug_assert_eq!(self.word().state(), UNAVAILABLE);
        // Release pairs with the acquire of `add_pin`.
        self.word.fetch_sub(UNAVAILABLE - AVAILABLE, Ordering::Release);
    }

    /// `Available` → `Unavailable`. Mutex held.
    pub(crate) fn withdraw(&self) {
        debug_assert_eq!(self.word().state(), AVAILABLE);
        // Relaxed: pins there are stay, and no new reader is let in.
        self.word.fetch_add(UNAVAILABLE - AVAILABLE, Ordering::Relaxed);
    }

    /// `Available` or `Unavailable` → `Removed`. Mutex held. If no request is in flight the caller
    /// retires the slot, else the last one's end does. Returns how often the peer was chosen as well.
    pub(crate) fn remove(&self) -> (Option<Retiring<Self>>, u64) {
        let base = self.base();
        if self.word().is_up() {
            self.withdraw();
        }
        // No pin is added any more, and the number of halves can be read still.
        let (chosen, seen) = self.chosen_in_use();
        // Down from here on the count is the true one: see `word.rs`.
        let step = (REMOVED - UNAVAILABLE).wrapping_sub(base.into());
        // Acquire pairs with every earlier `unpin`, in case there is no pin left. Release pairs
        // with `acquire_last`: the cells were read under the mutex, and the thread that empties them
        // later does not take it.
        let before = Word(self.word.fetch_add(step, Ordering::AcqRel));
        debug_assert_eq!(before.state(), UNAVAILABLE);
        // SAFETY: it was not removed before, and there was no pin; none can be added any more.
        let retiring = before.has_none(base).then(|| unsafe { Retiring::new(NonNull::from(self)) });
        // Places that were handed over in between; those from now on know that they are late.
        (retiring, chosen + before.chosen_since(seen))
    }

    /// What owns the slot, for the thread that retires it.
    pub(super) fn retained_by(retiring: &Retiring<Self>) -> Option<Arc<Retained>> {
        let slot = retiring.slot();
        slot.acquire_last();
        // SAFETY: only this thread may write the cell now.
        slot.tenant.with(|cell| unsafe { (*cell).clone() })
    }

    /// Empties the slot for good.
    pub(crate) fn take(retiring: &Retiring<Self>) -> Option<(Arc<dyn Peer>, Arc<Retained>)> {
        let slot = retiring.slot();
        slot.acquire_last();
        // SAFETY: the last pin is gone, and no new one can come: only this thread still touches the
        // cell.
        slot.tenant.with_mut(|cell| unsafe {
            let retained = (*cell).take()?;
            Some((retained.replace_peer(None)?, retained))
        })
    }

    /// Sees everything that other owners of pins, and of the mutex, did before the slot became
    /// this thread's to retire.
    fn acquire_last(&self) {
        // A load and not a fence: the thread sanitizer does not model fences, and this is cold.
        // Acquire pairs with the release of every `unpin`, and with `remove`.
        self.word.load(Ordering::Acquire);
    }

    /// → `Free`, of the next generation, which was never chosen. Mutex held, cells empty.
    pub(crate) fn free(&self) {
        let word = self.word();
        let step = word.to_next_generation().wrapping_sub(word.state()).wrapping_add(FREE);
        // Relaxed: readers of stale table entries see the next tenant through `publish`, later in the
        // word's own order; the next `seat` comes after this by the mutex.
        self.word.fetch_add(step, Ordering::Relaxed);
    }
}
