//! What a list tells about itself while it works.

use std::time::Duration;

use crate::error::{PeerFailure, UpdateError};
use crate::peer::ConnectionStatus;

/// Hears what happens in a list: for logs and metrics.
///
/// Called on the thread that caused the event, with no lock held, so it may call the list. A choice
/// that does not wait reports nothing. A panic in it is swallowed.
pub trait Observer: Send + Sync {
    /// Something happened.
    fn observe(&self, list: &str, event: &Event<'_>);
}

impl<F: Fn(&str, &Event<'_>) + Send + Sync> Observer for F {
    fn observe(&self, list: &str, event: &Event<'_>) {
        self(list, event);
    }
}

/// What happened.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An update was applied, also one that changed nothing.
    Updated {
        /// How many additions it asked for.
        additions: usize,
        /// How many removals it asked for.
        removals: usize,
        /// What of it failed.
        error: Option<&'a UpdateError>,
    },
    /// A peer's status has changed.
    StatusChanged {
        /// The peer.
        peer: &'a str,
        /// What it was before.
        from: ConnectionStatus,
        /// What it is now.
        to: ConnectionStatus,
    },
    /// A caller waited, and got a peer.
    Waited {
        /// How long.
        waited: Duration,
    },
    /// A caller waited in vain.
    TimedOut {
        /// How long.
        waited: Duration,
    },
    /// A peer that had left the list was released when its last request finished, and the
    /// transport reported an error.
    ReleaseFailed {
        /// The peer and the error.
        failure: &'a PeerFailure,
    },
    /// A callback panicked where nobody is there to get an error: a peer's hook, its status, a
    /// policy that was told of a change. The list has gone on without it.
    Panicked {
        /// Which.
        what: &'a str,
        /// What it said.
        message: &'a str,
    },
}
