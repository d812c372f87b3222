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
/// [`Registry`](crate::Registry) keeps the table that nearly every transport needs.
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
