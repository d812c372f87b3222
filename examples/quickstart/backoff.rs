//! How long to wait before the next attempt to connect.
//!
//! The limit doubles from attempt to attempt, and the wait is drawn anywhere between zero and the
//! limit ("full jitter"): clients that lost a server at the same moment do not all come back at the
//! same moment.

use std::time::Duration;

use peerage::policy::Rng;

const FIRST: Duration = Duration::from_millis(10);
const LAST: Duration = Duration::from_secs(1);

pub(crate) struct Backoff {
    limit: Duration,
    rng: Rng,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { limit: FIRST, rng: Rng::unseeded() }
    }

    /// The wait before the next attempt.
    pub(crate) fn next(&mut self) -> Duration {
        let micros = self.limit.as_micros() as usize;
        self.limit = (self.limit * 2).min(LAST);
        Duration::from_micros(self.rng.below(micros + 1) as u64)
    }

    /// The peer has been of use: its next failure is the first of a new series.
    pub(crate) fn reset(&mut self) {
        self.limit = FIRST;
    }
}
