//! What a list tells about itself while it works.

use std::time::Duration;

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
/// use peerage::{Event, List, ListOptions, ListUpdates, PeerList};
///
/// let updates = Arc::new(AtomicUsize::new(0));
/// let counter = Arc::clone(&updates);
/// let count = move |_list: &str, event: &Event<'_>| {
///     if let Event::Updated { .. } = event {
///         counter.fetch_add(1, Ordering::Relaxed);
///     }
/// };
/// let options = ListOptions::new().with_observer(Arc::new(count));
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
/// ```
/// use peerage::Event;
///
/// /// One line for a log, of what someone should look at.
/// fn line(list: &str, event: &Event<'_>) -> Option<String> {
///     match event {
///         Event::Updated { error: Some(error), .. } => Some(format!("{list:?}: {error}")),
///         Event::ReleaseFailed { failure } => Some(format!("{list:?}: {failure}")),
///         Event::Panicked { what, message } => Some(format!("{list:?}: {what}: {message:?}")),
///         _ => None,
///     }
/// }
///
/// let event = Event::Panicked { what: "status", message: "no socket" };
/// assert_eq!(line("users", &event).unwrap(), "\"users\": status: \"no socket\"");
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
