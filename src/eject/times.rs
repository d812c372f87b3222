//! How long a peer is left alone.

use std::time::Duration;

/// The first time.
const FIRST: Duration = Duration::from_secs(1);
/// The most, before the tenth that is added or taken.
const MOST: Duration = Duration::from_secs(30);

/// How long the ejection lasts that follows so many others. `random`: 64 random bits.
pub(crate) fn lasts(ejections: u8, random: u64) -> Duration {
    let doubled = FIRST.saturating_mul(1 << ejections.min(5)).min(MOST);
    let tenth = (random >> 32) as f64 / f64::from(u32::MAX) * 0.2 - 0.1;
    doubled.mul_f64(1.0 + tenth)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_time_doubles_to_thirty_seconds_and_varies_by_a_tenth() {
        for (ejections, seconds) in [(0, 1.0), (1, 2.0), (4, 16.0), (5, 30.0), (255, 30.0)] {
            let (least, most) = (lasts(ejections, 0), lasts(ejections, u64::MAX));
            assert!((least.as_secs_f64() - seconds * 0.9).abs() < 1e-6, "{least:?}");
            assert!((most.as_secs_f64() - seconds * 1.1).abs() < 1e-6, "{most:?}");
        }
    }
}
