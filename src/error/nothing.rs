//! Why a policy has no peer.

use std::fmt;

/// Why a policy has no peer for a request: what it would take for it to have one.
///
/// A caller that waits is asked again when that happens, so a policy that says the wrong thing makes
/// callers wait in vain. When in doubt, [`Excluded`](Nothing::Excluded) is asked again at every peer
/// that becomes available.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Nothing {
    /// No peer is available. Asked again when one is.
    Unavailable,
    /// Fewer peers are available than the request needs. Asked again when that many are.
    TooFew(usize),
    /// Peers are available, but none for this request. Asked again when another one is.
    Excluded,
    /// Only the peer that the request's shard key names will do, and it is not available. Asked
    /// again when it is.
    NotTheNamed,
    /// Only the peer that the request's shard key names will do, and it is not in the list. Not
    /// asked again: a caller that waits gets this answer at once.
    NotInList,
    /// Every peer that would do has as many requests as it may have. Asked again when a request
    /// ends, one waiter for each, or when a peer becomes available. The policy
    /// [watches](crate::Policy::watches) places.
    AtCapacity,
    /// The policy cannot choose just now. Asked again when it says so: see
    /// [`AskAgain`](crate::policy::AskAgain).
    NotReady,
}

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable => f.write_str("no peer is available"),
            Self::TooFew(needed) => write!(f, "fewer than {needed} peers are available"),
            Self::Excluded => f.write_str("no available peer is for this request"),
            Self::NotTheNamed => f.write_str("the named peer is not available"),
            Self::NotInList => f.write_str("the named peer is not in the list"),
            Self::AtCapacity => f.write_str("every peer is at its capacity"),
            Self::NotReady => f.write_str("the policy is not ready"),
        }
    }
}
