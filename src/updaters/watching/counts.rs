//! What is counted of a source while it is asked.

use std::time::{Duration, Instant};

use crate::stats::SourceStatus;

#[derive(Default)]
pub(super) struct Counts {
    pub(super) status: SourceStatus,
    pub(super) answered: Option<Instant>,
}

impl Counts {
    pub(super) fn age(&self) -> Option<Duration> {
        self.answered.map(|answered| answered.elapsed())
    }
}
