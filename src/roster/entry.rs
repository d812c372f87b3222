//! What a policy sees of the roster: the available peers, one by one.

use std::fmt;

use super::table::View;
use crate::slot::pick::Pinned;
use crate::slot::{Key, Slot, SlotRef, Value};

/// The peers that can be chosen, as one chooser finds them: a dense sequence in no particular
/// order, which others may change at any time.
#[derive(Clone, Copy, Debug)]
pub struct Available<'r> {
    pub(super) view: View<'r>,
}

impl<'r> Available<'r> {
    /// How many there are.
    #[must_use]
    #[inline]
    pub fn len(self) -> usize {
        self.view.len()
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The peer at `position`.
    ///
    /// # Panics
    ///
    /// Panics if `position` is not below [`len`](Available::len).
    #[must_use]
    #[inline]
    pub fn get(self, position: usize) -> Option<Entry<'r>> {
        self.view.get(position).map(Entry::of)
    }

    /// All of them, in turn.
    pub fn iter(self) -> impl Iterator<Item = Entry<'r>> {
        (0..self.len()).filter_map(move |position| self.get(position))
    }
}

/// A peer that may be chosen. Looking at it costs one load; to read the peer itself, pin it.
#[derive(Clone, Copy)]
pub struct Entry<'r> {
    slot: &'r Slot,
}

impl<'r> Entry<'r> {
    #[inline]
    pub(crate) fn of(slot: &'r Slot) -> Self {
        Self { slot }
    }

    /// To remember it by.
    pub(crate) fn slot_ref(self) -> SlotRef {
        SlotRef::new(self.slot)
    }

    pub(crate) fn slot(self) -> &'r Slot {
        self.slot
    }

    #[inline]
    pub(crate) fn value(self) -> Value {
        self.slot.value()
    }

    /// Which peer it is.
    #[must_use]
    pub fn key(self) -> Key {
        self.slot.key()
    }

    /// Its requests in flight.
    #[must_use]
    #[inline]
    pub fn pending(self) -> u32 {
        self.value().pending()
    }

    /// Chooses it and counts the request, in one step. `None`: it is not available any more.
    #[inline]
    pub fn pin(self) -> Option<Pinned<'r>> {
        // SAFETY: the pin just taken is given away.
        self.slot.pin().then(|| unsafe { Pinned::new(self.slot) })
    }

    /// Whether it can be chosen and is still the same peer.
    #[must_use]
    pub fn is_available_as(self, key: Key) -> bool {
        let seen = self.value();
        seen.is_available() && seen.generation() == key.generation
    }

    /// Chooses it if it is still the same peer.
    pub fn pin_as(self, key: Key) -> Option<Pinned<'r>> {
        let mut seen = self.value();
        while seen.is_available() && seen.generation() == key.generation {
            match self.pin_from(seen) {
                Ok(pinned) => return Some(pinned),
                Err(now) => seen = now,
            }
        }
        None
    }

    #[inline]
    pub(crate) fn pin_from(self, seen: Value) -> Result<Pinned<'r>, Value> {
        self.slot.pin_from(seen)?;
        // SAFETY: the pin just taken is given away.
        Ok(unsafe { Pinned::new(self.slot) })
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.slot, f)
    }
}
