//! What else is known of a peer: whose status it has if its transport is one of the library's, or else what
//! its own transport tells of checks.

use std::sync::Arc;

use crate::sync::Mutex;
use crate::{Check, Peer, Subscriber};

/// A peer has one of the two at most: one that is followed is told of no checks.
pub(super) enum Known {
    Followed(Followed),
    Checked(Mutex<Check>),
}

/// A peer of a transport of the library's, behind one of C's.
pub(super) struct Followed {
    pub(super) peer: Arc<dyn Peer>,
    /// What hears of its changes.
    pub(super) subscriber: Arc<dyn Subscriber>,
}

impl Known {
    /// What checks have shown.
    pub(super) fn check(&self) -> Option<Check> {
        match self {
            Self::Followed(followed) => followed.peer.check(),
            Self::Checked(check) => Some(check.lock().clone()),
        }
    }
}
