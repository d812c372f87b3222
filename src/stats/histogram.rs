//! How long something took, by how often.

use std::time::Duration;

/// How long waits have taken. The bounds are those of a Prometheus histogram's usual buckets, from a
/// millisecond to ten seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Histogram {
    pub(crate) counts: [u64; Self::BOUNDS.len() + 1],
    /// All of them together.
    pub sum: Duration,
}

impl Histogram {
    /// The upper bounds, in ascending order.
    pub const BOUNDS: &'static [Duration] = &[
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

    /// How many took at most as long as the [bound](Self::BOUNDS) of this place, and longer than that before
    /// it. One more than there are bounds: the last is of those that took longer than all.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

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
        for (place, bound) in Histogram::BOUNDS.iter().copied().enumerate() {
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
