//! A chooser in numbers.

use std::time::Duration;

use super::failures::Failures;
use super::histogram::Histogram;
use super::outcomes::Outcomes;
use crate::state::State;

/// A chooser in numbers at one moment: cheaper than a [`ChooserStatus`](crate::ChooserStatus), and without
/// names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Its state.
    pub state: State,
    /// Peers that it has retained.
    pub peers: usize,
    /// How many of them can be chosen.
    pub available: usize,
    /// How many of them are connecting.
    pub connecting: usize,
    /// How many of them are unavailable.
    pub unavailable: usize,
    /// How many of them are connected and not to be chosen for [another reason](crate::Reason).
    pub set_aside: usize,
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
    /// Requests that were given to a peer since the chooser was made, those in flight included.
    pub requests: u64,
    /// How they have ended.
    pub outcomes: Outcomes,
    /// How long callers have waited for a peer, in vain or not: those that got one at once are not here.
    /// A wait of [`Direct`](crate::Direct) whose peer is let go before it ends begins anew, and counts as two.
    pub waits: Histogram,
    /// Choices that found no peer.
    pub failures: Failures,
    /// Changes of its peers' connection statuses.
    pub status_changes: StatusChanges,
    /// How often a peer was [ejected](crate::ListOptions::with_eject).
    pub ejections: u64,
    /// Changes of its members.
    pub updates: Updates,
}

/// How often peers of a chooser have changed to a connection status. One that is retained begins as
/// unavailable, which is no change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub struct StatusChanges {
    /// To [`ConnectionStatus::Available`](crate::ConnectionStatus::Available).
    pub available: u64,
    /// To [`ConnectionStatus::Connecting`](crate::ConnectionStatus::Connecting).
    pub connecting: u64,
    /// To [`ConnectionStatus::Unavailable`](crate::ConnectionStatus::Unavailable).
    pub unavailable: u64,
}

/// How often the members of a chooser were updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub struct Updates {
    /// Updates that went well as a whole.
    pub applied: u64,
    /// Updates of which a part failed.
    pub failed: u64,
    /// How long ago the last one was, whether or not it went well; `None` if there was none.
    pub age: Option<Duration>,
}
