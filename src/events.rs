//! What a list tells about itself while it works: events for programs, each of which is also a line
//! for people, with a level.

use std::fmt;
use std::time::Duration;

use crate::error::{PeerFailure, UpdateError, Waited};
use crate::line::Line;
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

/// How much a line matters, from the most to the least: a log of one level has those before it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum LogLevel {
    /// Something failed. No call may have returned it.
    Error = 1,
    /// Members and their status have changed.
    Info = 2,
    /// A caller waited.
    Debug = 3,
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

/// What asking a source for its peers came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceNews<'a> {
    /// It is asked.
    Attempt,
    /// It has answered with so many peers.
    Success {
        /// How many.
        peers: usize,
    },
    /// The answer differs from what there was, and the list has been told.
    Changed {
        /// Peers that are new, or of which something else is known now.
        additions: usize,
        /// Peers that are gone.
        removals: usize,
        /// How many there are now.
        peers: usize,
    },
    /// It has answered with no peers at all: the ones there are have been kept.
    Empty {
        /// How many were kept.
        kept: usize,
    },
    /// There was no answer: the peers there are have been kept.
    Failure {
        /// Why.
        error: &'a str,
        /// How long until it is asked again.
        again: Duration,
        /// How many were kept.
        kept: usize,
    },
    /// Part of an answer could not be read: the rest of it applies.
    Unreadable {
        /// Where it is, what is there and what would be right.
        fault: &'a str,
    },
    /// The source has not answered yet, and the peers of the snapshot file are used.
    Snapshot {
        /// The file.
        path: &'a str,
        /// How many there are.
        peers: usize,
    },
}

impl SourceNews<'_> {
    fn level(&self) -> LogLevel {
        match self {
            Self::Failure { .. } | Self::Empty { .. } | Self::Unreadable { .. } => LogLevel::Error,
            Self::Changed { .. } | Self::Snapshot { .. } => LogLevel::Info,
            Self::Attempt | Self::Success { .. } => LogLevel::Debug,
        }
    }
}

impl fmt::Display for SourceNews<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Attempt => f.write_str("is asked for its peers"),
            Self::Success { peers } => write!(f, "has {}", Count(peers, "peer")),
            Self::Changed { additions, removals, peers } => {
                write!(f, "has {} now: ", Count(peers, "peer"))?;
                write!(f, "{}, {}", Count(additions, "addition"), Count(removals, "removal"))
            }
            Self::Empty { kept } => {
                write!(f, "has no peers at all: {} kept", Count(kept, "peer"))
            }
            Self::Failure { error, again, kept } => {
                let again = again.as_secs_f64();
                write!(f, "did not answer: {}; {} kept, ", Line(error), Count(kept, "peer"))?;
                write!(f, "asked again in {again:.1}s")
            }
            Self::Unreadable { fault } => write!(f, "has what is no peer: {}", Line(fault)),
            Self::Snapshot { path, peers } => {
                write!(f, "is not there yet: {} of {path:?}", Count(peers, "peer"))
            }
        }
    }
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
            | Self::EnoughAvailable { .. } => LogLevel::Info,
            Self::Waited { .. } | Self::TimedOut { .. } => LogLevel::Debug,
            Self::Source { news, .. } => news.level(),
        }
    }
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Updated { additions, removals, error } => {
                write!(f, "updated: {}, ", Count(additions, "addition"))?;
                write!(f, "{}", Count(removals, "removal"))?;
                error.map_or(Ok(()), |error| write!(f, "; {}", Line(&error.to_string())))
            }
            Self::StatusChanged { peer, from, to } => {
                write!(f, "peer {peer:?} is {to}, and was {from}")
            }
            Self::Ejected { peer, failures, lasts } => {
                let seconds = lasts.as_secs_f64();
                write!(
                    f,
                    "peer {peer:?} is ejected for {seconds:.1}s after {}",
                    Count(failures.into(), "failure")
                )
            }
            Self::Returned { peer } => write!(f, "peer {peer:?} is in service again"),
            Self::TooFewAvailable { available, peers, threshold } => {
                write!(
                    f,
                    "{available} of {} available: fewer than {threshold}%",
                    Count(peers, "peer")
                )
            }
            Self::EnoughAvailable { available, peers } => {
                write!(f, "{available} of {} available: enough again", Count(peers, "peer"))
            }
            Self::Waited { waited } => write!(f, "a choice {} and got a peer", Waited(waited)),
            Self::TimedOut { waited } => write!(f, "a choice {} and got no peer", Waited(waited)),
            Self::ReleaseFailed { failure } => write!(f, "{}", Line(&failure.to_string())),
            Self::Source { source, news, age } => {
                write!(f, "source {source:?} {news}")?;
                match (news, age) {
                    (SourceNews::Failure { .. } | SourceNews::Empty { .. }, Some(age)) => {
                        write!(f, "; its last answer is {:.1}s old", age.as_secs_f64())
                    }
                    _ => Ok(()),
                }
            }
            Self::Panicked { what, message } => {
                write!(f, "{} panicked: {}", Line(what), Line(message))
            }
        }
    }
}

