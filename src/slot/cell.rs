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
use super::word::{AVAILABLE, FREE, GENERATION, PIN, REMOVED, UNAVAILABLE, Word};
use crate::attributes::Attributes;
use crate::peer::Peer;
use crate::sync::{AtomicU32, AtomicU64, AtomicUsize, Ordering, UnsafeCell};

/// The peer's own `start_request` and `end_request` want to be called.
pub(crate) const WATCH_PEER: u8 = 1;
/// The policy wants to hear of finished requests.
pub(crate) const WATCH_POLICY: u8 = 2;
/// The policy wants to hear how long requests took.
pub(crate) const WATCH_TIME: u8 = 4;
/// Callers may wait for a place on a peer, so a finish looks for them.
pub(crate) const WATCH_PLACES: u8 = 8;

/// The word beside the count: who watches, and what kind of peer it is.
///
/// ```text
///  bits  0..8   WATCH_*
///  bits  8..16  tier
///  bits 16..32  weight
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Watched(pub(crate) u32);

impl Watched {
    pub(crate) fn new(watch: u8, attributes: &Attributes) -> Self {
        let (tier, weight) = (u32::from(attributes.tier), u32::from(attributes.weight));
        Self(weight << 16 | tier << 8 | u32::from(watch))
    }

    #[inline]
    pub(crate) fn watch(self) -> u8 {
        self.0 as u8
    }

    #[inline]
    pub(crate) fn tier(self) -> u8 {
        (self.0 >> 8) as u8
    }

    #[inline]
    pub(crate) fn weight(self) -> u16 {
        (self.0 >> 16) as u16
    }
}

/// A slot and the tenant it had when it was looked up.
pub(crate) type SlotRef = RefTo<Slot>;

/// A peer that its transport has retained for a list.
pub(crate) type Retained = retained::Retained<Slot>;

/// What a slot is seated with.
pub(crate) struct Contents {
    pub(crate) peer: Arc<dyn Peer>,
    pub(crate) retained: Arc<Retained>,
    pub(crate) watched: Watched,
    /// Two words of the transport's own: see [`Peer::slot_words`].
    pub(crate) words: [usize; 2],
}

