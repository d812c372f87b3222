//! The clock that the simulation sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::simulator::time::Time;

/// Virtual time, for lists that read a clock.
#[derive(Debug, Default)]
pub(crate) struct VirtualClock(AtomicU64);

impl VirtualClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn set(&self, now: Time) {
        // Relaxed: a run is one thread.
        self.0.store(now, Ordering::Relaxed);
    }
}

impl peerage::Clock for VirtualClock {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}
