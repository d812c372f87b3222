//! How long something took, by how often.

use std::time::Duration;

/// How many upper bounds there are.
const BOUNDS: usize = 13;

/// How long waits have taken. The bounds are those of a Prometheus histogram's usual buckets, from a
/// millisecond to ten seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Histogram {
    /// How many took at most as long as the bound of this place, and longer than that before it. The last
    /// one is of those that took longer than every bound.
    pub counts: [u64; BOUNDS + 1],
    /// All of them together.
    pub sum: Duration,
}

impl Histogram {
    /// The upper bounds, in ascending order.
    pub const BOUNDS: [Duration; BOUNDS] = [
        Duration::from_millis(1),
        Duration::from_micros(2_500),
        Duration::from_millis(5),
        Duration::from_millis(10),
        Duration::from_millis(25),
        Duration::from_millis(50),
        Duration::from_millis(100),
        Duration::from_millis(250),
        Duration::from_millis(500),
        Duration::from_secs(1),
        Duration::from_millis(2_500),
        Duration::from_secs(5),
        Duration::from_secs(10),
    ];

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The place of one that took so long.
    #[must_use]
    pub fn bucket(took: Duration) -> usize {
        Self::BOUNDS.partition_point(|bound| *bound < took)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_in_its_own_bucket() {
        let nano = Duration::from_nanos(1);
        assert_eq!(Histogram::bucket(Duration::ZERO), 0);
        for (place, bound) in Histogram::BOUNDS.into_iter().enumerate() {
            assert_eq!(Histogram::bucket(bound), place);
            assert_eq!(Histogram::bucket(bound + nano), place + 1);
        }
        assert_eq!(Histogram::bucket(Duration::MAX), Histogram::default().counts.len() - 1);
    }

    #[test]
    fn bounds_ascend() {
        assert!(Histogram::BOUNDS.is_sorted());
    }
}
