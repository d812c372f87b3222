//! Two things that a thread can own of a slot: a pin, and the duty to retire it.
//!
//! Everything that is only sound for the owner of one takes it as an argument, so the reason is
//! checked by the compiler and not by each caller. `S` is [`Slot`](super::Slot), which is not named
//! here because it builds on this.

use std::ptr::NonNull;

/// A pin: one of the requests that a slot counts. While it exists the slot keeps its tenant, and
/// with it its list's memory.
///
/// It is given back with `Slot::unpin`, and by nothing else: one that is lost counts for ever.
#[must_use = "a pin that is lost counts for ever"]
#[derive(Debug)]
pub(crate) struct PinOf<S>(NonNull<S>);

// SAFETY: a pin is bound to no thread: every use of the slot is atomic or a shared reference.
unsafe impl<S: Sync> Send for PinOf<S> {}
// SAFETY: as above.
unsafe impl<S: Sync> Sync for PinOf<S> {}

impl<S> PinOf<S> {
    /// # Safety
    ///
    /// The caller owns a pin on `slot` and gives it away: it has just added 1 to the count, or got
    /// the pointer from [`into_raw`](PinOf::into_raw).
    #[inline]
    pub(super) unsafe fn new(slot: NonNull<S>) -> Self {
        Self(slot)
    }

    /// The slot.
    #[inline]
    pub(crate) fn slot(&self) -> &S {
        // SAFETY: pinned for as long as `self` is borrowed.
        unsafe { self.0.as_ref() }
    }

    /// The slot's address, which stands for the pin from now on.
    #[inline]
    pub(super) fn into_raw(self) -> NonNull<S> {
        self.0
    }
}

/// The right and the duty to retire a removed slot: there is one of it for each removal, with the
/// thread that met no pin when it removed the slot, or gave the last one back.
#[must_use = "a slot that is not retired keeps its peer, and its list, for ever"]
#[derive(Debug)]
pub(crate) struct Retiring<S>(NonNull<S>);

impl<S> Retiring<S> {
    /// # Safety
    ///
    /// The slot is removed and has no pins, and the caller's subtraction or removal made it so.
    #[inline]
    pub(super) unsafe fn new(slot: NonNull<S>) -> Self {
        Self(slot)
    }

    /// The slot.
    pub(crate) fn slot(&self) -> &S {
        // SAFETY: until it is retired, what the slot keeps holds its list's memory.
        unsafe { self.0.as_ref() }
    }
}
