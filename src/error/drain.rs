//! What is left when a drain is given up.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Peers that have left a chooser and are not released yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Departing {
    /// How many there are.
    pub peers: usize,
    /// Their requests in flight, from this chooser.
    pub pending: u64,
}

/// A [`drain`](crate::Chooser::drain) was given up: requests are still in flight, or the transport
/// has not released a peer yet.
///
/// ```text
/// "users" chooser is not drained: 2 peers that left have 3 requests in flight
/// ```
#[derive(Debug, Clone)]
pub struct DrainError {
    pub(crate) chooser: Arc<str>,
    pub(crate) left: Departing,
}

impl DrainError {
    /// The error of a chooser of one's own.
    #[must_use]
    pub fn of(chooser: impl Into<Arc<str>>, peers: usize, pending: u64) -> Self {
        Self { chooser: chooser.into(), left: Departing { peers, pending } }
    }

    /// What was left when it was given up.
    #[must_use]
    pub fn left(&self) -> Departing {
        self.left
    }
}

impl fmt::Display for DrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Departing { peers, pending } = self.left;
        let peers = match peers {
            1 => "1 peer that left has".to_owned(),
            peers => format!("{peers} peers that left have"),
        };
        let requests = match pending {
            1 => "1 request".to_owned(),
            pending => format!("{pending} requests"),
        };
        write!(f, "{:?} chooser is not drained: {peers} {requests} in flight", self.chooser)
    }
}

impl Error for DrainError {}
