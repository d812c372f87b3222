//! Where a peer that is new comes in an order.
//!
//! If newcomers came first, or all clients had their peers in the same order, many clients would
//! send their next request to the same peer: to one that has just been started, when it is least
//! able to bear it. So a newcomer takes a random place, by itself and in each client anew, whatever
//! the order in which peers are added and connect. Then the peer that is next is any of them with the
//! same probability: if that holds for the others, and the newcomer comes before them all once in
//! as many times as there are peers, it holds for all.

use crate::rng::Rng;

/// Where newcomers come.
#[derive(Debug)]
pub(crate) enum Newcomers {
    /// At a random place.
    Anywhere(Rng),
    /// After all others: in order of arrival.
    Last,
}

impl Default for Newcomers {
    fn default() -> Self {
        Self::Anywhere(Rng::unseeded())
    }
}

impl Newcomers {
    /// Before how many of the `others` a newcomer does not come: from 0, before all, to `others`,
    /// after all.
    pub(super) fn place(&self, others: usize) -> usize {
        match self {
            Self::Anywhere(rng) => rng.below(others + 1),
            Self::Last => others,
        }
    }

    /// A random number above `low` and up to `high`, which must be greater. `high` if newcomers come
    /// last.
    pub(super) fn between(&self, low: u64, high: u64) -> u64 {
        match self {
            Self::Anywhere(rng) => {
                // Lemire's scaling to the range, as in `rng::scale`, of 64 bits.
                let scaled = (u128::from(rng.next()) * u128::from(high - low)) >> 64;
                low + 1 + scaled as u64
            }
            Self::Last => high,
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_as_likely() {
        let newcomers = Newcomers::Anywhere(Rng::seeded(1));
        let mut counts = [0_u32; 5];
        for _ in 0..10_000 {
            counts[newcomers.place(4)] += 1;
        }
        // Six standard deviations of a binomial: 6 × √(10,000 × 0.2 × 0.8) = 240.
        assert!(counts.iter().all(|&n| n.abs_diff(2_000) < 240), "{counts:?}");
        assert_eq!(Newcomers::Last.place(4), 4);
    }

    #[test]
    fn numbers_between_are_within_their_bounds() {
        let newcomers = Newcomers::Anywhere(Rng::seeded(1));
        let drawn: Vec<_> = (0..1_000).map(|_| newcomers.between(7, 10)).collect();
        assert_eq!(drawn.iter().min(), Some(&8));
        assert_eq!(drawn.iter().max(), Some(&10));
        assert!((0..100).all(|_| newcomers.between(u64::MAX - 1, u64::MAX) == u64::MAX));
        assert_eq!(Newcomers::Last.between(7, 10), 10);
    }
}
