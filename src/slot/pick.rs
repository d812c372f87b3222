//! A chosen peer, until its request has ended.

use std::any::type_name;
use std::fmt;
use std::mem::ManuallyDrop;
use std::time::Duration;

use super::cell::Slot;
use super::token::PinOf;
use crate::clock::Stamp;
use crate::error::InvalidPeerConversion;
use crate::outcome::{Finish, Outcome};
use crate::peer::Peer;

/// A peer that was chosen for a request, until [`finish`](Pick::finish).
///
/// It counts as one request in flight, and its transport keeps the peer retained until it is
/// finished, even if the peer leaves the list or the list is stopped or dropped before. It may
/// be finished on any thread, and is 16 bytes that cost no allocation; nor does its end, but for the
/// first one of a peer that is not [`Outcome::Success`].
///
/// A pick that is dropped counts as [`Outcome::Abandoned`]. (One that is leaked, with
/// [`mem::forget`](std::mem::forget), keeps its peer retained for good.)
///
/// ```
/// use peerage::transports::Always;
/// use peerage::{Chooser, ConnectionStatus, Lifecycle, Outcome, Request, Single, identify};
///
/// let chooser = Single::new(identify("10.0.0.1:80"), Always::new());
/// chooser.start()?;
/// let pick = chooser.try_choose(&Request::new())?;
/// let in_flight = || chooser.introspect().peers[0].status.pending_request_count;
/// assert_eq!((pick.identifier(), in_flight()), ("10.0.0.1:80", 1));
/// assert_eq!(pick.peer().status().connection_status, ConnectionStatus::Available);
///
/// // With a transport of your own: `pick.downcast::<YourPeer>()?`, and send the request.
/// let outcome = Outcome::Success;
/// std::thread::spawn(move || pick.finish(outcome)).join().unwrap();
/// assert_eq!(in_flight(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a pick counts as a request in flight until it is finished"]
pub struct Pick {
    held: ManuallyDrop<Held>,
}

enum Held {
    /// A pin on a slot of a list, and when the request began if its policy asked for latencies.
    OfList(PinOf<Slot>, Stamp),
    /// Of a chooser that is not built on a list. Two boxes, so that the rare case is one word and
    /// the null of the pointer beside it tells the two apart.
    Owned(Box<Box<dyn OwnedPick>>),
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Pick>() == 16);

/// What a chooser of one's own, one that is not built on a [`PeerList`](crate::PeerList), puts
/// behind a [`Pick`].
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use peerage::{Finish, Outcome, OwnedPick, Peer, Pick};
/// # use peerage::{Identifier, Status, StatusPeer};
/// # #[derive(Debug, Default)] struct MyPeer { in_flight: AtomicUsize }
/// # impl Identifier for MyPeer { fn identifier(&self) -> &str { "a" } }
/// # impl StatusPeer for MyPeer { fn status(&self) -> Status { Status::default() } }
/// # impl Peer for MyPeer {}
///
/// struct Counted(Arc<MyPeer>);
///
/// impl OwnedPick for Counted {
///     fn peer(&self) -> &dyn Peer {
///         &*self.0
///     }
///
///     fn finish(self: Box<Self>, _: Finish) {
///         self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
///     }
/// }
///
/// let peer = Arc::new(MyPeer::default());
/// peer.in_flight.fetch_add(1, Ordering::Relaxed);
/// let pick = Pick::owned(Box::new(Counted(Arc::clone(&peer))));
/// assert_eq!(pick.identifier(), "a");
/// pick.finish(Outcome::Success);
/// assert_eq!(peer.in_flight.load(Ordering::Relaxed), 0);
/// ```
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

    /// A pick of a list.
    #[inline]
    pub(super) fn of_list(pin: PinOf<Slot>, began: Stamp) -> Self {
        Self { held: ManuallyDrop::new(Held::OfList(pin, began)) }
    }

    /// The peer.
    #[must_use]
    pub fn peer(&self) -> &dyn Peer {
        match &*self.held {
            Held::OfList(pin, _) => Slot::pinned_peer(pin),
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
        self.peer().downcast_ref().ok_or_else(|| InvalidPeerConversion {
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
    #[inline(always)]
    pub fn finish(self, finish: impl Into<Finish>) {
        self.into_held().end(finish.into());
    }

    #[inline(always)]
    fn into_held(self) -> Held {
        // SAFETY: `self` is not dropped, so what it holds is taken once.
        unsafe { ManuallyDrop::take(&mut ManuallyDrop::new(self).held) }
    }

    /// The pin of a list's pick, and when it began; or the pick again.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn into_token(self) -> Result<(PinOf<Slot>, Stamp), Self> {
        match self.into_held() {
            Held::OfList(pin, began) => Ok((pin, began)),
            owned => Err(Self { held: ManuallyDrop::new(owned) }),
        }
    }
}

impl Held {
    #[inline(always)]
    fn end(self, finish: Finish) {
        match self {
            Self::OfList(pin, began) => Slot::finish(pin, finish, began),
            Self::Owned(pick) => {
                finish_owned(pick, finish.outcome, finish.latency, finish.in_flight);
            }
        }
    }
}

/// With registers: if it took a [`Finish`] by its address, each finish of a list's pick would write one
/// to memory too.
#[inline(never)]
#[expect(clippy::boxed_local, reason = "a box is one register, and what is in it two")]
fn finish_owned(
    pick: Box<Box<dyn OwnedPick>>,
    outcome: Outcome,
    latency: Option<Duration>,
    in_flight: Option<u32>,
) {
    pick.finish(Finish { outcome, latency, in_flight });
}

impl Drop for Pick {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: dropped, and `into_held` does not come here.
        unsafe { ManuallyDrop::take(&mut self.held) }.end(Outcome::Abandoned.into());
    }
}

impl fmt::Debug for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pick").field(&self.identifier()).finish()
    }
}
