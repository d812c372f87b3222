//! Requests by how they ended.

use crate::outcome::Outcome;

/// How many requests have ended so, since the chooser was made or the peer was retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub struct Outcomes {
    /// [`Outcome::Success`].
    pub success: u64,
    /// [`Outcome::Failure`].
    pub failure: u64,
    /// [`Outcome::Overloaded`].
    pub overloaded: u64,
    /// [`Outcome::Cancelled`].
    pub cancelled: u64,
    /// [`Outcome::NotSent`].
    pub not_sent: u64,
    /// [`Outcome::Abandoned`].
    pub abandoned: u64,
}

impl Outcomes {
    /// How many have ended, whichever way.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.iter().map(|(_, count)| count).sum()
    }

    /// How many have ended so.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Success => self.success,
            Outcome::Failure => self.failure,
            Outcome::Overloaded => self.overloaded,
            Outcome::Cancelled => self.cancelled,
            Outcome::NotSent => self.not_sent,
            Outcome::Abandoned => self.abandoned,
        }
    }

    /// All of them, in the order of [`Outcome`].
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, u64)> + use<> {
        let all = *self;
        Outcome::ALL.iter().copied().map(move |outcome| (outcome, all.of(outcome)))
    }
}
