//! A chosen peer: what a policy pins, and what a caller holds until its request has ended.

use std::any::{Any, type_name};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::error::InvalidPeerConversion;
use crate::outcome::Outcome;
use crate::peer::Peer;
use crate::slot::{Ended, Key, Slot, Unpin};

/// A peer that was chosen for a request, until [`finish`](Pick::finish).
///
/// It counts as one request in flight, and its transport keeps the peer retained until it is
/// finished, even if the peer leaves the list or the list is stopped or dropped meanwhile. It may
/// be finished on any thread, and is 16 bytes that cost no allocation.
///
/// A pick that is dropped counts as [`Outcome::Abandoned`]. (One that is leaked, with
/// [`mem::forget`](std::mem::forget), keeps its peer retained for good.)
#[must_use = "a pick counts as a request in flight until it is finished"]
pub struct Pick {
    held: ManuallyDrop<Held>,
}

enum Held {
    /// A pin on a slot of a list.
    Slot(NonNull<Slot>),
    /// A chooser that is not built on a list.
    Owned(Box<dyn OwnedPick>),
}

// SAFETY: a pin belongs to nobody's thread: every use of the slot is atomic or a shared reference
// to a `dyn Peer`, which is `Sync`; finishing may drop an `Arc<dyn Peer>`, which is `Send`.
unsafe impl Send for Pick {}
// SAFETY: as above; `&Pick` gives out `&dyn Peer` only.
unsafe impl Sync for Pick {}

/// What a chooser of one's own, one that is not built on a [`PeerList`](crate::PeerList), puts
/// behind a [`Pick`].
pub trait OwnedPick: Send + Sync {
    /// The peer.
    fn peer(&self) -> &dyn Peer;

    /// The request has ended. Called exactly once.
    fn finish(self: Box<Self>, outcome: Outcome);
}

impl Pick {
    /// A pick for a chooser of one's own.
    pub fn owned(pick: Box<dyn OwnedPick>) -> Self {
        Self { held: ManuallyDrop::new(Held::Owned(pick)) }
    }

    /// The peer.
    #[must_use]
    pub fn peer(&self) -> &dyn Peer {
        match &*self.held {
            // SAFETY: `self` holds a pin, and the reference does not outlive it.
            Held::Slot(slot) => unsafe { &**slot.as_ref().peer() },
            Held::Owned(pick) => pick.peer(),
        }
    }

    /// The peer's name.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.peer().identifier()
    }

    /// The peer as the transport's own type.
    ///
    /// # Errors
    ///
    /// [`InvalidPeerConversion`] if it is another; the pick stays as it is, to be finished.
    pub fn downcast<P: Peer>(&self) -> Result<&P, InvalidPeerConversion> {
        let peer: &dyn Any = self.peer();
        peer.downcast_ref().ok_or_else(|| InvalidPeerConversion {
            peer: self.identifier().to_owned(),
            expected_type: type_name::<P>(),
        })
    }

    /// Ends the request.
    ///
    /// Never blocks. Runs the peer's [`end_request`](Peer::end_request) if it asked for it, and if
    /// this was the last request of a peer that has left its list, the transport's
    /// [`release_peer`](crate::Transport::release_peer).
    #[inline]
    pub fn finish(self, outcome: Outcome) {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so what it holds is taken once.
        unsafe { ManuallyDrop::take(&mut this.held) }.finish(outcome);
    }
}

/// For the C layer, which keeps picks in memory of its callers'.
#[cfg(feature = "capi")]
impl Pick {
    /// The slot of a list's pick, whose pin now belongs to the pointer; or the pick again.
    #[inline]
    pub(crate) fn into_slot(self) -> Result<NonNull<Slot>, Self> {
        match *self.held {
            Held::Slot(slot) => {
                std::mem::forget(self);
                Ok(slot)
            }
            Held::Owned(_) => Err(self),
        }
    }

    /// The address by which the C layer knows the peer.
    #[inline]
    pub(crate) fn c_handle(&self) -> usize {
        match &*self.held {
            // SAFETY: pinned.
            Held::Slot(slot) => unsafe { slot.as_ref() }.c_handle(),
            Held::Owned(pick) => pick.peer().c_handle()[0],
        }
    }

    /// # Safety
    ///
    /// The slot came from [`into_slot`](Pick::into_slot), and its pin is given back to the pick.
    #[inline]
    pub(crate) unsafe fn from_slot(slot: NonNull<Slot>) -> Self {
        Self { held: ManuallyDrop::new(Held::Slot(slot)) }
    }
}

impl Held {
    #[inline]
    fn finish(self, outcome: Outcome) {
        match self {
            // SAFETY: gives up the pin that `self` was.
            Self::Slot(slot) => unsafe { Slot::finish(slot, Ended::Request(outcome)) },
            Self::Owned(pick) => pick.finish(outcome),
        }
    }
}

impl Drop for Pick {
    fn drop(&mut self) {
        // SAFETY: taken here or in `finish`, which does not come here.
        unsafe { ManuallyDrop::take(&mut self.held) }.finish(Outcome::Abandoned);
    }
}

impl fmt::Debug for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pick").field(&self.identifier()).finish()
    }
}

/// A pin that a policy has put on a slot and that its list makes a [`Pick`] of.
///
/// Dropping it takes the choice back.
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

    pub(crate) fn key(&self) -> Key {
        self.slot.key()
    }

    #[inline]
    fn into_slot(self) -> NonNull<Slot> {
        NonNull::from(ManuallyDrop::new(self).slot)
    }

    /// The same for the C layer: the slot, and the address by which C knows the peer.
    #[cfg(feature = "capi")]
    #[inline]
    pub(crate) fn into_counted(self) -> (NonNull<Slot>, usize) {
        let handle = self.slot.c_handle();
        let slot = self.into_slot();
        // SAFETY: pinned.
        unsafe { slot.as_ref().start_request() };
        (slot, handle)
    }

    /// Makes the choice final.
    #[inline]
    pub(crate) fn into_pick(self) -> Pick {
        let slot = self.into_slot();
        let pick = Pick { held: ManuallyDrop::new(Held::Slot(slot)) };
        // SAFETY: pinned. The pick exists first, so that a panic in the hook gives the pin back.
        unsafe { slot.as_ref().start_request() };
        pick
    }

    /// Takes back a choice that the policy has counted.
    pub(crate) fn discard(self) {
        // SAFETY: gives up the pin that `self` was.
        unsafe { Slot::finish(self.into_slot(), Ended::Unused) };
    }
}

impl Drop for Pinned<'_> {
    fn drop(&mut self) {
        drop(Unpin(NonNull::from(self.slot)));
    }
}

impl fmt::Debug for Pinned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pinned").field(&self.peer().identifier()).finish()
    }
}