/// So many things: `1 removal`, `2 removals`.
struct Count(usize, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, thing) = *self;
        write!(f, "{count} {thing}{}", if count == 1 { "" } else { "s" })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::error::PeerFailureKind;

    /// A name or message that would be three lines, and end early in C.
    const HOSTILE: &str = "a\nb\r\0\u{202e}\u{1b}[2J";

    fn failure(kind: PeerFailureKind) -> PeerFailure {
        PeerFailure { peer: HOSTILE.into(), kind }
    }

    fn error() -> std::sync::Arc<dyn std::error::Error + Send + Sync> {
        let error: Box<dyn std::error::Error + Send + Sync> =
            format!("no route:\n{HOSTILE}").into();
        error.into()
    }

    #[test]
    fn each_event_is_a_line_of_words() {
        let failures = vec![
            failure(PeerFailureKind::Retain(error())),
            PeerFailure { peer: "c:1".into(), kind: PeerFailureKind::AlreadyInList },
        ];
        let failed = UpdateError::check(failures).unwrap_err();
        let release = failure(PeerFailureKind::Release(error()));
        let escaped = r"a\nb\r\0\u{202e}\u{1b}[2J";
        let waited = Duration::from_nanos(12_345_678);
        let (from, to) = (ConnectionStatus::Available, ConnectionStatus::Unavailable);
        for (event, level, line) in [
            (
                Event::Updated { additions: 2, removals: 1, error: None },
                LogLevel::Info,
                "updated: 2 additions, 1 removal".to_owned(),
            ),
            (
                Event::Updated { additions: 1, removals: 0, error: Some(&failed) },
                LogLevel::Error,
                format!(
                    "updated: 1 addition, 0 removals; can't retain peer \"{escaped}\": no \
                     route:\\n{escaped}; can't add peer \"c:1\" because is already in peerlist"
                ),
            ),
            (
                Event::StatusChanged { peer: HOSTILE, from, to },
                LogLevel::Info,
                format!("peer \"{escaped}\" is Unavailable, and was Available"),
            ),
            (
                Event::Ejected { peer: HOSTILE, failures: 5, lasts: Duration::from_millis(1_049) },
                LogLevel::Info,
                format!("peer \"{escaped}\" is ejected for 1.0s after 5 failures"),
            ),
            (
                Event::Returned { peer: "a" },
                LogLevel::Info,
                "peer \"a\" is in service again".to_owned(),
            ),
            (
                Event::TooFewAvailable { available: 1, peers: 3, threshold: 50 },
                LogLevel::Error,
                "1 of 3 peers available: fewer than 50%".to_owned(),
            ),
            (
                Event::EnoughAvailable { available: 2, peers: 3 },
                LogLevel::Info,
                "2 of 3 peers available: enough again".to_owned(),
            ),
            (
                Event::Waited { waited },
                LogLevel::Debug,
                "a choice waited 12.345ms and got a peer".to_owned(),
            ),
            (
                Event::TimedOut { waited },
                LogLevel::Debug,
                "a choice waited 12.345ms and got no peer".to_owned(),
            ),
            (
                Event::ReleaseFailed { failure: &release },
                LogLevel::Error,
                format!("can't release peer \"{escaped}\": no route:\\n{escaped}"),
            ),
            (
                Event::Panicked { what: "status", message: HOSTILE },
                LogLevel::Error,
                format!("status panicked: {escaped}"),
            ),
            (
                Event::Source {
                    source: HOSTILE,
                    news: SourceNews::Changed { additions: 1, removals: 0, peers: 7 },
                    age: Some(Duration::ZERO),
                },
                LogLevel::Info,
                format!("source \"{escaped}\" has 7 peers now: 1 addition, 0 removals"),
            ),
            (
                Event::Source {
                    source: "dns:a:80",
                    news: SourceNews::Failure {
                        error: HOSTILE,
                        again: Duration::from_millis(1_500),
                        kept: 1,
                    },
                    age: Some(Duration::from_secs(90)),
                },
                LogLevel::Error,
                format!(
                    "source \"dns:a:80\" did not answer: {escaped}; 1 peer kept, asked again in \
                     1.5s; its last answer is 90.0s old"
                ),
            ),
        ] {
            assert_eq!((event.level(), event.to_string()), (level, line));
        }
    }
}
