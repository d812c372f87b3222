//! What a peer is: an identity, a status, and for those that ask, a hook around every request.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::attributes::Attributes;
use crate::error::UnknownConnectionStatus;
use crate::outcome::Outcome;

/// The string that names a peer, usually `host:port`.
///
/// An updater may supply its own type to carry more than a name to its transport (a TLS server
/// name, a zone); the transport gets the same object back in
/// [`retain_peer`](crate::Transport::retain_peer) and can downcast it:
///
/// ```
/// use std::sync::Arc;
/// use peerage::{Identifier, ListUpdates};
///
/// #[derive(Debug)]
/// struct Secure {
///     address: String,
///     server_name: &'static str,
/// }
///
/// impl Identifier for Secure {
///     fn identifier(&self) -> &str {
///         &self.address
///     }
/// }
///
/// let id = Secure { address: "10.0.0.1:443".into(), server_name: "users.example" };
/// let updates = ListUpdates { additions: vec![Arc::new(id)], removals: vec![] };
///
/// // What a transport over this list does.
/// let id: &Arc<dyn Identifier> = &updates.additions[0];
/// let server_name = id.downcast_ref::<Secure>().map(|id| id.server_name);
/// assert_eq!(server_name, Some("users.example"));
/// ```
///
/// A list reads the name and the attributes once, when the peer is added, with no lock held.
pub trait Identifier: AsAny + Send + Sync + fmt::Debug {
    /// The identity: lists compare peers by this string and nothing else.
    fn identifier(&self) -> &str;

    /// What is known of the peer beside its name: its weight, tier, zone and place on a hash ring.
    /// Nothing unless overridden; [`Member`](crate::Member) is a name with attributes.
    fn attributes(&self) -> Attributes {
        Attributes::new()
    }
}

/// The way from a trait object back to a type, which the language has by itself from Rust 1.86 on.
#[doc(hidden)]
pub trait AsAny: Any {
    fn as_any(&self) -> &dyn Any;
}

impl<T: Any> AsAny for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl dyn Identifier {
    /// The identifier as the updater's own type, or `None` if it is of another.
    #[must_use]
    pub fn downcast_ref<T: Identifier>(&self) -> Option<&T> {
        self.as_any().downcast_ref()
    }
}

impl Identifier for String {
    fn identifier(&self) -> &str {
        self
    }
}

impl Identifier for Box<str> {
    fn identifier(&self) -> &str {
        self
    }
}

impl Identifier for Arc<str> {
    fn identifier(&self) -> &str {
        self
    }
}

impl Identifier for &'static str {
    fn identifier(&self) -> &str {
        self
    }
}

mod seal {
    /// Only this crate has one, so what takes it can be neither called nor overridden elsewhere.
    ///
    /// ```compile_fail,E0433
    /// # use peerage::policy::{Choice, Nothing, Roster};
    /// # use peerage::{Policy, Request};
    /// #[derive(Debug)]
    /// struct Unguarded;
    ///
    /// impl Policy for Unguarded {
    ///     fn name(&self) -> &str {
    ///         "unguarded"
    ///     }
    ///     fn choose<'r>(&'r self, _: &'r Roster, _: &Request<'_>) -> Choice<'r> {
    ///         Err(Nothing::Unavailable)
    ///     }
    ///     fn may_panic(&self, _: peerage::peer::Seal) -> bool {
    ///         false
    ///     }
    /// }
    /// ```
    ///
    /// ```compile_fail,E0061
    /// # fn f(peer: &dyn peerage::Peer) {
    /// peer.seat_with();
    /// # }
    /// ```
    #[derive(Debug, Clone, Copy)]
    pub struct Seal(pub(crate) ());

    /// Where a list has seated a peer, for the C layer, whose peers have data that may be replaced.
    pub trait Seat {
        /// Sets the peer's data, and whether picks that are made from now on are recorded.
        #[cfg(feature = "capi")]
        fn set_data(&self, data: usize, watched: bool);

        /// The peer's requests in flight; when there are fewer, the others' use of data is over.
        #[cfg(feature = "capi")]
        fn in_flight(&self) -> u32;
    }
}

pub(crate) use self::seal::{Seal, Seat};

/// Makes an [`Identifier`] of a plain string.
///
/// ```
/// let id = peerage::identify("10.0.0.1:4040");
/// assert_eq!(id.identifier(), "10.0.0.1:4040");
/// ```
pub fn identify(id: impl Into<String>) -> Arc<dyn Identifier> {
    Arc::new(id.into().into_boxed_str())
}

/// Whether a peer can take requests, as its transport sees it.
///
/// Names and numbers are those of YARPC's `api/peer`. A list hands out `Available` peers only; the
/// other two differ for people who read a status page, not for the choice.
///
/// ```
/// use peerage::ConnectionStatus;
///
/// assert_eq!(ConnectionStatus::try_from(1), Ok(ConnectionStatus::Connecting));
/// assert_eq!(ConnectionStatus::Available.to_string(), "Available");
/// assert!(ConnectionStatus::try_from(3).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
#[repr(u8)]
pub enum ConnectionStatus {
    /// Not connected, and not being connected. What a peer is until its transport says more.
    #[default]
    Unavailable = 0,
    /// A connection attempt is under way.
    Connecting = 1,
    /// Ready for requests.
    Available = 2,
}

impl fmt::Display for ConnectionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl TryFrom<i32> for ConnectionStatus {
    type Error = UnknownConnectionStatus;

    fn try_from(number: i32) -> Result<Self, UnknownConnectionStatus> {
        match number {
            0 => Ok(Self::Unavailable),
            1 => Ok(Self::Connecting),
            2 => Ok(Self::Available),
            _ => Err(UnknownConnectionStatus(number)),
        }
    }
}

/// A peer's state at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Status {
    /// Requests in flight.
    pub pending_request_count: u32,
    /// Whether it can take more.
    pub connection_status: ConnectionStatus,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{} Pending:{}}}", self.connection_status, self.pending_request_count)
    }
}

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

    /// Where it has seated the peer, if it is a list.
    #[doc(hidden)]
    fn seat(&self, _: Seal) -> Option<&dyn Seat> {
        None
    }
}
