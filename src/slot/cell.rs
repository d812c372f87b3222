//! The slot: 64 bytes, one cache line, so that two peers' counts never share one.
//!
//! The methods here are its changes of state, in the order of a peer's life: `occupy`, `seat`,
//! `publish` and `withdraw` in turns, `remove`, `take`, `free`. Why each ordering is what it is
//! stands in the table of `word.rs`.

use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;

use super::key::{Key, RefTo};
use super::retained;
use super::token::{PinOf, Retiring};
use super::watched::{WATCH_PLACES, WATCH_STREAK, Watched};
use super::word::{AVAILABLE, FREE, GENERATION, REMOVED, UNAVAILABLE, Word};
use crate::attributes::Attributes;
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

/// What a slot keeps while it is in use.
pub(super) struct Tenant {
    pub(super) peer: Arc<dyn Peer>,
    pub(super) retained: Arc<Retained>,
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
    tenant: UnsafeCell<Option<Box<Tenant>>>,
    learner: AtomicPtr<Learner<Slot>>,
    /// What is learnt of the peer, or a number that a policy of one's own keeps of it; 0 when the peer
    /// is seated.
    cost: AtomicU64,
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
    #[cfg(all(test, not(loom)))]
    pub(super) fn add_to_word(&self, number: u64) {
        self.word.fetch_add(number, Ordering::Relaxed);
    }

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
        let tenant = Some(Box::new(Tenant { peer, retained }));
        // SAFETY: not pinned since it was `Free`, and other readers need the mutex.
        self.tenant.with_mut(|cell| unsafe { *cell = tenant });
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
    /// retires the slot, else the last one's end does.
    pub(crate) fn remove(&self) -> Option<Retiring<Self>> {
        let base = self.base();
        // Down from here on the count is the true one: see `word.rs`.
        let step = (REMOVED - self.word().state()).wrapping_sub(base.into());
        // Acquire pairs with every earlier `unpin`, in case there is no pin left. Release pairs
        // with `acquire_last`: the cells were read under the mutex, and the thread that empties them
        // later does not take it.
        let before = Word(self.word.fetch_add(step, Ordering::AcqRel));
        debug_assert!(before.state() == AVAILABLE || before.state() == UNAVAILABLE);
        // SAFETY: it was not removed before, and there was no pin; none can be added any more.
        before.has_none(base).then(|| unsafe { Retiring::new(NonNull::from(self)) })
    }

    /// Whether it is in use by the tenant of this generation, and not removed. Mutex held.
    pub(crate) fn is_tenanted(&self, generation: u32) -> bool {
        let word = self.word();
        matches!(word.state(), AVAILABLE | UNAVAILABLE) && word.generation() == generation
    }

    /// The peer of a slot in use. Mutex held.
    pub(crate) fn tenant(&self, generation: u32) -> Option<Arc<dyn Peer>> {
        self.read_tenant(generation, |tenant| Arc::clone(&tenant.peer))
    }

    /// What owns a slot in use. Mutex held.
    pub(crate) fn tenant_retained(&self, generation: u32) -> Option<Arc<Retained>> {
        self.read_tenant(generation, |tenant| Arc::clone(&tenant.retained))
    }

    fn read_tenant<R>(&self, generation: u32, read: impl FnOnce(&Tenant) -> R) -> Option<R> {
        if !self.is_tenanted(generation) {
            return None;
        }
        // SAFETY: in use, so the cell is written only by `seat`, under the mutex that is held.
        self.tenant.with(|cell| unsafe { (*cell).as_deref() }.map(read))
    }

    /// What is kept of the tenant, for the owner of a pin.
    #[inline]
    pub(super) fn pinned(pin: &PinOf<Self>) -> &Tenant {
        // SAFETY: while pinned the cell is not written, and a slot is pinned only when it is set.
        pin.slot().tenant.with(|cell| unsafe { (*cell).as_deref().unwrap_unchecked() })
    }

    /// What owns the slot, for the thread that retires it.
    pub(super) fn retained_by(retiring: &Retiring<Self>) -> Option<Arc<Retained>> {
        let slot = retiring.slot();
        slot.acquire_last();
        // SAFETY: only this thread may write the cell now.
        slot.tenant.with(|cell| unsafe { (*cell).as_deref() }.map(|it| Arc::clone(&it.retained)))
    }

    /// Empties the slot for good.
    pub(crate) fn take(retiring: &Retiring<Self>) -> Option<(Arc<dyn Peer>, Arc<Retained>)> {
        let slot = retiring.slot();
        slot.acquire_last();
        // SAFETY: the last pin is gone, and no new one can come: only this thread still touches the
        // cell.
        let tenant = slot.tenant.with_mut(|cell| unsafe { (*cell).take() })?;
        Some((tenant.peer, tenant.retained))
    }

    /// Sees everything that other owners of pins, and of the mutex, did before the slot became
    /// this thread's to retire.
    fn acquire_last(&self) {
        // A load and not a fence: the thread sanitizer does not model fences, and this is cold.
        // Acquire pairs with the release of every `unpin`, and with `remove`.
        self.word.load(Ordering::Acquire);
    }

    /// → `Free`, of the next generation. Mutex held, cells empty.
    pub(crate) fn free(&self) {
        let step = GENERATION.wrapping_sub(self.word().state()).wrapping_add(FREE);
        // Relaxed: readers of stale table entries see the next tenant through `publish`, later in the
        // word's own order; the next `seat` comes after this by the mutex.
        self.word.fetch_add(step, Ordering::Relaxed);
    }

    /// One of the transport's two words, for a holder of a pin.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn transport_word(&self, n: usize) -> usize {
        // Relaxed: set before the slot was published, which the pin has acquired.
        self.words[n].load(Ordering::Relaxed)
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
