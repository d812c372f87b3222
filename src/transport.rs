//! What makes, shares and releases peers.

use std::sync::Arc;

use crate::error::TransportError;
use crate::peer::{Identifier, Peer, Subscriber};

/// Makes peers, shares them between the lists that retain them, and releases them.
///
/// Lists call both methods with no lock held, so a transport may notify a subscriber before
/// `retain_peer` returns, and may call back into the list. Neither should block on the network:
/// start a connection in `retain_peer` and report its status later.
///
/// [`Registry`](crate::Registry) keeps the table that nearly every transport needs, and hands peers
/// what they report their status with; its example has peers that come and go. This one's are there
/// at once, or cannot be had:
///
/// ```
/// use std::net::SocketAddr;
/// use std::sync::Arc;
/// use peerage::{ConnectionStatus, Identifier, Peer, Registry, Status, StatusPeer};
/// use peerage::{Subscriber, Transport, TransportError};
///
/// #[derive(Debug)]
/// struct Server {
///     name: String,
///     address: SocketAddr,
/// }
/// # impl Identifier for Server {
/// #     fn identifier(&self) -> &str {
/// #         &self.name
/// #     }
/// # }
/// # impl StatusPeer for Server {
/// #     fn status(&self) -> Status {
/// #         Status { connection_status: ConnectionStatus::Available, ..Status::default() }
/// #     }
/// # }
/// # impl Peer for Server {}
///
/// struct Datagrams(Registry<Server>);
///
/// impl Transport for Datagrams {
///     fn retain_peer(
///         &self,
///         id: &Arc<dyn Identifier>,
///         subscriber: Arc<dyn Subscriber>,
///     ) -> Result<Arc<dyn Peer>, TransportError> {
///         let name = id.identifier();
///         let address = name.parse()?;
///         let make = |_| Server { name: name.to_owned(), address };
///         Ok(self.0.retain(name, subscriber, make).0)
///     }
///
///     fn release_peer(
///         &self,
///         id: &Arc<dyn Identifier>,
///         subscriber: &Arc<dyn Subscriber>,
///     ) -> Result<(), TransportError> {
///         self.0.release(id.identifier(), subscriber).map(drop)
///     }
/// }
///
/// use peerage::policy::RoundRobin;
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PeerList, Request};
///
/// let transport = Arc::new(Datagrams(Registry::new("datagrams")));
/// let list = PeerList::new(RoundRobin::new(), transport, ListOptions::new());
/// list.start()?;
/// let error = list.update(ListUpdates::adding(["10.0.0.1:53", "10.0.0.2"])).unwrap_err();
/// let text = "can't retain peer \"10.0.0.2\": invalid socket address syntax";
/// assert_eq!(error.to_string(), text);
///
/// let pick = list.try_choose(&Request::new())?;
/// assert_eq!(pick.downcast::<Server>()?.address.port(), 53);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
///
/// A panic in either method does not reach the caller of the list: it is reported as the peer's
/// error.
pub trait Transport: Send + Sync {
    /// Makes the peer, or shares the one that exists, and tells `subscriber` about its status from
    /// now on.
    ///
    /// # Errors
    ///
    /// Any error of the transport's own; the list reports it with the peer's name.
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError>;

    /// Ends one [`retain_peer`](Transport::retain_peer) that succeeded: the same identifier, the
    /// same subscriber (compare with [`Arc::ptr_eq`]). Called exactly once for each, when the peer
    /// has left the list and its last request has finished. Drop the subscriber: it keeps its
    /// list's memory alive.
    ///
    /// # Errors
    ///
    /// Any error of the transport's own. The peer is gone from the list all the same.
    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError>;
}
