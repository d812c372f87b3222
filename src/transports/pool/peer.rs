//! A peer of a pool, as lists and callers see it.

use std::fmt;
use std::sync::Arc;

use super::connect::Connect;
use super::error::CheckoutError;
use super::home::Home;
use super::pooled::Pooled;
use super::shared::Keeps;
use crate::peer::{ConnectionStatus, Identifier, Peer, Status, StatusPeer};

/// A peer with its connections: what [`Pick::downcast`](crate::Pick::downcast) gives of a list over a
/// [`Pool`](super::Pool).
pub struct PoolPeer<C: Connect> {
    pub(super) home: Arc<Home<C>>,
}

impl<C: Connect> PoolPeer<C> {
    /// Takes a connection out of the pool: the one that came back last and is still good, or a new
    /// one. It goes back when it is dropped: [`Pooled`] says when not.
    ///
    /// Blocks while it connects, as long as [`Connect::connect`] does; with an idle connection it
    /// does not block.
    ///
    /// # Errors
    ///
    /// [`CheckoutError`]: no connection could be made, or all that the pool may have are in use.
    pub fn checkout(&self) -> Result<Pooled<C>, CheckoutError> {
        let (held, was_idle) = self.home.take()?;
        Ok(Pooled::new(held, Arc::clone(&self.home), was_idle))
    }

    /// Says that the peer may be down, as a request that failed on it has shown by other means than
    /// its connection. It is `Connecting` from now on, until a new connection is there; those that
    /// are idle are closed, and those in use when they come back. Does nothing while it is not
    /// `Available`. Does not block, and tells its lists on this thread.
    pub fn doubt(&self) {
        self.home.doubt(None);
    }

    /// How many of its connections are idle.
    #[must_use]
    pub fn idle(&self) -> usize {
        self.home.idle()
    }

    /// Whether it can be reached.
    #[must_use]
    pub fn connection_status(&self) -> ConnectionStatus {
        self.home.status()
    }
}

impl<C: Connect> Identifier for PoolPeer<C> {
    fn identifier(&self) -> &str {
        &self.home.peer
    }
}

impl<C: Connect> StatusPeer for PoolPeer<C> {
    fn status(&self) -> Status {
        Status { connection_status: self.home.status(), ..Status::default() }
    }
}

impl<C: Connect> Peer for PoolPeer<C> {}

impl<C: Connect> fmt::Debug for PoolPeer<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolPeer")
            .field("peer", &self.home.peer)
            .field("status", &self.home.status())
            .field("idle", &self.idle())
            .finish()
    }
}
