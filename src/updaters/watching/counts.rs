//! What is counted of a source while it is asked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::stats::SourceStatus;
use crate::sync::Mutex;

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

/// The same with the name of the source, for those that must not keep its list alive.
pub(crate) struct SourceCounts {
    pub(super) name: String,
    pub(super) counts: Arc<Mutex<Counts>>,
}

impl SourceCounts {
    /// How the source has been, with the peers that the list had by it when it was last told of them.
    pub(crate) fn status(&self) -> SourceStatus {
        let counts = self.counts.lock();
        let source = self.name.clone();
        SourceStatus { source, age: counts.age(), ..counts.status.clone() }
    }
}
