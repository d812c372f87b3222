//! Doors of the C layer, which keeps picks in memory of its callers' and keys in numbers.

use std::ptr::NonNull;

use super::cell::Slot;
use super::key::Key;
use super::pick::Pick;
use super::pin::Pinned;
use crate::clock::Stamp;

pub(crate) use super::cell::offset;
pub(crate) use super::word::{AVAILABLE, FULL, GENERATION_SHIFT, REMOVED, STATE_SHIFT};

/// A pin as C keeps it.
#[derive(Clone, Copy)]
pub(crate) struct RawPick {
    pub(crate) slot: NonNull<Slot>,
    /// A [`Stamp`] as a number.
    pub(crate) began: u64,
    /// The first of the transport's two words: the address by which C knows the peer.
    pub(crate) handle: usize,
}

impl Pinned<'_> {
    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_raw(self) -> RawPick {
        let slot = self.into_slot();
        // SAFETY: pinned by the pin that `self` was, which is the raw pick's now.
        let (began, handle) = unsafe { (slot.as_ref().begin(), slot.as_ref().transport_word(0)) };
        RawPick { slot, began: began.to_bits(), handle }
    }
}

impl Pick {
    /// The pick of a list as C keeps it; or the pick again, if it is not of a list.
    #[inline]
    pub(crate) fn into_raw(self) -> Result<RawPick, Self> {
        let (slot, began) = self.into_slot()?;
        // SAFETY: pinned by the pin that `self` was, which is the raw pick's now.
        let handle = unsafe { slot.as_ref() }.transport_word(0);
        Ok(RawPick { slot, began: began.to_bits(), handle })
    }

    /// # Safety
    ///
    /// `slot` and `began` are from [`into_raw`](Pick::into_raw), and the pin is given back to the
    /// pick.
    #[inline]
    pub(crate) unsafe fn from_raw(slot: NonNull<Slot>, began: u64) -> Self {
        // SAFETY: by contract of the caller.
        unsafe { Self::of_slot(slot, Stamp::from_bits(began)) }
    }
}

impl Slot {
    /// Gives a pin back of which neither peer nor policy want to hear. Returns `None`, and does
    /// nothing, if one of them does; else whether the caller must [retire](Slot::retire_raw) the
    /// slot.
    ///
    /// # Safety
    ///
    /// The caller holds a pin, and gives it up unless the answer is `None`.
    #[inline]
    pub(crate) unsafe fn unpin_unwatched(slot: NonNull<Self>) -> Option<bool> {
        // SAFETY: pinned, by contract of the caller.
        let this = unsafe { slot.as_ref() };
        (this.watched().watch() == 0).then(|| this.unpin())
    }

    /// # Safety
    ///
    /// [`unpin_unwatched`](Slot::unpin_unwatched) told the caller to.
    pub(crate) unsafe fn retire_raw(slot: NonNull<Self>) {
        // SAFETY: by contract of the caller.
        unsafe { Self::retire(slot) };
    }
}

impl Key {
    /// The key as a number, for languages without it.
    pub(crate) fn to_bits(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.index)
    }

    /// The key that a number stands for; one that was made up belongs to no peer, which a list
    /// notices when it looks the key up.
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self { index: bits as u32, generation: (bits >> 32) as u32 }
    }
}
