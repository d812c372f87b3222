//! The slot: 64 bytes, one cache line, so that two peers' counts never share one.
//!
//! What stands where in it, and what can be read. How each state becomes the next is in `states.rs`; why
//! each ordering is what it is stands in the table of `word.rs`.

use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;

use super::key::{Key, RefTo};
use super::retained;
use super::tally::{Counted, Counts};
use super::token::PinOf;
use super::watched::{WATCH_PLACES, Watched};
use super::word::{AVAILABLE, FREE, REMOVED, UNAVAILABLE, Word};
use crate::cost::{Factors, Learner};
use crate::peer::Peer;
use crate::sync::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, UnsafeCell};

/// A slot and the tenant it had when it was looked up.
pub(crate) type SlotRef = RefTo<Slot>;

/// A peer that its transport has retained for a list.
pub(crate) type Retained = retained::Retained<Slot>;

/// What a slot is seated with.
pub(crate) struct Contents {
    pub(crate) peer: Arc<dyn Peer>,
    pub(crate) retained: Arc<Retained>,
    pub(crate) watched: Watched,
    /// What learns from the ends of its requests; null: nothing. Lives as long as the list.
    pub(crate) learner: *const Learner<Slot>,
    /// What its count is made a price with before anything is learnt.
    pub(crate) factors: Factors,
    /// Two words of the transport's own: see [`Peer::seat_with`].
    pub(crate) words: [usize; 2],
}

/// One entry of the roster. The word comes first: a binding to another language may count there
/// itself.
#[repr(C, align(64))]
pub(crate) struct Slot {
    pub(super) word: AtomicU64,
    index: u32,
    /// A [`Watched`]. The watch flags are set while the slot is `Unavailable` and not pinned, but for
    /// `WATCH_DATA`.
    pub(super) watched: AtomicU32,
    /// Behind a pointer: a choice needs none of it, and the line has no room for more.
    pub(super) tenant: UnsafeCell<Option<Arc<Retained>>>,
    pub(super) learner: AtomicPtr<Learner<Slot>>,
    /// What is learnt of the peer, or a number that a policy of one's own keeps of it; 0 when the peer
    /// is seated.
    pub(super) cost: AtomicU64,
    /// What the count is made a price with: [`Factors`]; failures in a row if `WATCH_STREAK` is set.
    pub(super) factors: AtomicU64,
    pub(super) words: [AtomicUsize; 2],
}

/// Where bindings look, in bytes from the slot's address.
#[cfg(all(feature = "capi", not(loom)))]
pub(crate) mod offset {
    use super::Slot;

    pub(crate) const WATCHED: usize = std::mem::offset_of!(Slot, watched);
    pub(crate) const WORDS: usize = std::mem::offset_of!(Slot, words);
}

#[cfg(not(loom))]
const _: () = assert!(size_of::<Slot>() == 64 && std::mem::offset_of!(Slot, word) == 0);

// SAFETY: everything but `tenant` is atomic or fixed. It is written by `seat` (mutex held, never
// pinned since `Free`) and `take` (the one thread that retires), and read by owners of a pin, of the
// duty to retire, or of the mutex; the table of `word.rs` has the edges that put each read after the
// one and before the other. The contents are `Send + Sync`.
unsafe impl Send for Slot {}
// SAFETY: as above.
unsafe impl Sync for Slot {}

impl Slot {
    pub(crate) fn new(index: u32) -> Self {
        Self {
            word: AtomicU64::new(FREE),
            index,
            watched: AtomicU32::new(0),
            tenant: UnsafeCell::new(None),
            learner: AtomicPtr::new(std::ptr::null_mut()),
            cost: AtomicU64::new(0),
            factors: AtomicU64::new(0),
            words: [AtomicUsize::new(0), AtomicUsize::new(0)],
        }
    }

    pub(crate) fn index(&self) -> u32 {
        self.index
    }

    /// Which peer has the slot now.
    #[inline]
    pub(crate) fn key(&self) -> Key {
        Key { index: self.index, generation: self.word().generation() }
    }

