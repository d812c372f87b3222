//! What a chooser looks like, for status pages.

use std::fmt;

use crate::lifecycle::State;
use crate::peer::Status;

/// A chooser at one moment. Prints as YARPC's introspection does:
///
/// ```text
/// round-robin: Running (1/2 available)
///   10.0.0.1:80: Available, 2 pending request(s)
///   10.0.0.2:80: Unavailable, 0 pending request(s)
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChooserStatus {
    /// The chooser's name.
    pub name: String,
    /// Where it is in its life.
    pub state: State,
    /// The peers it has retained, in the order of their identifiers.
    pub peers: Vec<PeerStatus>,
}

/// A peer of a chooser at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerStatus {
    /// Its identifier.
    pub identifier: String,
    /// Its status, as the chooser last heard it, and its requests in flight from this chooser.
    pub status: Status,
}

/// Peers and requests, without their names.
#[cfg(feature = "capi")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) peers: usize,
    pub(crate) available: usize,
    pub(crate) pending: u64,
}

impl ChooserStatus {
    /// The state as YARPC words it, such as `Running (1/2 available)`.
    #[must_use]
    pub fn state_text(&self) -> String {
        let available = self.peers.iter().filter(|peer| peer.is_available()).count();
        format!("{} ({available}/{} available)", self.state, self.peers.len())
    }
}

impl PeerStatus {
    /// Whether it can be chosen.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.status.connection_status == crate::ConnectionStatus::Available
    }

    /// The state as YARPC words it, such as `Available, 2 pending request(s)`.
    #[must_use]
    pub fn state_text(&self) -> String {
        let Status { connection_status, pending_request_count } = self.status;
        format!("{connection_status}, {pending_request_count} pending request(s)")
    }
}

impl fmt::Display for ChooserStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.state_text())?;
        for peer in &self.peers {
            write!(f, "\n  {}: {}", peer.identifier, peer.state_text())?;
        }
        Ok(())
    }
}
