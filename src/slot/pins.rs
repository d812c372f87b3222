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
        debug_assert_ne!(before.pending(), 0);
        let is_last = before.is_last_of_removed();
        // SAFETY: removed, and this was the last pin.
        is_last.then(|| unsafe { Retiring::new(slot) })
    }

    /// As [`unpin`](Self::unpin), if the word still tells of this tenant ([`Word::tenant`]; `None`: of
    /// any) and of a request in flight. `None`: it does not, and nothing has changed.
    ///
    /// For pins whose owner may be wrong about owning them: C can copy a pick. What was subtracted
    /// once too often, by copies at one moment, is added again: see `word.rs`.
    ///
    /// # Safety
    ///
    /// The slot lives, and the pin, if it is one, is the caller's and not used any more.
    #[inline]
    pub(super) unsafe fn unpin_if_counted(
        slot: NonNull<Self>,
        tenant: Option<u64>,
    ) -> Option<Option<Retiring<Self>>> {
        // A reference to the word alone, as in `unpin`.
        // SAFETY: by contract of the caller.
        let word = unsafe { &slot.as_ref().word };
        let seen = Word(word.load(Ordering::Relaxed));
        // Not a compare-exchange, which would wait for the load.
        if seen.has_none() || tenant.is_some_and(|tenant| tenant != seen.tenant()) {
            return None;
        }
        // Release: as in `unpin`.
        let before = Word(word.fetch_sub(PIN, Ordering::Release));
        if before.has_none() {
            word.fetch_add(PIN, Ordering::Relaxed);
            return None;
        }
        let is_last = before.is_last_of_removed();
        // SAFETY: removed, and this was the last pin.
        Some(is_last.then(|| unsafe { Retiring::new(slot) }))
    }
}
