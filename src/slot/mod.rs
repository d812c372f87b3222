//! One entry of the roster: a word that says who may touch it, and the peer it guards.
//!
//! The word's table of states, and why choosing is safe without a reference count, are in
//! `word.rs`; how a request ends, and who retires a slot, in `finish.rs`.

mod finish;
mod key;
pub(crate) mod owner;
pub(crate) mod pick;
mod word;

use std::fmt;
use std::sync::Arc;

pub(crate) use self::finish::{Ended, Unpin};
pub use self::key::Key;
pub(crate) use self::key::SlotRef;
pub(crate) use self::word::Value;

use self::owner::Owner;
use self::word::{AVAILABLE, FREE, GENERATION, PIN, REMOVED, UNAVAILABLE};
use crate::peer::Peer;
use crate::sync::{AtomicU32, AtomicU64, AtomicUsize, Ordering, UnsafeCell};

/// The peer's own `start_request` and `end_request` want to be called.
pub(crate) const WATCH_PEER: u32 = 1;
/// The policy wants to hear of finished requests.
pub(crate) const WATCH_POLICY: u32 = 2;

/// A slot: 64 bytes, one cache line, so that two peers' counts never share one.
/// The word comes first: a binding to another language may count there itself.
#[repr(C, align(64))]
pub(crate) struct Slot {
    word: AtomicU64,
    index: u32,
    /// `WATCH_*`; set while the slot is `Unavailable` and nobody can pin it.
    watch: AtomicU32,
    peer: UnsafeCell<Option<Arc<dyn Peer>>>,
    /// Keeps the list alive while the slot is in use: a pick needs no reference count of its own.
    owner: UnsafeCell<Option<Arc<dyn Owner>>>,
    /// [`Peer::c_handle`], where the C layer and bindings find it; set like `watch`.
    handle: AtomicUsize,
    data: AtomicUsize,
}

/// Where bindings look, in bytes from the slot's address.
#[cfg(all(feature = "capi", not(loom)))]
pub(crate) mod offset {
    use super::Slot;

    pub(crate) const WATCH: usize = std::mem::offset_of!(Slot, watch);
    pub(crate) const HANDLE: usize = std::mem::offset_of!(Slot, handle);
    pub(crate) const DATA: usize = std::mem::offset_of!(Slot, data);
}

#[cfg(not(loom))]
const _: () = assert!(size_of::<Slot>() == 64 && std::mem::offset_of!(Slot, word) == 0);

// SAFETY: `word`, `index` and `watch` are atomic or fixed. `peer` and `owner` are written only by
// `seat` (mutex held, state `Unavailable` and never pinned since `Free`) and `take` (the one
// thread that retires); they are read by threads that hold a pin, or the mutex, and the edges named
// above put those reads after the one and before the other. Both contents are `Send + Sync`.
unsafe impl Send for Slot {}
// SAFETY: as above.
unsafe impl Sync for Slot {}

impl Slot {
    pub(crate) fn new(index: u32) -> Self {
        Self {
            word: AtomicU64::new(FREE),
            index,
            watch: AtomicU32::new(0),
            peer: UnsafeCell::new(None),
            owner: UnsafeCell::new(None),
            handle: AtomicUsize::new(0),
            data: AtomicUsize::new(0),
        }
    }

    pub(crate) fn index(&self) -> u32 {
        self.index
    }

    /// Which peer it is.
    pub(crate) fn key(&self) -> Key {
        Key { index: self.index, generation: self.value().generation() }
    }

    #[inline]
    pub(crate) fn value(&self) -> Value {
        // Relaxed: a hint, or read under the mutex that orders all changes of state.
        Value(self.word.load(Ordering::Relaxed))
    }

    /// Adds a pin if the word still says `seen`, which must say `Available`.
    #[inline]
    pub(crate) fn pin_from(&self, seen: Value) -> Result<(), Value> {
        debug_assert!(seen.is_available());
        // Acquire on success pairs with `publish`; failure only reports a hint.
        self.word
            .compare_exchange(seen.0, seen.0 + PIN, Ordering::Acquire, Ordering::Relaxed)
            .map(|_| ())
            .map_err(Value)
    }

    /// Adds a pin if the slot is `Available`.
    #[inline]
    pub(crate) fn pin(&self) -> bool {
        let mut seen = self.value();
        while seen.is_available() {
            match self.pin_from(seen) {
                Ok(()) => return true,
                Err(now) => seen = now,
            }
        }
        false
    }

    /// `Free` → `Unavailable`. Mutex held.
    pub(crate) fn occupy(&self) {
        debug_assert_eq!(self.value().state(), FREE);
        // Relaxed: nobody acts on `Unavailable` without the mutex.
        self.word.fetch_xor(FREE ^ UNAVAILABLE, Ordering::Relaxed);
    }

