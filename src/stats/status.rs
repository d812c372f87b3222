//! What a chooser looks like, peer by peer.

use std::fmt;
use std::time::Duration;

use super::numbers::Stats;
use super::outcomes::Outcomes;
use super::source::SourceStatus;
use crate::attributes::Attributes;
use crate::cost::PeerCost;
use crate::line::Name;
use crate::peer::{Check, Status};
use crate::reasons::Reasons;
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ChooserStatus {
    /// The chooser's name.
    pub name: String,
    /// Where it is in its life.
    pub state: State,
    /// Its policy's name, such as `two-random-choices`.
    pub policy: String,
    /// The chooser in numbers.
    pub stats: Stats,
    /// The peers it has retained, in the order of their identifiers.
    pub peers: Vec<PeerStatus>,
    /// Where they come from, if the chooser is [bound](crate::Bind) to an updater that says so.
    pub source: Option<SourceStatus>,
}

/// A peer of a chooser at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
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
    /// How long its connection status has been what it is; since it was retained, if it has had no
    /// other. In steps of 100 ms.
    pub since: Duration,
    /// How often its connection status has changed since it was retained.
    pub status_changes: u64,
    /// Requests that were given to it since it was retained, those in flight included.
    pub requests: u64,
    /// How they have ended.
    pub outcomes: Outcomes,
    /// How often it was [ejected](crate::ListOptions::with_eject).
    pub ejections: u64,
    /// What its transport has found out about it, if it [says](crate::Peer::check).
    pub check: Option<Check>,
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
