//! A peer as a policy sees it, and the available ones, one by one.

use std::fmt;

use super::table::View;
use crate::slot::{Key, Pinned, Slot, SlotRef, Word};

/// The peers that can be chosen, as one chooser finds them: a dense sequence in no particular
/// order, which other threads may change at any time.
#[derive(Clone, Copy, Debug)]
pub struct Available<'r> {
    view: View<'r>,
}

impl<'r> Available<'r> {
    #[inline]
    pub(crate) fn new(view: View<'r>) -> Self {
        Self { view }
    }

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
    pub(crate) fn word(self) -> Word {
        self.slot.word()
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
        self.slot.pending()
    }

    /// Its [weight](crate::Attributes::weight), at least 1.
    #[must_use]
    #[inline]
    pub fn weight(self) -> u16 {
        self.slot.watched().weight().max(1)
    }

    /// Its [tier](crate::Attributes::tier).
    #[must_use]
    #[inline]
    pub fn tier(self) -> u8 {
        self.slot.watched().tier()
    }

    /// A number that the policy keeps of the peer, on the line that a choice reads anyway: an
    /// average latency, say. 0 when the peer joins; the library does not look at it.
    #[must_use]
    #[inline]
    pub fn cost(self) -> u64 {
        self.slot.cost()
    }

    /// Sets the number that [`cost`](Entry::cost) reads, with relaxed ordering. Cheap in
    /// [`finished`](crate::Policy::finished), which owns the line at that moment.
    #[inline]
    pub fn set_cost(self, cost: u64) {
        self.slot.set_cost(cost);
    }

    /// Chooses it and counts the request, in one step. `None`: it is not available any more.
    #[inline]
    pub fn pin(self) -> Option<Pinned<'r>> {
        let mut seen = self.word();
        while seen.is_available() {
            match self.pin_from(seen) {
                Ok(pinned) => return Some(pinned),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// Chooses it if it has fewer than `limit` requests in flight. `None`: it has so many, or it is
    /// not available any more.
    #[inline]
    pub fn pin_below(self, limit: u32) -> Option<Pinned<'r>> {
        let mut seen = self.word();
        while seen.is_available() && self.slot.pending_of(seen) < limit {
            match self.pin_from(seen) {
                Ok(pinned) => return Some(pinned),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// Whether it can be chosen and is still the same peer.
    #[must_use]
    pub fn is_available_as(self, key: Key) -> bool {
        let seen = self.word();
        seen.is_available() && seen.generation() == key.generation
    }

    /// Chooses it if it is still the same peer.
    pub fn pin_as(self, key: Key) -> Option<Pinned<'r>> {
        let mut seen = self.word();
        while seen.is_available() && seen.generation() == key.generation {
            match self.pin_from(seen) {
                Ok(pinned) => return Some(pinned),
                Err(now) => seen = now,
            }
        }
        None
    }

    /// Chooses it if its word is still the one that was seen, which must say `Available`.
    #[inline]
    pub(crate) fn pin_from(self, seen: Word) -> Result<Pinned<'r>, Word> {
        self.slot.pin_from(seen).map(Pinned::new)
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.slot, f)
    }
}
