//! What comes of asking a source for its peers, for programs and as a line.

use std::fmt;
use std::time::Duration;

use super::count::Count;
use super::level::LogLevel;
use crate::line::Line;

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
    pub(super) fn level(&self) -> LogLevel {
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
