//! Why there is no connection.

use std::io;

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
    // Of a connection that has begun to speak this is a read that took too long.
    let is_late = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    error.downcast_ref().is_some_and(|error| !is_late(error) && is_of_this_process(error))
}

#[cfg(all(test, unix, not(loom)))]
mod tests {
    use super::*;
    use crate::outcome::Outcome;

    #[test]
    fn what_this_process_lacks_is_no_failure_of_the_peer_and_a_timeout_is() {
        let outcome = |code| {
            let source = io::Error::from_raw_os_error(code).into();
            CheckoutError::Connect { peer: "a:1".into(), source }.outcome()
        };
        for code in [libc::EMFILE, libc::ENFILE, libc::ENOMEM] {
            assert_eq!(outcome(code), Outcome::NotSent, "{code}");
        }
        for code in [libc::EAGAIN, libc::ETIMEDOUT, libc::ECONNREFUSED, libc::EADDRNOTAVAIL] {
            assert_eq!(outcome(code), Outcome::Failure, "{code}");
        }
    }
}