    /// Sets the peer. Mutex held, state `Unavailable`, for the first time since `occupy`.
    pub(crate) fn seat(&self, peer: Arc<dyn Peer>, owner: Arc<dyn Owner>, watch: u32) {
        debug_assert_eq!(self.value().state(), UNAVAILABLE);
        self.watch.store(watch, Ordering::Relaxed);
        let [handle, data] = peer.c_handle();
        self.handle.store(handle, Ordering::Relaxed);
        self.data.store(data, Ordering::Relaxed);
        // SAFETY: not pinned since it was `Free`, and other readers need the mutex.
        self.peer.with_mut(|cell| unsafe { *cell = Some(peer) });
        // SAFETY: as above.
        self.owner.with_mut(|cell| unsafe { *cell = Some(owner) });
    }

    /// `Unavailable` → `Available`. Mutex held.
    pub(crate) fn publish(&self) {
        debug_assert_eq!(self.value().state(), UNAVAILABLE);
        // Release pairs with the acquire of `pin_from`.
        self.word.fetch_xor(UNAVAILABLE ^ AVAILABLE, Ordering::Release);
    }

    /// `Available` → `Unavailable`. Mutex held.
    pub(crate) fn withdraw(&self) {
        debug_assert_eq!(self.value().state(), AVAILABLE);
        // Relaxed: pins there are stay, and no new reader is let in.
        self.word.fetch_xor(UNAVAILABLE ^ AVAILABLE, Ordering::Relaxed);
    }

    /// `Available` or `Unavailable` → `Removed`. Mutex held. `true`: no request is in flight, and
    /// the caller must retire the slot.
    pub(crate) fn remove(&self) -> bool {
        let flip = self.value().state() ^ REMOVED;
        // Acquire pairs with every earlier `unpin`, in case there is no pin left. Release pairs with
        // `retire`: the cells were read under the mutex (`tenant`, `tenant_owner`), and the thread
        // that empties them later does not take it.
        let before = Value(self.word.fetch_xor(flip, Ordering::AcqRel));
        debug_assert!(before.state() == AVAILABLE || before.state() == UNAVAILABLE);
        before.pending() == 0
    }

    /// Whether it is in use by the tenant of this generation, and not removed. Mutex held.
    pub(crate) fn is_tenanted(&self, generation: u32) -> bool {
        let value = self.value();
        matches!(value.state(), AVAILABLE | UNAVAILABLE) && value.generation() == generation
    }

    /// The peer of a slot in use. Mutex held.
    pub(crate) fn tenant(&self, generation: u32) -> Option<Arc<dyn Peer>> {
        // SAFETY: in use, so the cell is written only by `seat`, under the mutex we hold.
        let peer = || self.peer.with(|cell| unsafe { (*cell).clone() });
        self.is_tenanted(generation).then(peer).flatten()
    }

    /// The owner of a slot in use. Mutex held.
    pub(crate) fn tenant_owner(&self, generation: u32) -> Option<Arc<dyn Owner>> {
        // SAFETY: as in `tenant`.
        let owner = || self.owner.with(|cell| unsafe { (*cell).clone() });
        self.is_tenanted(generation).then(owner).flatten()
    }

    /// Empties the slot for good: the caller is the one who retires it.
    ///
    /// # Safety
    ///
    /// The state is `Removed` and the caller is the thread that `remove` or `Unpin` told to retire
    /// it.
    pub(crate) unsafe fn take(&self) -> Option<(Arc<dyn Peer>, Arc<dyn Owner>)> {
        // SAFETY: the last pin is gone, `Unpin`/`remove` acquired its release, and no new pin can
        // come: by contract only this thread still touches the cells.
        let peer = self.peer.with_mut(|cell| unsafe { (*cell).take() });
        // SAFETY: as above.
        let owner = self.owner.with_mut(|cell| unsafe { (*cell).take() });
        peer.zip(owner)
    }

    /// → `Free`, of the next generation. Mutex held, cells empty.
    pub(crate) fn free(&self) {
        let generation = self.value().0 & !(GENERATION - 1);
        // A plain store: pins come only in `Available`. Release is for readers of stale table
        // entries, who acquire the next tenant through `publish`, later in the same order.
        self.word.store(generation.wrapping_add(GENERATION) | FREE, Ordering::Release);
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

    /// The peer's handle, for a holder of a pin.
    #[cfg(feature = "capi")]
    #[inline]
    pub(crate) fn c_handle(&self) -> usize {
        // Relaxed: set before the slot was published, which the pin has acquired.
        self.handle.load(Ordering::Relaxed)
    }

    /// # Safety
    ///
    /// As for [`peer`](Slot::peer).
    unsafe fn owner(&self) -> &dyn Owner {
        // SAFETY: as in `peer`; `seat` sets both.
        self.owner.with(|cell| unsafe { (*cell).as_deref().unwrap_unchecked() })
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({} {:?})", self.index, self.value())
    }
}
