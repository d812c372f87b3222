//! Where a peer that is new comes in an order.
//!
//! If newcomers came first, or all clients had their peers in the same order, many clients would
//! send their next request to the same peer: to one that has just been started, when it is least
//! able to bear it. So a newcomer takes a random place, by itself and in each client anew, whatever
//! the order in which peers are added and connect. Then the peer that is next is any of them with the
//! same probability: if that holds for the others, and the newcomer comes before them all once in
//! as many times as there are peers, it holds for all.
//!
//! # Many at once
//!
//! Peers that come one after the other lie one after the other in memory. If thousands of them were
//! served in a random order, each choice would wait for memory that the processor has not fetched
//! ahead: twice as long for 10,000 peers. So beyond a few hundred, peers that come together stay
//! together: each follows the one before it, but for one in as many as there are peers, which
//! comes first, and is followed by the next. That makes a few long runs, of which each client
//! begins with another peer.

use crate::rng::Rng;

/// Up to so many others, each newcomer is placed by itself: their slots fill half of the smallest
/// first-level caches there are.
const FEW: usize = 256;

/// Where newcomers come.
#[derive(Debug)]
pub(crate) enum Newcomers {
    /// At a random place.
    Anywhere(Rng),
    /// After all others: in order of arrival.
    Last,
}

/// The place of one newcomer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After so many of the others.
    After(usize),
    /// Before all others, and newcomers that follow come behind it.
    First,
    /// Behind the newcomer before it.
    Follow,
}

impl Default for Newcomers {
    fn default() -> Self {
        Self::Anywhere(Rng::unseeded())
    }
}

impl Newcomers {
    /// The place of a newcomer among so many others. `together`: the last one came just before it, so
    /// that it may follow that one.
    pub(super) fn place(&self, others: usize, together: bool) -> Place {
        let Self::Anywhere(rng) = self else { return Place::After(others) };
        match rng.below(others + 1) {
            after if others < FEW || !together => Place::After(after),
            0 => Place::First,
            _ => Place::Follow,
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
        for n in 0..10_000 {
            match newcomers.place(4, n % 2 == 0) {
                Place::After(others) => counts[others] += 1,
                other => panic!("{other:?} of four"),
            }
        }
        // Six standard deviations of a binomial: 6 × √(10,000 × 0.2 × 0.8) = 240.
        assert!(counts.iter().all(|&n| n.abs_diff(2_000) < 240), "{counts:?}");
        assert_eq!(Newcomers::Last.place(4, false), Place::After(4));
    }

    #[test]
    fn many_that_come_together_follow_each_other() {
        let newcomers = Newcomers::Anywhere(Rng::seeded(1));
        let first = (0..100_000).filter(|_| match newcomers.place(FEW, true) {
            Place::First => true,
            Place::Follow => false,
            Place::After(_) => panic!("by itself"),
        });
        // 389 of 100,000, and six standard deviations: 6 × √(100,000 / 257) = 118.
        let first = first.count();
        assert!(first.abs_diff(389) < 118, "{first}");
        assert!(matches!(newcomers.place(FEW, false), Place::After(_)));
        assert!(matches!(newcomers.place(FEW - 1, true), Place::After(_)));
        assert_eq!(Newcomers::Last.place(FEW, true), Place::After(FEW));
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
