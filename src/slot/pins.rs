//! Adding a pin to a slot, and giving it back. Why the one is a compare-exchange and the other a
//! subtraction, and what orders them, is in `word.rs`.

use std::ptr::NonNull;

use super::cell::Slot;
use super::token::{PinOf, Retiring};
use super::word::{CHOSEN, PIN, REMOVED, Word};
use crate::sync::Ordering;

impl Slot {
    /// Adds a pin if the word still says `seen`, which must say `Available`.
    #[inline]
    pub(super) fn add_pin(&self, seen: Word) -> Result<PinOf<Self>, Word> {
        debug_assert!(seen.is_available());
        let pinned = seen.pinned_once_more();
        // Acquire on success pairs with `publish`; failure only reports a hint.
        self.word
            .compare_exchange(seen.0, pinned.0, Ordering::Acquire, Ordering::Relaxed)
            .map_err(Word)?;
        if seen.is_half_before(pinned) {
            // SAFETY: pinned by that.
            unsafe { Self::note_half(NonNull::from(self)) };
        }
        // SAFETY: the count has gone up by this one.
        Ok(unsafe { PinOf::new(NonNull::from(self)) })
    }

    /// A choice was one past another half of what the word can count. By its address, not by a reference to a
    /// pin, which would be in memory for it: each choice would write it there, and its finish wait for that.
    ///
    /// # Safety
    ///
    /// The slot is pinned by the caller.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn note_half(slot: NonNull<Self>) {
        // SAFETY: by contract of the caller. The pin stays the caller's: dropping this does nothing.
        let pin = unsafe { PinOf::new(slot) };
        Self::pinned(&pin).tally.note_half();
    }

    /// A pin is another request's from now on, which was not chosen but given the place.
    pub(super) fn chosen_again(pin: &PinOf<Self>) {
        // Release, as in `unpin`: a reader that finds the request before this one ended finds how.
        let before = pin.slot().word.fetch_add(CHOSEN, Ordering::Release);
        if Word(before).is_half_before(Word(before.wrapping_add(CHOSEN))) {
            // SAFETY: pinned for as long as `pin` is borrowed.
            unsafe { Self::note_half(NonNull::from(pin.slot())) };
        }
        if Word(before).state() == REMOVED {
            // What the peer was chosen for is counted already.
            Self::pinned(pin).owner.chosen_late();
        }
    }

    /// Gives a pin back. If it was the last of a removed slot, the caller retires the slot.
    #[inline]
    pub(super) fn unpin(pin: PinOf<Self>) -> Option<Retiring<Self>> {
        let slot = pin.into_raw();
        // A reference to the word alone: another thread may free the slot the moment the pin is
        // gone, which is before the subtraction returns.
        // SAFETY: pinned until then.
        let word = unsafe { &slot.as_ref().word };
        // Release: the thread that retires the slot sees this thread's use of the peer as past.
        let before = Word(word.fetch_sub(PIN, Ordering::Release));
        debug_assert_ne!(before.count(), 0);
        let is_last = before.is_last_of_removed();
        // SAFETY: removed, and this was the last pin.
        is_last.then(|| unsafe { Retiring::new(slot) })
    }

    /// As [`unpin`](Self::unpin), if the word tells of a request in flight. `None`: it does not, and
    /// nothing has changed.
    ///
    /// For pins whose owner may be wrong about owning them: C can copy a pick. What was subtracted
    /// once too often, by copies at one moment, is added again: see `word.rs`. `base` is the slot's.
    ///
    /// # Safety
    ///
    /// The slot lives, and the pin, if it is one, is the caller's and not used any more.
    #[inline]
    pub(super) unsafe fn unpin_if_counted(
        slot: NonNull<Self>,
        base: u32,
    ) -> Option<Option<Retiring<Self>>> {
        // A reference to the word alone, as in `unpin`.
        // SAFETY: by contract of the caller.
        let word = unsafe { &slot.as_ref().word };
        if Word(word.load(Ordering::Relaxed)).has_none(base) {
            return None;
        }
        // SAFETY: by contract of the caller.
        unsafe { Self::unpin_seen(slot, base) }
    }

    /// The same, if the word tells so of this tenant, whose generation is where it is in the word in `mark`,
    /// and beyond doubt: on `None` a closer look may tell otherwise. For slots without a base.
    ///
    /// # Safety
    ///
    /// As for [`unpin_if_counted`](Self::unpin_if_counted).
    #[inline]
    #[cfg(feature = "capi")]
    pub(super) unsafe fn unpin_if_surely_counted(
        slot: NonNull<Self>,
        mark: u64,
    ) -> Option<Option<Retiring<Self>>> {
        // SAFETY: by contract of the caller.
        let word = unsafe { &slot.as_ref().word };
        if !Word(word.load(Ordering::Relaxed)).surely_counts(mark) {
            return None;
        }
        // SAFETY: by contract of the caller.
        unsafe { Self::unpin_seen(slot, 0) }
    }

    /// The subtraction, of a word that has told of a request.
    ///
    /// # Safety
    ///
    /// As for [`unpin_if_counted`](Self::unpin_if_counted).
    #[inline]
    unsafe fn unpin_seen(slot: NonNull<Self>, base: u32) -> Option<Option<Retiring<Self>>> {
        // SAFETY: by contract of the caller.
        let word = unsafe { &slot.as_ref().word };
        // Not a compare-exchange, which would wait for the load. Release: as in `unpin`.
        let before = Word(word.fetch_sub(PIN, Ordering::Release));
        if before.has_none(base) {
            word.fetch_add(PIN, Ordering::Relaxed);
            return None;
        }
        let is_last = before.is_last_of_removed();
        // SAFETY: removed, and this was the last pin.
        Some(is_last.then(|| unsafe { Retiring::new(slot) }))
    }
}
