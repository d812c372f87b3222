//! Why there is no connection.

use thiserror::Error;

use crate::error::TransportError;
use crate::transports::lack::is_of_this_process;

/// Why a [`checkout`](super::PoolPeer::checkout) failed. Nothing has been sent in either case, so the
/// request may go to another peer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CheckoutError {
    /// No connection was idle, and no new one could be made. The peer is doubted, unless it is this
    /// process that lacks something for it: descriptors, say.
    #[error("can't connect to {peer:?}: {source}")]
    Connect {
        /// The peer.
        peer: String,
        /// What [`Connect`](super::Connect) said.
        source: TransportError,
    },
    /// All connections of the pool are in use. Says nothing about the peer.
    #[error("no connection to {peer:?}: all {limit} that the pool may have are in use")]
    Full {
        /// The peer.
        peer: String,
        /// [`with_max_connections`](super::PoolOptions::with_max_connections).
        limit: usize,
    },
}

impl CheckoutError {
    /// What to finish the pick with: [`Failure`](crate::Outcome::Failure) if the peer could not be
    /// reached, [`NotSent`](crate::Outcome::NotSent) if it was not tried, or this process lacked
    /// descriptors or memory to.
    #[must_use]
    pub fn outcome(&self) -> crate::Outcome {
        match self {
            Self::Connect { source, .. } if !is_ours(source) => crate::Outcome::Failure,
            Self::Connect { .. } | Self::Full { .. } => crate::Outcome::NotSent,
        }
    }
}

/// Whether the error says nothing of the peer.
fn is_ours(error: &TransportError) -> bool {
    error.downcast_ref().is_some_and(is_of_this_process)
}
