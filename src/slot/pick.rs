//! A chosen peer, until its request has ended.

use std::any::{Any, type_name};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::cell::Slot;
use super::finish::Ended;
use crate::clock::Stamp;
use crate::error::InvalidPeerConversion;
use crate::outcome::{Finish, Outcome};
use crate::peer::Peer;

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
    /// A pin on a slot of a list, and when the request began if the policy asked for latencies.
    Slot(NonNull<Slot>, Stamp),
    /// A chooser that is not built on a list. Two boxes, so that the rare case is one word.
    Owned(Box<Box<dyn OwnedPick>>),
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Pick>() == 16);

// SAFETY: a pin is bound to no thread: every use of the slot is atomic or a shared reference to a
// `dyn Peer`, which is `Sync`; finishing may drop an `Arc<dyn Peer>`, which is `Send`.
unsafe impl Send for Pick {}
// SAFETY: as above; `&Pick` gives out `&dyn Peer` only.
unsafe impl Sync for Pick {}

/// What a chooser of one's own, one that is not built on a [`PeerList`](crate::PeerList), puts
/// behind a [`Pick`].
pub trait OwnedPick: Send + Sync {
    /// The peer.
    fn peer(&self) -> &dyn Peer;

    /// The request has ended. Called exactly once.
    fn finish(self: Box<Self>, finish: Finish);
}

impl Pick {
    /// A pick for a chooser of one's own.
    pub fn owned(pick: Box<dyn OwnedPick>) -> Self {
        Self { held: ManuallyDrop::new(Held::Owned(Box::new(pick))) }
    }

    /// # Safety
    ///
    /// A pin on the slot is given to the pick.
    #[inline]
    pub(super) unsafe fn of_slot(slot: NonNull<Slot>, began: Stamp) -> Self {
        Self { held: ManuallyDrop::new(Held::Slot(slot, began)) }
    }

    /// The peer.
    #[must_use]
    pub fn peer(&self) -> &dyn Peer {
        match &*self.held {
            // SAFETY: `self` holds a pin, and the reference does not outlive it.
            Held::Slot(slot, _) => unsafe { &**slot.as_ref().peer() },
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

    /// Ends the request: with an [`Outcome`], or a [`Finish`] that says how long it took as well.
    ///
    /// Never blocks. Runs the peer's [`end_request`](Peer::end_request) and the policy's
    /// [`finished`](crate::Policy::finished) if they asked for it, and if this was the last request
    /// of a peer that has left its list, the transport's
    /// [`release_peer`](crate::Transport::release_peer).
    #[inline]
    pub fn finish(self, finish: impl Into<Finish>) {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so what it holds is taken once.
        unsafe { ManuallyDrop::take(&mut this.held) }.finish(finish.into());
    }

    /// The slot of a list's pick, whose pin now belongs to the pointer, and when it began; or the
    /// pick again.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn into_slot(self) -> Result<(NonNull<Slot>, Stamp), Self> {
        match *self.held {
            Held::Slot(slot, began) => {
                std::mem::forget(self);
                Ok((slot, began))
            }
            Held::Owned(_) => Err(self),
        }
    }
}

impl Held {
    #[inline]
    fn finish(self, finish: Finish) {
        match self {
            // SAFETY: gives up the pin that `self` was.
            Self::Slot(slot, began) => unsafe {
                Slot::finish(slot, Ended::Request(finish, began));
            },
            Self::Owned(pick) => pick.finish(finish),
        }
    }
}

impl Drop for Pick {
    fn drop(&mut self) {
        // SAFETY: taken here or in `finish`, which does not come here.
        unsafe { ManuallyDrop::take(&mut self.held) }.finish(Outcome::Abandoned.into());
    }
}

impl fmt::Debug for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pick").field(&self.identifier()).finish()
    }
}
