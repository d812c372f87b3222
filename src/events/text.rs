//! Events as lines for people.

use std::fmt;

use super::count::Count;
use super::event::Event;
use super::source::SourceNews;
use crate::error::Waited;
use crate::line::Line;

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
            Self::SpilledOver { tier, elsewhere, available, peers } => {
                let before = Count(peers, "peer");
                write!(
                    f,
                    "{} serves too: {available} of {before} before it available",
                    Tier(tier, elsewhere)
                )
            }
            Self::SpilledBack { tier, elsewhere, available, peers } => {
                let served = Count(peers, "peer");
                write!(
                    f,
                    "{} is the last to serve: {available} of {served} available",
                    Tier(tier, elsewhere)
                )
            }
            Self::SubsetChanged { joined, left, used, members } => {
                let members = Count(members, "member");
                write!(f, "{used} of {members} in the subset: {joined} joined, {left} left")
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

/// A tier, and whether it is one of other zones.
struct Tier(u8, bool);

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tier {}{}", self.0, if self.1 { " of other zones" } else { "" })
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::{PeerFailure, PeerFailureKind, UpdateError};
    use crate::events::LogLevel;
    use crate::peer::ConnectionStatus;

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
                Event::SpilledOver { tier: 1, elsewhere: false, available: 1, peers: 4 },
                LogLevel::Info,
                "tier 1 serves too: 1 of 4 peers before it available".to_owned(),
            ),
            (
                Event::SpilledBack { tier: 0, elsewhere: true, available: 1, peers: 1 },
                LogLevel::Info,
                "tier 0 of other zones is the last to serve: 1 of 1 peer available".to_owned(),
            ),
            (
                Event::SubsetChanged { joined: 1, left: 0, used: 20, members: 100 },
                LogLevel::Info,
                "20 of 100 members in the subset: 1 joined, 0 left".to_owned(),
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
