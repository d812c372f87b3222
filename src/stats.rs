//! What a chooser looks like, for status pages and metrics.

use std::fmt;
use std::time::Duration;

use crate::attributes::Attributes;
use crate::cost::PeerCost;
use crate::line::Name;
use crate::peer::Status;
use crate::roster::Reasons;
use crate::state::State;

/// A chooser at one moment. Prints as YARPC's introspection does:
///
/// ```text
/// round-robin: Running (1/2 available)
///   10.0.0.1:80: Available, 2 pending request(s)
///   10.0.0.2:80: Unavailable, 0 pending request(s)
/// ```
///
/// A line for the chooser and one for each peer: line ends and other characters in names that are
/// not seen are escaped, as `\n`.
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
    /// Why it cannot be chosen; none if it can.
    pub reasons: Reasons,
    /// Its weight, tier, zone and shard.
    pub attributes: Attributes,
    /// How long until it is tried again, if the list has [ejected](crate::ListOptions::with_eject)
    /// it.
    pub ejected_for: Option<Duration>,
    /// What the policy has learnt of it, if the policy prices peers.
    pub cost: Option<PeerCost>,
}

/// A chooser in numbers at one moment: cheaper than a [`ChooserStatus`], and without names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Its state.
    pub state: State,
    /// Peers that it has retained.
    pub peers: usize,
    /// How many of them can be chosen.
    pub available: usize,
    /// Peers that it knows and has not retained, because it does not run or uses a subset.
    pub uninitialized: usize,
    /// Requests in flight, from this chooser, on the peers that it has retained.
    pub pending: u64,
    /// Callers that wait for a peer, notices that have not been given included.
    pub waiting: usize,
    /// Peers that have left and are not released yet, mostly because of requests in flight; they are
    /// in none of the other counts.
    pub departing: usize,
    /// The requests in flight on them.
    pub departing_pending: u64,
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
        self.reasons.is_none()
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
        write!(f, "{}: {}", Name(&self.name), self.state_text())?;
        for peer in &self.peers {
            write!(f, "\n  {}: {}", Name(&peer.identifier), peer.state_text())?;
        }
        Ok(())
    }
}
