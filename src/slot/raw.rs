//! Doors of the C layer, which keeps picks in memory of its callers' and keys in numbers.

use std::ptr::NonNull;

use super::cell::Slot;
use super::finish::Ended;
use super::key::Key;
use super::pick::Pick;
use super::pin::Pinned;
use super::token::{PinOf, Retiring};
use super::watched::{WATCH_DATA, WATCH_PEER, WATCH_POLICY, WATCH_TIME, only_learns};
use crate::clock::Stamp;
use crate::outcome::Finish;

#[cfg(not(loom))]
pub(crate) use super::cell::offset;
pub(crate) use super::word::GENERATION_SHIFT;
#[cfg(not(loom))]
pub(crate) use super::word::{AVAILABLE, CHOSEN_SHIFT, FULL, REMOVED, STATE_SHIFT};

/// A pin as C keeps it.
#[derive(Clone, Copy)]
pub(crate) struct RawPick {
    pub(crate) slot: NonNull<Slot>,
    /// The slot's generation, where it is in the word: the other bits are 0.
    pub(crate) tenant: u64,
    /// A [`Stamp`] as a number.
    pub(crate) began: u64,
    /// The second of the transport's two words, when the pick was made.
    pub(crate) data: usize,
    /// Data that was replaced is in use, so this pick is to be recorded.
    pub(crate) recorded: bool,
}

impl RawPick {
    fn of(pin: PinOf<Slot>, began: Stamp) -> Self {
        let (data, watch) = read_data(pin.slot());
        Self::new(pin, began, data, watch)
    }

    #[inline]
    fn new(pin: PinOf<Slot>, began: Stamp, data: usize, watch: u8) -> Self {
        let tenant = pin.slot().word().tenant();
        let recorded = watch & WATCH_DATA != 0;
        Self { slot: pin.into_raw(), tenant, began: began.to_bits(), data, recorded }
    }
}

/// The data, and then who watches: see `data.rs`.
#[inline]
fn read_data(slot: &Slot) -> (usize, u8) {
    let data = slot.data();
    (data, slot.watched().watch())
}

impl Pinned<'_> {
    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_raw(self) -> RawPick {
        let pin = self.into_pin().into_token();
        let (data, watch) = read_data(pin.slot());
        if watch & (WATCH_PEER | WATCH_TIME | WATCH_DATA) == 0 {
            return RawPick::new(pin, Stamp::NONE, data, 0);
        }
        begin_watched(pin)
    }
}

#[cold]
#[inline(never)]
fn begin_watched(pin: PinOf<Slot>) -> RawPick {
    let began = Slot::begin(&pin);
    RawPick::of(pin, began)
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

/// Gives the pin of a raw pick back if neither peer nor policy want to hear of it, and if there is
/// such a pin beyond doubt. `None`: nothing has changed. Else a slot that is this thread's to [retire].
///
/// # Safety
///
/// `slot` and its tenant in `mark`, where it is in the word, are from a [`RawPick`] of a list that lives, which
/// is not used any more unless the answer is `None`.
#[inline]
pub(crate) unsafe fn unpin_unwatched(
    slot: NonNull<Slot>,
    mark: u64,
) -> Option<Option<Retiring<Slot>>> {
    // SAFETY: by contract of the caller.
    unsafe {
        if slot.as_ref().watched().watch() != 0 {
            return None;
        }
        Slot::unpin_if_surely_counted(slot, mark)
    }
}

/// How a finish that only the policy hears of has ended.
pub(crate) enum Heard {
    /// It is not such a one: nothing has changed.
    No,
    /// A copy of the pick was finished meanwhile, by another thread. It is the caller's fault, and the
    /// policy has heard of both.
    Copied,
    /// The pin is given back. The slot that is this thread's to [retire], if there is one.
    Finished(Option<Retiring<Slot>>),
}

/// The same of a policy that learns from it, or is told of it, and if nothing else wants to hear of it.
/// Before either, `claim` clears the memory that the pick is in: a policy in C may finish it once more.
///
/// # Safety
///
/// As for [`unpin_unwatched`], for [`Heard::No`].
pub(crate) unsafe fn unpin_heard(
    slot: NonNull<Slot>,
    mark: u64,
    began: u64,
    finish: Finish,
    claim: impl FnOnce(),
) -> Heard {
    // SAFETY: by contract of the caller.
    unsafe {
        let watch = slot.as_ref().watched().watch();
        let told = watch == WATCH_POLICY;
        if !(told || only_learns(watch)) || !slot.as_ref().word().surely_counts(mark) {
            return Heard::No;
        }
        claim();
        let pin = PinOf::new(slot);
        if told {
            Slot::pinned(&pin).owner.finished(pin.slot(), &finish);
        } else {
            Slot::learn(&pin, watch, &Ended::Request(finish, Stamp::from_bits(began)));
        }
        // No place is watched, so there is no base.
        Slot::unpin_if_counted(pin.into_raw(), 0).map_or(Heard::Copied, Heard::Finished)
    }
}

/// Ends the request of a raw pick, whoever wants to hear of it.
///
/// # Safety
///
/// `slot` and `began` are from a [`RawPick`] that [is counted](is_counted), which is not used any more.
pub(crate) unsafe fn finish(slot: NonNull<Slot>, began: u64, finish: Finish) {
    // SAFETY: by contract of the caller.
    let pin = unsafe { PinOf::new(slot) };
    Slot::finish_watched(pin, &Ended::Request(finish, Stamp::from_bits(began)));
}

/// Whether a raw pick can be what it says: its tenant has the slot, and a request in flight.
///
/// # Safety
///
/// `slot` is from a [`RawPick`] of a list that lives.
pub(crate) unsafe fn is_counted(slot: NonNull<Slot>, tenant: u64) -> bool {
    // SAFETY: by contract of the caller.
    let slot = unsafe { slot.as_ref() };
    let word = slot.word();
    !word.has_none(slot.base()) && word.tenant() == tenant
}

/// Whether data that was replaced is in use on the slot of a raw pick.
///
/// # Safety
///
/// `slot` is from a [`RawPick`] of a list that lives.
pub(crate) unsafe fn watches_data(slot: NonNull<Slot>) -> bool {
    // SAFETY: by contract of the caller.
    unsafe { slot.as_ref() }.watched().watch() & WATCH_DATA != 0
}

/// The first of the transport's two words: the address by which C knows the peer.
///
/// # Safety
///
/// `slot` is from a [`RawPick`] that [is counted](is_counted).
pub(crate) unsafe fn handle(slot: NonNull<Slot>) -> usize {
    // SAFETY: by contract of the caller.
    unsafe { slot.as_ref() }.transport_word(0)
}

/// Notes that a binding has taken the number of choices past another half.
///
/// # Safety
///
/// `slot` is pinned by the caller.
#[cfg(not(loom))]
pub(crate) unsafe fn note_half(slot: NonNull<Slot>) {
    // SAFETY: by contract of the caller.
    unsafe { Slot::note_half(slot) };
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
