//! A clock that goes as a test says.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use peerage::Clock;

/// Stands until it is set.
#[derive(Debug, Default)]
pub(crate) struct Hand(AtomicU64);

impl Hand {
    /// So many milliseconds.
    pub(crate) fn pass(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Hand {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}
