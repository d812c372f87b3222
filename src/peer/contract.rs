//! What a list asks of a peer, and where the peer reports.

use super::check::Check;
use super::identifier::Identifier;
use super::seal::{Seal, Seat};
use super::status::Status;
use crate::outcome::Outcome;

/// A peer that can be looked at: its identity and its status.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use peerage::{ConnectionStatus, Identifier, Status, StatusPeer};
///
/// #[derive(Debug, Default)]
/// struct Pool {
///     connections: AtomicUsize,
///     dialling: AtomicUsize,
/// }
///
/// impl Identifier for Pool {
///     fn identifier(&self) -> &str {
///         "10.0.0.1:80"
///     }
/// }
///
/// impl StatusPeer for Pool {
///     fn status(&self) -> Status {
///         let count = |counter: &AtomicUsize| counter.load(Ordering::Acquire);
///         let connection_status = match (count(&self.connections), count(&self.dialling)) {
///             (0, 0) => ConnectionStatus::Unavailable,
///             (0, _) => ConnectionStatus::Connecting,
///             _ => ConnectionStatus::Available,
///         };
///         Status { connection_status, ..Status::default() }
///     }
/// }
///
/// let pool = Pool::default();
/// assert_eq!(pool.status().connection_status, ConnectionStatus::Unavailable);
/// pool.connections.store(2, Ordering::Release);
/// assert_eq!(pool.status().to_string(), "{Available Pending:0}");
/// ```
pub trait StatusPeer: Identifier {
    /// The status now. Lists call it with no lock held, also from inside
    /// [`Subscriber::notify_status_changed`]; it must not block.
    fn status(&self) -> Status;
}

/// One remote endpoint, as the transport that made it sees it.
///
/// A transport implements this on its own type; the sender of the request gets that type back with
/// [`Pick::downcast`](crate::Pick::downcast). Most peers need nothing of it:
/// `impl Peer for MyPeer {}`. This one is told of its requests:
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use peerage::{Outcome, Peer};
/// # use peerage::{Identifier, Status, StatusPeer};
///
/// #[derive(Debug, Default)]
/// struct MyPeer {
///     failures: AtomicU32,
/// }
/// # impl Identifier for MyPeer { fn identifier(&self) -> &str { "a" } }
/// # impl StatusPeer for MyPeer { fn status(&self) -> Status { Status::default() } }
///
/// impl Peer for MyPeer {
///     fn watches_requests(&self) -> bool {
///         true
///     }
///
///     fn end_request(&self, outcome: Outcome) {
///         match outcome {
///             Outcome::Failure => drop(self.failures.fetch_add(1, Ordering::Relaxed)),
///             Outcome::Success => self.failures.store(0, Ordering::Relaxed),
///             _ => {}
///         }
///     }
/// }
///
/// // What a list does, in a choice and its finish.
/// let peer = MyPeer::default();
/// peer.start_request();
/// peer.end_request(Outcome::Failure);
/// assert_eq!(peer.failures.into_inner(), 1);
/// ```
pub trait Peer: StatusPeer {
    /// Whether [`start_request`](Peer::start_request) and [`end_request`](Peer::end_request) want
    /// to be called. Asked once, when the peer is retained. Peers that answer `false`, the default,
    /// cost a request nothing: lists count pending requests by themselves.
    fn watches_requests(&self) -> bool {
        false
    }

    /// This peer was chosen for a request. Called on the choosing thread, before `choose` returns,
    /// with no lock held.
    fn start_request(&self) {}

    /// The request has ended. Called once for each [`start_request`](Peer::start_request), on the
    /// thread that finishes the pick, with no lock held, while the peer is still retained.
    fn end_request(&self, outcome: Outcome) {
        let _ = outcome;
    }

    /// What the transport has found out about it by checks of its own, for status pages and metrics. Lists
    /// call it with no lock held, when they are asked how they are. `None`, the default: it does not check.
    fn check(&self) -> Option<Check> {
        None
    }

    /// Calls `seat` once with two words that are copied into the peer's slot, where the C layer and
    /// bindings find them, and whether its picks are recorded from the beginning. The words are the
    /// address by which C knows the peer, and its data, which must not be replaced meanwhile.
    #[doc(hidden)]
    fn seat_with(&self, seat: &mut dyn FnMut([usize; 2], bool), _: Seal) {
        seat([0; 2], false);
    }
}

impl dyn Peer {
    /// The peer as the transport's own type, or `None` if it is of another.
    #[must_use]
    pub fn downcast_ref<P: Peer>(&self) -> Option<&P> {
        self.as_any().downcast_ref()
    }
}

/// What a transport notifies when the status of a peer has changed.
///
/// A notification carries no status: the receiver reads [`StatusPeer::status`]. So notifications
/// may be repeated, merged or late, and racing ones converge on the latest status.
///
/// Lists implement it, and so may anything else that retains a peer:
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use peerage::transports::Always;
/// use peerage::{Identifier, Subscriber, Transport, identify};
///
/// #[derive(Default)]
/// struct Changes(AtomicUsize);
///
/// impl Subscriber for Changes {
///     fn notify_status_changed(&self, peer: &dyn Identifier) {
///         println!("{} may have changed", peer.identifier());
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// let (transport, id) = (Always::new(), identify("10.0.0.1:80"));
/// let subscriber: Arc<dyn Subscriber> = Arc::new(Changes::default());
/// let peer = transport.retain_peer(&id, Arc::clone(&subscriber))?;
/// println!("{} is {}", peer.identifier(), peer.status());
/// transport.release_peer(&id, &subscriber)?;
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub trait Subscriber: Send + Sync {
    /// The status of `peer` may have changed.
    ///
    /// Any thread may call it, also from inside [`Transport::retain_peer`] and
    /// [`Transport::release_peer`]; it never blocks on other requests. Make the new status visible
    /// to `status()` first, and hold no lock that `status()` takes. After the peer was released a
    /// notification changes nothing.
    ///
    /// [`Transport::retain_peer`]: crate::Transport::retain_peer
    /// [`Transport::release_peer`]: crate::Transport::release_peer
    fn notify_status_changed(&self, peer: &dyn Identifier);

    /// The peer has so many requests in flight, as it says itself: for transports that probe. An
    /// answer that says so is told with its end:
    /// [`Finish::with_in_flight`](crate::Finish::with_in_flight). A list whose policy does not go by
    /// it does nothing, and no list does before it has retained the peer. Any thread may call it; it
    /// never blocks.
    fn report(&self, in_flight: u32) {
        let _ = in_flight;
    }

    /// Where it has seated the peer, if it is a list.
    #[doc(hidden)]
    fn seat(&self, _: Seal) -> Option<&dyn Seat> {
        None
    }
}
