//! A chosen peer, until its request has ended.

use std::any::type_name;
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
    /// A slot whose pin is ours, or, with its lowest bit set, an owned pick in two boxes: two, so
    /// that it is one word.
    held: NonNull<u8>,
    /// When the request began, if its policy asked for latencies.
    began: Stamp,
}

/// Marks an owned pick. Slots and boxes are aligned, so the bit is free.
const OWNED: usize = 1;

/// What a pick holds.
enum Held {
    Slot(NonNull<Slot>),
    Owned(NonNull<Box<dyn OwnedPick>>),
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
        let pick = NonNull::from(Box::leak(Box::new(pick))).cast::<u8>();
        Self { held: pick.map_addr(|address| address | OWNED), began: Stamp::NONE }
    }

    /// # Safety
    ///
    /// A pin on the slot is given to the pick.
    #[inline]
    pub(super) unsafe fn of_slot(slot: NonNull<Slot>, began: Stamp) -> Self {
        Self { held: slot.cast(), began }
    }

    #[inline]
    fn held(&self) -> Held {
        if self.held.addr().get() & OWNED == 0 {
            return Held::Slot(self.held.cast());
        }
        let unmarked = self.held.as_ptr().map_addr(|address| address & !OWNED);
        // SAFETY: made by `owned` of a pointer that is not null, and the mark is taken off.
        Held::Owned(unsafe { NonNull::new_unchecked(unmarked) }.cast())
    }

    /// The peer.
    #[must_use]
    pub fn peer(&self) -> &dyn Peer {
        match self.held() {
            // SAFETY: `self` holds a pin, and the reference does not outlive it.
            Held::Slot(slot) => unsafe { &**slot.as_ref().peer() },
            // SAFETY: `self` owns the box, and the reference does not outlive it.
            Held::Owned(pick) => unsafe { pick.as_ref() }.peer(),
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
    #[inline]
    pub fn finish(self, finish: impl Into<Finish>) {
        // SAFETY: `this` is not dropped, so the pick ends once.
        unsafe { ManuallyDrop::new(self).end(finish.into()) };
    }

    /// # Safety
    ///
    /// The pick is not used any more.
    #[inline]
    unsafe fn end(&self, finish: Finish) {
        match self.held() {
            // SAFETY: gives up the pin that `self` holds, by contract of the caller.
            Held::Slot(slot) => unsafe {
                Slot::finish(slot, || Ended::Request(finish, self.began));
            },
            // SAFETY: leaked by `owned`, and taken once by contract of the caller.
            Held::Owned(pick) => unsafe { Box::from_raw(pick.as_ptr()) }.finish(finish),
        }
    }

    /// The slot of a list's pick, whose pin now belongs to the pointer, and when it began; or the
    /// pick again.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn into_slot(self) -> Result<(NonNull<Slot>, Stamp), Self> {
        match self.held() {
            Held::Slot(slot) => Ok((slot, ManuallyDrop::new(self).began)),
            Held::Owned(_) => Err(self),
        }
    }
}

impl Drop for Pick {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: dropped, and `finish` does not come here.
        unsafe { self.end(Outcome::Abandoned.into()) };
    }
}

impl fmt::Debug for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pick").field(&self.identifier()).finish()
    }
}
