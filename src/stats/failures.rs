//! Choices that found no peer, by reason.

use crate::error::ChooseErrorKind;

/// How many choices have failed for this reason: what [`ChooseErrorKind`] says of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Failures {
    counts: [u64; REASONS.len()],
}

/// In the order of [`place`].
const REASONS: [&str; 10] = [
    "no-peer",
    "fail-fast",
    "timed-out",
    "queue-full",
    "cancelled",
    "stopped",
    "not-running",
    "not-retained",
    "policy-panicked",
    "invalid-request",
];

/// Where the count of a reason is.
pub(crate) fn place(kind: ChooseErrorKind) -> usize {
    match kind {
        ChooseErrorKind::NoPeer => 0,
        ChooseErrorKind::FailFast => 1,
        ChooseErrorKind::TimedOut(_) => 2,
        ChooseErrorKind::QueueFull(_) => 3,
        ChooseErrorKind::Cancelled => 4,
        ChooseErrorKind::Stopped => 5,
        ChooseErrorKind::NotRunning(_) => 6,
        ChooseErrorKind::NotRetained => 7,
        ChooseErrorKind::PolicyPanicked => 8,
        ChooseErrorKind::InvalidRequest(_) => 9,
    }
}

impl Failures {
    /// How many reasons there are.
    pub(crate) const REASONS: usize = REASONS.len();

    pub(crate) fn new(counts: [u64; REASONS.len()]) -> Self {
        Self { counts }
    }

    /// How many there were, whatever the reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many there were for this reason, whatever else the kind says.
    #[must_use]
    pub fn of(&self, kind: ChooseErrorKind) -> u64 {
        self.counts[place(kind)]
    }

    /// Each reason, in lower case with hyphens, and how many there were.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        REASONS.into_iter().zip(self.counts)
    }
}