/// One entry of the roster. The word comes first: a binding to another language may count there
/// itself.
#[repr(C, align(64))]
pub(crate) struct Slot {
    word: AtomicU64,
    index: u32,
    /// A [`Watched`]. The watch flags are set while the slot is `Unavailable` and not pinned.
    watched: AtomicU32,
    peer: UnsafeCell<Option<Arc<dyn Peer>>>,
    retained: UnsafeCell<Option<Arc<Retained>>>,
    /// A number that the policy keeps of the peer; 0 when the peer is seated.
    cost: AtomicU64,
    words: [AtomicUsize; 2],
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

// SAFETY: everything but `peer` and `retained` is atomic or fixed. These two are written by `seat`
// (mutex held, never pinned since `Free`) and `take` (the one thread that retires), and read by
// holders of a pin or of the mutex; the table of `word.rs` has the edges that put each read after
// the one and before the other. Both contents are `Send + Sync`.
unsafe impl Send for Slot {}
// SAFETY: as above.
unsafe impl Sync for Slot {}

impl Slot {
    pub(crate) fn new(index: u32) -> Self {
        Self {
            word: AtomicU64::new(FREE),
            index,
            watched: AtomicU32::new(0),
            peer: UnsafeCell::new(None),
            retained: UnsafeCell::new(None),
            cost: AtomicU64::new(0),
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

    #[inline]
    pub(crate) fn cost(&self) -> u64 {
        // Relaxed: a number on its own.
        self.cost.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn set_cost(&self, cost: u64) {
        self.cost.store(cost, Ordering::Relaxed);
    }

    /// Adds a pin if the word still says `seen`, which must say `Available`.
    #[inline]
    pub(crate) fn pin_from(&self, seen: Word) -> Result<(), Word> {
        debug_assert!(seen.is_available());
        // Acquire on success pairs with `publish`; failure only reports a hint.
        self.word
            .compare_exchange(seen.0, seen.0 + PIN, Ordering::Acquire, Ordering::Relaxed)
            .map(|_| ())
            .map_err(Word)
    }

    /// Adds a pin if the slot is `Available`, however many others do so at the same time.
    #[inline]
    pub(crate) fn pin(&self) -> bool {
        let mut seen = self.word();
        while seen.is_available() {
            match self.pin_from(seen) {
                Ok(()) => return true,
                Err(now) => seen = now,
            }
        }
        false
    }

    /// Adds many pins at once.
    #[cfg(all(test, not(loom)))]
    pub(super) fn add_pins(&self, pins: u64) {
        self.word.fetch_add(pins, Ordering::Relaxed);
    }

    /// `Free` → `Unavailable`. Mutex held.
    pub(crate) fn occupy(&self) {
        debug_assert_eq!(self.word().state(), FREE);
        // Relaxed: `Unavailable` is acted on only under the mutex.
        self.word.fetch_xor(FREE ^ UNAVAILABLE, Ordering::Relaxed);
    }

    /// Sets the peer. Mutex held, state `Unavailable`, for the first time since `occupy`.
    pub(crate) fn seat(&self, contents: Contents) {
        debug_assert_eq!(self.word().state(), UNAVAILABLE);
        let Contents { peer, retained, watched, words } = contents;
        self.watched.store(watched.0, Ordering::Relaxed);
        self.cost.store(0, Ordering::Relaxed);
        for (cell, word) in self.words.iter().zip(words) {
            cell.store(word, Ordering::Relaxed);
        }
        // SAFETY: not pinned since it was `Free`, and other readers need the mutex.
        self.peer.with_mut(|cell| unsafe { *cell = Some(peer) });
        // SAFETY: as above.
        self.retained.with_mut(|cell| unsafe { *cell = Some(retained) });
    }

    /// Changes the attributes and leaves the watch flags. Mutex held.
    pub(crate) fn set_attributes(&self, attributes: &Attributes) {
        let watched = Watched::new(self.watched().watch(), attributes);
        // Relaxed: readers take either value.
        self.watched.store(watched.0, Ordering::Relaxed);
    }

    /// `Unavailable` → `Available`. Mutex held.
    pub(crate) fn publish(&self) {
        debug_assert_eq!(self.word().state(), UNAVAILABLE);
        // Release pairs with the acquire of `pin_from`.
        self.word.fetch_xor(UNAVAILABLE ^ AVAILABLE, Ordering::Release);
    }

    /// `Available` → `Unavailable`. Mutex held.
    pub(crate) fn withdraw(&self) {
        debug_assert_eq!(self.word().state(), AVAILABLE);
        // Relaxed: pins there are stay, and no new reader is let in.
        self.word.fetch_xor(UNAVAILABLE ^ AVAILABLE, Ordering::Relaxed);
    }

    /// `Available` or `Unavailable` → `Removed`. Mutex held. Returns whether no request is in
    /// flight: the caller must then retire the slot.
    pub(crate) fn remove(&self) -> bool {
        let flip = self.word().state() ^ REMOVED;
        // Acquire pairs with every earlier `unpin`, in case there is no pin left. Release pairs
        // with `retire`: the cells were read under the mutex, and the thread that empties them
        // later does not take it.
        let before = Word(self.word.fetch_xor(flip, Ordering::AcqRel));
        debug_assert!(before.state() == AVAILABLE || before.state() == UNAVAILABLE);
        before.pending() == 0
    }

    /// Gives a pin back. Returns whether it was the last of a removed slot: the caller must then
    /// retire it. The slot may be freed by another thread the moment the pin is gone: the caller
    /// follows its pointer no more unless it was told to retire.
    #[inline]
    pub(super) fn unpin(&self) -> bool {
        // Release: the thread that retires the slot sees this thread's use of the peer as past.
        let before = Word(self.word.fetch_sub(PIN, Ordering::Release));
        debug_assert_ne!(before.pending(), 0);
        before.state() == REMOVED && before.pending() == 1
    }

    /// Sees everything that other holders of pins, and of the mutex, did before the slot became
    /// this thread's to retire.
    pub(super) fn acquire_last(&self) {
        // A load and not a fence: the thread sanitizer does not model fences, and this is cold.
        // Acquire pairs with the release of every `unpin`, and with `remove`.
        self.word.load(Ordering::Acquire);
    }

    /// Whether it is in use by the tenant of this generation, and not removed. Mutex held.
    pub(crate) fn is_tenanted(&self, generation: u32) -> bool {
        let word = self.word();
        matches!(word.state(), AVAILABLE | UNAVAILABLE) && word.generation() == generation
    }

    /// The peer of a slot in use. Mutex held.
    pub(crate) fn tenant(&self, generation: u32) -> Option<Arc<dyn Peer>> {
        // SAFETY: in use, so the cell is written only by `seat`, under the mutex we hold.
        let peer = || self.peer.with(|cell| unsafe { (*cell).clone() });
        self.is_tenanted(generation).then(peer).flatten()
    }

    /// What owns a slot in use. Mutex held.
    pub(crate) fn tenant_retained(&self, generation: u32) -> Option<Arc<Retained>> {
        // SAFETY: as in `tenant`.
        let retained = || self.retained.with(|cell| unsafe { (*cell).clone() });
        self.is_tenanted(generation).then(retained).flatten()
    }

    /// Empties the slot for good.
    ///
    /// # Safety
    ///
    /// The state is `Removed`, and the caller is the one thread that `remove` or `unpin` told to
    /// retire the slot.
    pub(crate) unsafe fn take(&self) -> Option<(Arc<dyn Peer>, Arc<Retained>)> {
        // SAFETY: the last pin is gone, its release was acquired, and no new pin can come: by
        // contract only this thread still touches the cells.
        let peer = self.peer.with_mut(|cell| unsafe { (*cell).take() });
        // SAFETY: as above.
        let retained = self.retained.with_mut(|cell| unsafe { (*cell).take() });
        peer.zip(retained)
    }

    /// → `Free`, of the next generation. Mutex held, cells empty.
    pub(crate) fn free(&self) {
        let generation = self.word().0 & !(GENERATION - 1);
        // A plain store: pins come only in `Available`. Relaxed: readers of stale table entries
        // see the next tenant through `publish`, later in the word's own order; the next `seat`
        // comes after this by the mutex.
        self.word.store(generation.wrapping_add(GENERATION) | FREE, Ordering::Relaxed);
    }

    /// The peer, for a holder of a pin.
    ///
    /// # Safety
    ///
    /// The caller holds a pin for as long as it uses the reference.
    #[inline]
    pub(crate) unsafe fn peer(&self) -> &Arc<dyn Peer> {
        // SAFETY: while pinned the cell is not written, and a slot is pinned only when it is set.
        self.peer.with(|cell| unsafe { (*cell).as_ref().unwrap_unchecked() })
    }

    /// What owns the slot, for a holder of a pin.
    ///
    /// # Safety
    ///
    /// As for [`peer`](Slot::peer).
    #[inline]
    pub(super) unsafe fn retained(&self) -> &Arc<Retained> {
        // SAFETY: as in `peer`; `seat` sets both.
        self.retained.with(|cell| unsafe { (*cell).as_ref().unwrap_unchecked() })
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
        write!(f, "Slot({} {:?})", self.index, self.word())
    }
}
