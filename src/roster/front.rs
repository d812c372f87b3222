//! The roster: what a choice reads of it, and its counts.

use std::fmt;

use crossbeam_utils::CachePadded;

use super::books::Books;
use super::entry::Entry;
use crate::slot::{Key, Pinned, Slot, SlotRef};
use crate::sync::{AtomicU32, AtomicUsize, Mutex, MutexGuard, Ordering};

/// The peers of a list, as its policy sees them.
pub struct Roster {
    /// 1 while the list is running, else 0: nothing is handed out. A number because not every
    /// language that looks here can load a byte atomically. On a line of its own: read by every
    /// choice, written when a list starts and stops.
    open: CachePadded<AtomicU32>,
    pub(super) counts: CachePadded<Counts>,
    books: Mutex<Books>,
}

/// Written by every change, so away from what every choice reads.
#[derive(Default)]
pub(super) struct Counts {
    /// Slots in use.
    pub(super) seated: AtomicUsize,
    /// Slots that can be chosen.
    pub(super) available: AtomicUsize,
    /// Slots whose peer is connected and cannot be chosen for other reasons.
    pub(super) set_aside: AtomicUsize,
}

impl Roster {
    pub(crate) fn new() -> Self {
        Self {
            open: CachePadded::default(),
            counts: CachePadded::default(),
            books: Mutex::new(Books::new()),
        }
    }

    /// How many peers can be chosen now.
    #[must_use]
    pub fn available(&self) -> usize {
        // Relaxed: a count.
        self.counts.available.load(Ordering::Relaxed)
    }

    /// Slots in use, and how many of them can be chosen.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let available = self.available();
        (self.counts.seated.load(Ordering::Relaxed).max(available), available)
    }

    /// How many peers are connected and cannot be chosen for other reasons.
    pub(crate) fn set_aside(&self) -> usize {
        self.counts.set_aside.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        // Relaxed: choosing while a list starts or stops may go either way; a waiter that must not
        // miss the start re-checks after a fence (`wait/gate`).
        self.open.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn set_open(&self, open: bool) {
        self.open.store(open.into(), Ordering::Release);
    }

    /// Where a binding finds whether the list is open.
    #[cfg(all(feature = "capi", not(loom)))]
    pub(crate) fn open_word(&self) -> *mut u32 {
        self.open.as_ptr()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock()
    }

    /// Runs `look` while no peer joins, leaves, or changes its availability: takes the mutex.
    pub(crate) fn while_still<R>(&self, look: impl FnOnce() -> R) -> R {
        let _books = self.lock();
        look()
    }

    /// Pins any available peer but those in `except`, looking at every peer of the list under the
    /// roster's mutex: the last resort of a policy that found nothing by its own means. `None`: no
    /// other peer is available.
    pub fn pin_any_except(&self, except: &[Key]) -> Option<Pinned<'_>> {
        self.pin_any_by(except, Entry::pin)
    }

    /// The same by another way to pin a peer, such as one that asks what it has in flight.
    pub(crate) fn pin_any_by<'r>(
        &'r self,
        except: &[Key],
        pin: impl Fn(Entry<'r>) -> Option<Pinned<'r>>,
    ) -> Option<Pinned<'r>> {
        let books = self.lock();
        // SAFETY: slots live as long as the roster.
        let mut slots = books.slots().map(|slot| Entry::of(unsafe { slot.as_ref() }));
        slots.find_map(|entry| (!except.contains(&entry.key())).then(|| pin(entry))?)
    }

    /// The slot that `peer` remembers, which must be one of this roster.
    #[inline]
    pub(crate) fn entry(&self, peer: SlotRef) -> Entry<'_> {
        Entry::of(self.slot(peer))
    }

    #[inline]
    pub(super) fn slot(&self, peer: SlotRef) -> &Slot {
        // SAFETY: a `SlotRef` is kept by the roster that made it and by the indexes whose home that
        // roster is, and slots live as long as their roster.
        unsafe { peer.slot.as_ref() }
    }
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (peers, available) = self.counts();
        f.debug_struct("Roster").field("peers", &peers).field("available", &available).finish()
    }
}
