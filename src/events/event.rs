//! What happens in a list, for programs.

use std::time::Duration;

use super::level::LogLevel;
use super::source::SourceNews;
use crate::error::{PeerFailure, UpdateError};
use crate::peer::ConnectionStatus;

/// Hears what happens in a list: for logs and metrics.
///
/// Called on the thread that caused the event, with no lock held, so it may call the list. A choice
/// that does not wait reports nothing. A panic in it is swallowed.
///
/// A function is one:
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Event, List, ListOptions, ListUpdates, LogLevel, PeerList};
///
/// let updates = Arc::new(AtomicUsize::new(0));
/// let counter = Arc::clone(&updates);
/// let watch = move |list: &str, event: &Event<'_>| {
///     if let Event::Updated { .. } = event {
///         counter.fetch_add(1, Ordering::Relaxed);
///     }
///     if event.level() <= LogLevel::Info {
///         eprintln!("{list:?}: {event}");
///     }
/// };
/// let options = ListOptions::new().with_observer(Arc::new(watch));
/// let list = PeerList::new(RoundRobin::new(), Always::new(), options);
/// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
/// assert_eq!(updates.load(Ordering::Relaxed), 1);
/// # Ok::<(), peerage::UpdateError>(())
/// ```
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
///
/// Prints as one line of words, whatever the names and messages in it hold.
///
/// ```
/// use peerage::{ConnectionStatus, Event, LogLevel};
///
/// let (from, to) = (ConnectionStatus::Connecting, ConnectionStatus::Available);
/// let event = Event::StatusChanged { peer: "10.0.0.1:80", from, to };
/// assert_eq!(event.to_string(), r#"peer "10.0.0.1:80" is Available, and was Connecting"#);
/// assert_eq!(event.level(), LogLevel::Info);
/// ```
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
    /// A peer is left alone because its requests failed: see
    /// [`ListOptions::with_eject`](crate::ListOptions::with_eject).
    Ejected {
        /// The peer.
        peer: &'a str,
        /// How many failures in a row it took; 1 if it was the probe that failed.
        failures: u16,
        /// How long until it is tried again.
        lasts: Duration,
    },
    /// A peer that was ejected is in full service again: its probe went well, or no other peer was
    /// left.
    Returned {
        /// The peer.
        peer: &'a str,
    },
    /// Fewer peers are available than the list needs not to panic: see [`OnPanic`](crate::OnPanic).
    TooFewAvailable {
        /// How many are.
        available: usize,
        /// Of how many.
        peers: usize,
        /// Below how many percent it panics.
        threshold: u8,
    },
    /// Enough peers are available again.
    EnoughAvailable {
        /// How many are.
        available: usize,
        /// Of how many.
        peers: usize,
    },
    /// Peers of a later tier serve too, because too few of those before it are available: see
    /// [`ListOptions::with_spill`](crate::ListOptions::with_spill).
    SpilledOver {
        /// The last tier of which peers serve.
        tier: u8,
        /// Whether it is one of peers in other zones than the list's.
        elsewhere: bool,
        /// How many peers of the tiers before it are available.
        available: usize,
        /// Of how many.
        peers: usize,
    },
    /// Fewer tiers serve than before: those are enough again.
    SpilledBack {
        /// The last tier that serves.
        tier: u8,
        /// Whether it is one of peers in other zones than the list's.
        elsewhere: bool,
        /// How many peers are available, of this tier and those before it.
        available: usize,
        /// Of how many.
        peers: usize,
    },
    /// Other peers are in the subset that the list uses: see
    /// [`ListOptions::with_subset`](crate::ListOptions::with_subset).
    SubsetChanged {
        /// How many members have got into it.
        joined: usize,
        /// How many were in it, are members still, and are not used any more.
        left: usize,
        /// How many are in it now.
        used: usize,
        /// Of how many members.
        members: usize,
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
    /// The source of an updater was asked, or has answered.
    Source {
        /// Its URI, or what else it is called by.
        source: &'a str,
        /// What it came to.
        news: SourceNews<'a>,
        /// How long ago its last answer was; `None` if there was none.
        age: Option<Duration>,
    },
    /// A callback panicked where no call could return an error: a peer's hook, its status, a policy
    /// that was told of a change. The list has gone on without it.
    Panicked {
        /// Which.
        what: &'a str,
        /// What it said.
        message: &'a str,
    },
}

impl Event<'_> {
    /// How much it matters.
    #[must_use]
    pub fn level(&self) -> LogLevel {
        match self {
            Self::Updated { error: Some(_), .. }
            | Self::TooFewAvailable { .. }
            | Self::ReleaseFailed { .. }
            | Self::Panicked { .. } => LogLevel::Error,
            Self::Updated { error: None, .. }
            | Self::StatusChanged { .. }
            | Self::Ejected { .. }
            | Self::Returned { .. }
            | Self::EnoughAvailable { .. }
            | Self::SpilledOver { .. }
            | Self::SpilledBack { .. }
            | Self::SubsetChanged { .. } => LogLevel::Info,
            Self::Waited { .. } | Self::TimedOut { .. } => LogLevel::Debug,
            Self::Source { news, .. } => news.level(),
        }
    }
}
