//! Ends of requests that are written down for the next thread that has the books.
//!
//! To enter an end the books would have to come to the core of the thread that ends it: a handful of cache
//! lines, while other cores choose. It is written down beside the lock instead, which is one line, and
//! whatever thread has the books next enters it before it looks at them. So a choice sees each end that
//! came before it, and an end waits for the books only when all places are taken.
//!
//! What is written down is compared, and never followed: by the time that an end is entered its slot may
//! have another tenant. But the new one joins the books by one who has them, and who has entered all ends
//! of the old one then: they were written down before their pins were given back, and the slot was freed
//! after that.

use std::ptr;

use crate::slot::Slot;
use crate::sync::{AtomicU64, Ordering};

/// How many ends can be written down: as many as fit beside the lock. Under the checker one, so that some
/// find no place.
const PLACES: usize = if cfg!(loom) { 1 } else { 6 };

/// The ends that are written down; 0: a free place.
#[derive(Debug, Default)]
pub(super) struct Ends([AtomicU64; PLACES]);

/// Whose end: the slot by its index, and by enough of its address to tell it from that of another list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End(u64);

impl End {
    pub(super) fn of(slot: &Slot) -> Self {
        // Slots lie 64 bytes apart. Not 0: an index is not that large.
        let address = ptr::from_ref(slot).addr() >> 6;
        Self((u64::from(slot.index()) + 1) << 32 | u64::from(address as u32))
    }

    pub(super) fn index(self) -> u32 {
        (self.0 >> 32) as u32 - 1
    }

    /// Whether it is that of a request on the slot that has this address now.
    pub(super) fn is_on(self, slot: *const Slot) -> bool {
        self.0 as u32 == (slot.addr() >> 6) as u32
    }
}

impl Ends {
    /// Writes an end down. Returns whether there was a place.
    #[inline]
    pub(super) fn keep(&self, end: End) -> bool {
        self.0.iter().any(|place| {
            // A look before the exchange. Release pairs with the acquire of `take`: what this thread did
            // before is seen by the one that enters the end.
            place.load(Ordering::Relaxed) == 0
                && place.compare_exchange(0, end.0, Ordering::Release, Ordering::Relaxed).is_ok()
        })
    }

    /// Takes all that are written down. For the holder of the books: no other thread empties a place.
    #[inline]
    pub(super) fn take(&self, mut enter: impl FnMut(End)) {
        for place in &self.0 {
            // An end that came before what the holder does is ordered before it by what made it come
            // before, and so seen here.
            let end = place.load(Ordering::Acquire);
            if end != 0 {
                // Relaxed: the place is free, and nothing hangs on it.
                place.store(0, Ordering::Relaxed);
                enter(End(end));
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn slots() -> Vec<Slot> {
        (0..PLACES as u32 + 1).map(Slot::new).collect()
    }

    #[test]
    fn as_many_are_kept_as_there_are_places() {
        let (slots, ends) = (slots(), Ends::default());
        let (last, others) = slots.split_last().expect("there is one more than places");
        for round in 0..3 {
            let kept: Vec<_> = others.iter().map(End::of).collect();
            assert!(kept.iter().all(|end| ends.keep(*end)), "round {round}");
            assert!(!ends.keep(End::of(last)), "round {round}");
            let mut taken = vec![];
            ends.take(|end| taken.push(end));
            assert_eq!(taken, kept, "round {round}");
            ends.take(|end| panic!("{end:?} was taken"));
        }
    }

    #[test]
    fn an_end_is_on_one_slot_of_its_index() {
        let (here, there) = (slots(), slots());
        for (slot, other) in here.iter().zip(&there) {
            let end = End::of(slot);
            assert_eq!(end.index(), slot.index());
            assert!(end.is_on(slot) && !end.is_on(other));
        }
    }
}
