//! What a server says of itself with its answers.

use crate::simulator::time::{SECOND, Time};

/// Its last second. Weighted round-robin by reports looks at it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meter {
    since: Time,
    done: f64,
    busy: f64,
    /// Nanoseconds of work of the last request.
    pub(super) service: f64,
    /// Requests per second, and the busy share of its workers.
    pub(super) rate: f64,
    pub(super) utilisation: f64,
}

impl Meter {
    /// It has done a request, which took it so many nanoseconds.
    pub(super) fn count(&mut self, now: Time, took: f64, workers: usize) {
        self.done += 1.0;
        self.busy += took;
        self.service = took;
        let passed = (now - self.since) as f64;
        if passed > SECOND as f64 {
            self.rate = self.done / passed * SECOND as f64;
            self.utilisation = (self.busy / passed / workers as f64).min(1.0);
            (self.done, self.busy, self.since) = (0.0, 0.0, now);
        }
    }
}