    #[inline]
    pub(crate) fn word(&self) -> Word {
        // Relaxed: a hint, or read under the mutex that orders all changes of state.
        Word(self.word.load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn watched(&self) -> Watched {
        // Relaxed: set before the slot was published, which a holder of a pin has acquired; to
        // others a hint.
        Watched(self.watched.load(Ordering::Relaxed))
    }

    /// What learns from the slot's requests, for a holder of a pin on a slot whose flags say that there
    /// is something.
    #[inline]
    pub(super) fn learner(pin: &PinOf<Self>) -> &Learner<Self> {
        // Relaxed: set before the slot was published, which the pin has acquired.
        let learner = pin.slot().learner.load(Ordering::Relaxed);
        // SAFETY: seated with one, which lives as long as the list, and so as long as the pin.
        unsafe { &*learner }
    }

    #[inline]
    pub(crate) fn cost(&self) -> u64 {
        // Relaxed: a number on its own.
        self.cost.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn set_cost(&self, cost: u64) {
        self.cost.store(cost, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn factors(&self) -> Factors {
        // Relaxed: numbers on their own. Of two writers at once one is overwritten, and corrected by
        // the next finish or sweep.
        Factors::from_bits(self.factors.load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn set_factors(&self, factors: Factors) {
        self.factors.store(factors.to_bits(), Ordering::Relaxed);
    }

    /// Where its count begins: 0, unless its list has a limit of requests on each peer.
    #[inline]
    pub(crate) fn base(&self) -> u32 {
        // Only a slot whose places are watched may have one.
        if self.watched().watch() & WATCH_PLACES == 0 { 0 } else { self.watched_base() }
    }

    #[cold]
    fn watched_base(&self) -> u32 {
        // Relaxed: every slot of a list has the same learner, or none yet.
        let learner = self.learner.load(Ordering::Relaxed);
        // SAFETY: null, or one that lives as long as the list, and so as long as the slot.
        unsafe { learner.as_ref() }.map_or(0, Learner::base)
    }

    /// Requests in flight.
    #[inline]
    pub(crate) fn pending(&self) -> u32 {
        self.pending_of(self.word())
    }

    /// The same by a word that was seen.
    #[inline]
    pub(crate) fn pending_of(&self, seen: Word) -> u32 {
        seen.above(self.base())
    }

    /// Many pins, or many generations, at once.
    #[cfg(test)]
    pub(crate) fn add_to_word(&self, number: u64) {
        self.word.fetch_add(number, Ordering::Relaxed);
    }

    /// Whether it is in use by the tenant of this generation, and not removed. Mutex held.
    pub(crate) fn is_tenanted(&self, generation: u32) -> bool {
        let word = self.word();
        matches!(word.state(), AVAILABLE | UNAVAILABLE) && word.generation() == generation
    }

    /// The requests in flight of a peer that has left and is not given back yet; 0 of any other. Mutex held.
    pub(crate) fn leaving(&self) -> u32 {
        // Acquire pairs with the release of every `unpin`, which takes no mutex: counts of what has ended are
        // seen.
        let word = self.word_acquired();
        if word.state() != REMOVED || word.has_none(0) { 0 } else { word.count() }
    }

    /// The peer of a slot in use. Mutex held.
    pub(crate) fn tenant(&self, generation: u32) -> Option<Arc<dyn Peer>> {
        // SAFETY: `read_tenant` calls it only where the cell may be read: in use, and the mutex is held.
        self.read_tenant(generation, |tenant| Arc::clone(unsafe { tenant.peer() }))
    }

    /// What owns a slot in use. Mutex held.
    pub(crate) fn tenant_retained(&self, generation: u32) -> Option<Arc<Retained>> {
        self.read_tenant(generation, Arc::clone)
    }

    /// The numbers of a peer that is in the list. Mutex held.
    pub(crate) fn counted(&self, generation: u32) -> Option<Counted> {
        self.read_tenant(generation, |tenant| tenant.tally.counted(self))
    }

    /// How often the peer of a slot in use was chosen, and how many of its requests are in flight. `None`: it
    /// has no peer yet, or none any more. Mutex held.
    pub(crate) fn chosen(&self) -> Option<(u64, u32)> {
        self.read_tenant(self.word().generation(), |tenant| {
            let (chosen, word) = tenant.tally.chosen(self);
            (chosen, self.pending_of(word))
        })
    }

    /// How often the peer of a slot in use was chosen, and the word of that moment. Mutex held.
    pub(super) fn chosen_in_use(&self) -> (u64, Word) {
        let read = self.read_tenant(self.word().generation(), |tenant| tenant.tally.chosen(self));
        read.unwrap_or((0, self.word()))
    }

    fn read_tenant<R>(&self, generation: u32, read: impl FnOnce(&Arc<Retained>) -> R) -> Option<R> {
        if !self.is_tenanted(generation) {
            return None;
        }
        // SAFETY: in use, so the cell is written only by `seat`, under the mutex that is held.
        self.tenant.with(|cell| unsafe { (*cell).as_ref() }.map(read))
    }

    /// What is kept of the tenant, for the owner of a pin.
    #[inline]
    pub(super) fn pinned(pin: &PinOf<Self>) -> &Retained {
        // SAFETY: while pinned the cell is not written, and a slot is pinned only when it is set.
        pin.slot().tenant.with(|cell| unsafe { (*cell).as_deref().unwrap_unchecked() })
    }

    /// The peer, for the owner of a pin.
    #[inline]
    pub(super) fn pinned_peer(pin: &PinOf<Self>) -> &dyn Peer {
        // SAFETY: as for `pinned`.
        unsafe { &**Self::pinned(pin).peer() }
    }

    /// One of the transport's two words, for a holder of a pin.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn transport_word(&self, n: usize) -> usize {
        // Relaxed: set before the slot was published, which the pin has acquired.
        self.words[n].load(Ordering::Relaxed)
    }
}

impl Counts for Slot {
    fn word_acquired(&self) -> Word {
        Word(self.word.load(Ordering::Acquire))
    }

    fn pending_of(&self, seen: Word) -> u32 {
        Self::pending_of(self, seen)
    }
}

impl SlotRef {
    pub(crate) fn new(slot: &Slot) -> Self {
        Self { slot: NonNull::from(slot), key: slot.key() }
    }

    #[cfg(all(test, not(loom)))]
    pub(crate) fn dangling() -> Self {
        Self { slot: NonNull::dangling(), key: Key::NONE }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({} {:?} above {})", self.index, self.word(), self.base())
    }
}
