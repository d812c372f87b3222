//! A choice that can still be taken back.

use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use super::cell::Slot;
use super::key::Key;
use super::pick::Pick;
use super::token::PinOf;
use super::word::Word;
use crate::peer::Peer;

/// A pin with an end: dropping it takes the choice back.
pub(crate) struct Pin(ManuallyDrop<PinOf<Slot>>);

impl Pin {
    #[inline]
    pub(crate) fn new(pin: PinOf<Slot>) -> Self {
        Self(ManuallyDrop::new(pin))
    }

    /// The pin without the end.
    #[inline]
    pub(crate) fn into_token(self) -> PinOf<Slot> {
        // SAFETY: `self` is not dropped, so the token is taken once.
        unsafe { ManuallyDrop::take(&mut ManuallyDrop::new(self).0) }
    }

    /// It is another request's from now on, whose caller gets it: the one that was chosen with it has ended.
    pub(crate) fn chosen_again(&self) {
        Slot::chosen_again(&self.0);
    }

    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_pick(self) -> Pick {
        let pin = self.into_token();
        // A panic of the peer's hook ends inside.
        let began = Slot::begin(&pin);
        Pick::of_list(pin, began)
    }
}

impl Drop for Pin {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: dropped, and `into_token` does not come here.
        let pin = unsafe { ManuallyDrop::take(&mut self.0) };
        Slot::take_back(pin);
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pin").finish_non_exhaustive()
    }
}

impl Slot {
    /// Adds a pin if the word still says `seen`, which must say `Available`.
    #[inline]
    pub(crate) fn pin_from(&self, seen: Word) -> Result<Pin, Word> {
        self.add_pin(seen).map(Pin::new)
    }
}

/// A pin that a policy has put on a peer, which counts one request in flight there, and that its
/// list makes a [`Pick`] of.
///
/// Dropping it takes the choice back, also from the policy: a policy that
/// [watches](crate::policy::Policy::watches) finishes is told that the request was
/// [not sent](crate::Outcome::NotSent). A policy that drops a pin of its own hears of it too, from
/// inside the drop: hold no lock of yours then that [`finished`](crate::Policy::finished) takes. And
/// one that watches places wakes a waiter by it, as a place has become free: it looks before it pins
/// ([`Entry::pin_below`](crate::policy::Entry::pin_below)).
#[must_use = "dropping it takes the choice back"]
pub struct Pinned<'r> {
    pin: Pin,
    roster: PhantomData<&'r Slot>,
}

impl<'r> Pinned<'r> {
    #[inline]
    pub(crate) fn new(pin: Pin) -> Self {
        Self { pin, roster: PhantomData }
    }

    /// The peer.
    #[must_use]
    pub fn peer(&self) -> &dyn Peer {
        Slot::pinned_peer(&self.pin.0)
    }

    /// Which peer it is.
    #[must_use]
    pub fn key(&self) -> Key {
        self.pin.0.slot().key()
    }

    #[inline]
    #[cfg(feature = "capi")]
    pub(crate) fn into_pin(self) -> Pin {
        self.pin
    }

    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_pick(self) -> Pick {
        self.pin.into_pick()
    }
}

impl fmt::Debug for Pinned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pinned").field(&self.peer().identifier()).finish()
    }
}
