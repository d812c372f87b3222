//! A choice that can still be taken back.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::cell::Slot;
use super::finish::Ended;
use super::key::Key;
use super::pick::Pick;
use crate::peer::Peer;

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
    slot: &'r Slot,
}

impl<'r> Pinned<'r> {
    /// # Safety
    ///
    /// The caller gives a pin on `slot` away.
    #[inline]
    pub(crate) unsafe fn new(slot: &'r Slot) -> Self {
        Self { slot }
    }

    /// The peer.
    #[must_use]
    pub fn peer(&self) -> &dyn Peer {
        // SAFETY: `self` is a pin, and the reference does not outlive it.
        unsafe { &**self.slot.peer() }
    }

    /// Which peer it is.
    #[must_use]
    pub fn key(&self) -> Key {
        self.slot.key()
    }

    /// The slot, whose pin now belongs to the pointer.
    #[inline]
    pub(super) fn into_slot(self) -> NonNull<Slot> {
        NonNull::from(ManuallyDrop::new(self).slot)
    }

    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_pick(self) -> Pick {
        let slot = self.into_slot();
        // SAFETY: pinned; a panic of the hook ends inside `begin`.
        let began = unsafe { slot.as_ref().begin() };
        // SAFETY: the pin is the pick's now.
        unsafe { Pick::of_slot(slot, began) }
    }
}

impl Drop for Pinned<'_> {
    fn drop(&mut self) {
        // SAFETY: gives up the pin that `self` is; `into_slot` does not come here.
        unsafe { Slot::finish(NonNull::from(self.slot), || Ended::Unused) };
    }
}

/// A pin on its way from a request that has ended to a waiter, which may run on another thread.
///
/// Dropping it gives the pin back as a choice that was not used.
pub(crate) struct LoosePin(NonNull<Slot>);

// SAFETY: a pin is bound to no thread, see `Pick`.
unsafe impl Send for LoosePin {}

impl LoosePin {
    /// # Safety
    ///
    /// The caller gives a pin on `slot` away.
    pub(crate) unsafe fn new(slot: NonNull<Slot>) -> Self {
        Self(slot)
    }

    /// The waiter's pick.
    pub(crate) fn into_pick(self) -> Pick {
        let slot = ManuallyDrop::new(self).0;
        // SAFETY: pinned; the pin is the pick's now.
        unsafe { Pick::of_slot(slot, slot.as_ref().begin()) }
    }

    /// Back to the request that has ended, which gives the pin back itself.
    pub(crate) fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for LoosePin {
    fn drop(&mut self) {
        // SAFETY: gives up the pin that `self` is; `into_pick` and `keep` do not come here.
        unsafe { Slot::finish(self.0, || Ended::Unused) };
    }
}

impl fmt::Debug for LoosePin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoosePin").finish_non_exhaustive()
    }
}

impl fmt::Debug for Pinned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pinned").field(&self.peer().identifier()).finish()
    }
}
