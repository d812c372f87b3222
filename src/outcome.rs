//! How a request ended.

use std::fmt;
use std::time::Duration;

/// How a request ended, as the one who sent it sees it.
///
/// # When does a request end?
///
/// When the peer has nothing more to do for it: for a unary call, when the response has arrived or
/// the call was given up; for a stream, when the stream is closed. Until then it counts as pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// The peer answered.
    Success = 0,
    /// The peer failed: no connection, a broken one, an error that is its fault, no answer in time.
    Failure = 1,
    /// The peer refused because it has too much to do.
    Overloaded = 2,
    /// The caller gave up. Says nothing about the peer.
    Cancelled = 3,
    /// The request was never sent. Says nothing about the peer.
    NotSent = 4,
    /// The pick was dropped without [`finish`](crate::Pick::finish).
    Abandoned = 5,
}

impl Outcome {
    /// All of them, in the order of their numbers.
    pub const ALL: &'static [Self] = &[
        Self::Success,
        Self::Failure,
        Self::Overloaded,
        Self::Cancelled,
        Self::NotSent,
        Self::Abandoned,
    ];

    /// Its name in lower case with hyphens, as metrics have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Overloaded => "overloaded",
            Self::Cancelled => "cancelled",
            Self::NotSent => "not-sent",
            Self::Abandoned => "abandoned",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// How a request ended, and how long it took: what [`Pick::finish`](crate::Pick::finish) takes.
///
/// ```
/// use std::time::Duration;
/// use peerage::{Finish, Outcome};
///
/// let plain = Finish::from(Outcome::Success);
/// assert_eq!(plain.latency, None);
///
/// let timed = Finish::new(Outcome::Success).with_latency(Duration::from_millis(3));
/// assert_eq!(timed.latency, Some(Duration::from_millis(3)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Finish {
    /// How it ended.
    pub outcome: Outcome,
    /// From the choice, or from when the request was sent, to its end. `None`: the caller does not
    /// say. It is then measured, but only if the policy
    /// [asked for latencies](crate::policy::Watch::latency): otherwise no clock is read.
    pub latency: Option<Duration>,
    /// How many requests the peer had in flight when it answered, its own count and of all clients,
    /// if its answers say so. `None`: they do not. Policies that learn from it:
    /// [`least-reported`](crate::policy::PolicySpec).
    pub in_flight: Option<u32>,
}

impl Finish {
    /// A request that ended so, of a latency that the caller does not say.
    #[must_use]
    #[inline]
    pub const fn new(outcome: Outcome) -> Self {
        Self { outcome, latency: None, in_flight: None }
    }

    /// The same with its latency.
    #[must_use]
    #[inline]
    pub const fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// The same with what the peer says of its requests in flight.
    #[must_use]
    #[inline]
    pub const fn with_in_flight(mut self, in_flight: u32) -> Self {
        self.in_flight = Some(in_flight);
        self
    }
}

impl From<Outcome> for Finish {
    #[inline]
    fn from(outcome: Outcome) -> Self {
        Self::new(outcome)
    }
}
