//! Adding a pin to a slot, and giving it back. Why the one is a compare-exchange and the other a
//! subtraction, and what orders them, is in `word.rs`.

use std::ptr::NonNull;

use super::cell::Slot;
use super::token::{PinOf, Retiring};
use super::word::{PIN, Word};
use crate::sync::Ordering;

impl Slot {
    /// Adds a pin if the word still says `seen`, which must say `Available`.
    #[inline]
    pub(super) fn add_pin(&self, seen: Word) -> Result<PinOf<Self>, Word> {
        debug_assert!(seen.is_available());
        // Acquire on success pairs with `publish`; failure only reports a hint.
        self.word
            .compare_exchange(seen.0, seen.0 + PIN, Ordering::Acquire, Ordering::Relaxed)
            // SAFETY: the count has gone up by this one.
            .map(|_| unsafe { PinOf::new(NonNull::from(self)) })
            .map_err(Word)
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

    /// The same, if the word tells so of this tenant, whose generation is in the upper bits of `mark`,
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
