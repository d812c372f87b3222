//! Why a server has not answered a question.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use domain::base::iana::{OptRcode, Rcode};

/// Why one server has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It answers with an error.
    Code(OptRcode),
    /// It does not answer within this time.
    Silent(Duration),
    /// A socket says this.
    Socket(String),
    /// Its answer is none that can be read.
    Malformed,
    /// It knows nothing of the name, and does not ask others that do.
    Lame,
    /// The name is an alias of this one, of which nothing is said.
    Alias(String),
    /// The name is an alias of itself, or at the end of too long a chain.
    Aliases,
    /// Its answer is longer than a message can be.
    Truncated,
}

impl Failure {
    pub(super) fn of_socket(error: &io::Error) -> Self {
        Self::Socket(error.to_string())
    }

    /// Whether this is an answer about the name, which no other server is asked for.
    pub(super) fn is_final(&self) -> bool {
        *self == Self::Code(Rcode::NXDOMAIN.into())
    }

    /// Whether the same server may answer if it is asked once more.
    fn is_loss(&self) -> bool {
        matches!(self, Self::Silent(_))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Silent(time) => write!(f, "no answer within {time:?}"),
            Self::Socket(error) => f.write_str(error),
            Self::Malformed => f.write_str("the answer cannot be read"),
            Self::Lame => f.write_str("the server knows nothing of it and asks no others"),
            Self::Alias(name) => write!(f, "an alias of {name}, of which nothing is said"),
            Self::Aliases => f.write_str("aliases without an end"),
            Self::Truncated => f.write_str("truncated, by TCP too"),
        }
    }
}

/// Why a question has no answer: what each server that was asked said last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unanswered(pub(super) Vec<(SocketAddr, Failure)>);

impl Unanswered {
    /// Notes what `server` says now.
    pub(super) fn note(&mut self, server: SocketAddr, failure: Failure) {
        match self.0.iter_mut().find(|(address, _)| *address == server) {
            Some((_, before)) => *before = failure,
            None => self.0.push((server, failure)),
        }
    }

    /// Whether it is of use to ask `server`: it was not asked, or the question may have been lost.
    pub(super) fn may_ask(&self, server: SocketAddr) -> bool {
        let said = self.0.iter().find(|(address, _)| *address == server);
        said.is_none_or(|(_, failure)| failure.is_loss())
    }

    /// Whether the name does not exist.
    pub(super) fn is_nothing(&self) -> bool {
        self.0.iter().any(|(_, failure)| failure.is_final())
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for (server, failure) in &self.0 {
            write!(f, "{between}{failure} ({server})")?;
            between = ", ";
        }
        Ok(())
    }
}
