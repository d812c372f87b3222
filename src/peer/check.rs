//! What a transport has found out about a peer.

/// What the checks of a peer have shown, as its transport tells:
/// [`Peer::check`](crate::Peer::check).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// How many have passed.
    pub passed: u64,
    /// How many have failed.
    pub failed: u64,
    /// How the last one ended, in words; empty if none has.
    pub last: String,
}
