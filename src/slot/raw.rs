//! Doors of the C layer, which keeps picks in memory of its callers' and keys in numbers.

use std::ptr::NonNull;

use super::cell::Slot;
use super::key::Key;
use super::pick::Pick;
use super::pin::Pinned;
use super::token::{PinOf, Retiring};
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

impl RawPick {
    #[inline]
    fn of(pin: PinOf<Slot>, began: Stamp) -> Self {
        let handle = pin.slot().transport_word(0);
        Self { slot: pin.into_raw(), began: began.to_bits(), handle }
    }
}

impl Pinned<'_> {
    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_raw(self) -> RawPick {
        let pin = self.into_pin().into_token();
        let began = Slot::begin(&pin);
        RawPick::of(pin, began)
    }
}

impl Pick {
    /// The pick of a list as C keeps it; or the pick again, if it is not of a list.
    #[inline]
    pub(crate) fn into_raw(self) -> Result<RawPick, Self> {
        self.into_token().map(|(pin, began)| RawPick::of(pin, began))
    }

    /// # Safety
    ///
    /// `slot` and `began` are from a [`RawPick`], which is not used any more.
    #[inline]
    pub(crate) unsafe fn from_raw(slot: NonNull<Slot>, began: u64) -> Self {
        // SAFETY: by contract of the caller.
        Self::of_list(unsafe { PinOf::new(slot) }, Stamp::from_bits(began))
    }
}

/// Gives the pin of a raw pick back if neither peer nor policy want to hear of it. Returns whether it
/// did, and a slot that is this thread's to [retire].
///
/// # Safety
///
/// `slot` is from a [`RawPick`], which is not used any more unless the answer is `None`.
#[inline]
pub(crate) unsafe fn unpin_unwatched(slot: NonNull<Slot>) -> Option<Option<Retiring<Slot>>> {
    // SAFETY: by contract of the caller. Given back below, or still the raw pick's: a token that
    // is lost changes nothing.
    let pin = unsafe { PinOf::new(slot) };
    (pin.slot().watched().watch() == 0).then(|| Slot::unpin(pin))
}

/// Retires a slot.
pub(crate) fn retire(retiring: Retiring<Slot>) {
    Slot::retire(retiring);
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
