//! Pauses when watches end as soon as they begin.
//!
//! The loop that asks a source counts the failures between two answers, and here there is an answer in
//! between: a range that succeeds, before a watch that fails once more. So a gateway that answers but does
//! not watch (some proxies cut streams) would be asked ten times a second by each of its clients.

use std::time::{Duration, Instant};

use crate::rng::Rng;

/// A watch that lasts this long is of use.
const USEFUL: Duration = Duration::from_secs(10);

pub(super) struct Restarts {
    first: Duration,
    most: Duration,
    limit: Duration,
    begun: Instant,
    rng: Rng,
}

impl Restarts {
    pub(super) fn new(first: Duration, most: Duration) -> Self {
        let most = most.max(first);
        Self { first, most, limit: Duration::ZERO, begun: Instant::now(), rng: Rng::unseeded() }
    }

    /// There has been an answer: a watch begins.
    pub(super) fn begun(&mut self) {
        self.begun = Instant::now();
    }

    /// The watch has ended.
    pub(super) fn ended(&mut self) {
        self.ended_after(self.begun.elapsed());
    }

    fn ended_after(&mut self, time: Duration) {
        let longer = self.limit.saturating_mul(2).max(self.first).min(self.most);
        self.limit = if time < USEFUL { longer } else { Duration::ZERO };
    }

    /// How long to wait before all begins again.
    pub(super) fn pause(&self) -> Duration {
        // From half of it on, so that it is a pause, and not the same one for all clients.
        let part = 500 + self.rng.below(501) as u32;
        self.limit.saturating_mul(part) / 1000
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_until_a_watch_lasts() {
        let ms = Duration::from_millis;
        let mut restarts = Restarts::new(ms(100), ms(350));
        assert_eq!(restarts.pause(), Duration::ZERO);
        for limit in [100, 200, 350, 350] {
            restarts.ended_after(ms(5));
            let pauses: Vec<_> = (0..100).map(|_| restarts.pause()).collect();
            assert!(pauses.iter().all(|pause| (ms(limit) / 2..=ms(limit)).contains(pause)));
            assert!(pauses.iter().any(|pause| *pause != pauses[0]));
        }
        restarts.ended_after(USEFUL);
        assert_eq!(restarts.pause(), Duration::ZERO);
        let longest = Restarts { limit: Duration::MAX, ..Restarts::new(Duration::MAX, ms(1)) };
        assert!(longest.pause() > Duration::ZERO, "and no panic");
    }
}
