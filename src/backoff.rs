//! Pauses after failures: they double, and are drawn from nothing to that.
//!
//! "Full jitter" of M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): of the
//! rules measured there it takes the fewest calls until all clients are through.

use std::time::Duration;

use crate::rng::Rng;

/// Longer than any pause should be: what is longer is forever by mistake.
const DAY: Duration = Duration::from_secs(86_400);

pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    limit: Duration,
    rng: Rng,
}

impl Backoff {
    pub(crate) fn new(first: Duration, most: Duration) -> Self {
        let first = first.min(DAY);
        let most = most.clamp(first, DAY);
        Self { first, most, limit: first, rng: Rng::unseeded() }
    }

    /// The pause after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.limit.mul_f64(self.rng.part());
        self.limit = self.limit.saturating_mul(2).min(self.most);
        pause
    }

    /// The next failure is the first one again.
    pub(crate) fn reset(&mut self) {
        self.limit = self.first;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_limit_and_begin_again() {
        let of = |n: u32| Duration::from_millis(100 * u64::from(n));
        let mut backoff = Backoff { rng: Rng::seeded(1), ..Backoff::new(of(1), of(10)) };
        for _ in 0..2 {
            let pauses: Vec<_> = (0..1_000).map(|_| backoff.next()).collect();
            for (n, pause) in pauses.iter().enumerate() {
                assert!(*pause <= of(1 << n.min(4)).min(of(10)), "{n}");
            }
            assert!(
                pauses.iter().any(|pause| *pause > of(9))
                    && pauses.iter().any(|pause| *pause < of(1))
            );
            backoff.reset();
        }
        let mut endless = Backoff::new(Duration::MAX, Duration::ZERO);
        assert!(endless.next() > Duration::ZERO);
    }
}
