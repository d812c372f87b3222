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
//! ahead: twice as long for 10,000 peers. So beyond a few dozen, peers that come together stay
//! together: each follows the one before it, but for one in as many as there are peers, which
//! comes first, and is followed by the next. That makes a few long runs, of which each client
//! begins with another peer.

use crate::rng::Rng;

/// Up to so many others, each newcomer is placed by itself: what a choice reads of so many fits into
/// the first-level cache, in any order.
const FEW: usize = 64;

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
    /// After all others.
    Last,
    /// Before all others, and newcomers that follow come behind it.
    First,
    /// Behind the newcomer before it.
    Follow,
}

/// A random part of a whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fraction(u64);

impl Default for Newcomers {
    fn default() -> Self {
        Self::Anywhere(Rng::unseeded())
    }
}

impl Newcomers {
    /// The place of a newcomer among so many others. `together`: the last one came just before it, so
    /// that it may follow that one. And a random fraction that does not depend on the place.
    pub(super) fn place(&self, others: usize, together: bool) -> (Place, Fraction) {
        let Self::Anywhere(rng) = self else { return (Place::Last, Fraction(0)) };
        // One number for both (Lemire's scaling, as in `rng::scale`): the upper half of the product
        // is the place, and the lower half is where between two places the number was.
        let product = u128::from(rng.next()) * u128::from(others as u64 + 1);
        let place = match (product >> 64) as usize {
            after if others < FEW || !together => Place::After(after),
            0 => Place::First,
            _ => Place::Follow,
        };
        (place, Fraction(product as u64))
    }
}

impl Fraction {
    /// A number below `n` that is so far from 0.
    pub(super) fn of(self, n: usize) -> usize {
        ((u128::from(self.0) * n as u128) >> 64) as usize
    }

    /// Another one: the next of Knuth's linear congruential generator (MMIX), which is good enough to
    /// try again.
    pub(super) fn another(self) -> Self {
        Self(self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    }

    /// The number above `low`, and up to `high`, which must be greater, that is so far between them.
    pub(super) fn between(self, low: u64, high: u64) -> u64 {
        low + 1 + ((u128::from(self.0) * u128::from(high - low)) >> 64) as u64
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "many draws and nothing unsafe")]
    fn every_place_is_as_likely() {
        let newcomers = Newcomers::Anywhere(Rng::seeded(1));
        let mut counts = [0_u32; 5];
        for n in 0..10_000 {
            match newcomers.place(4, n % 2 == 0).0 {
                Place::After(others) => counts[others] += 1,
                other => panic!("{other:?} of four"),
            }
        }
        // Six standard deviations of a binomial: 6 × √(10,000 × 0.2 × 0.8) = 240.
        assert!(counts.iter().all(|&n| n.abs_diff(2_000) < 240), "{counts:?}");
        assert_eq!(Newcomers::Last.place(4, false).0, Place::Last);
    }

    #[test]
    #[cfg_attr(miri, ignore = "many draws and nothing unsafe")]
    fn many_that_come_together_follow_each_other() {
        let newcomers = Newcomers::Anywhere(Rng::seeded(1));
        let first = (0..100_000).filter(|_| match newcomers.place(FEW, true).0 {
            Place::First => true,
            Place::Follow => false,
            other => panic!("{other:?} of many"),
        });
        // One of 65: 1,538 of 100,000, and six standard deviations: 6 × √(100,000 / 65) = 235.
        let first = first.count();
        assert!(first.abs_diff(1_538) < 235, "{first}");
        assert!(matches!(newcomers.place(FEW, false).0, Place::After(_)));
        assert!(matches!(newcomers.place(FEW - 1, true).0, Place::After(_)));
        assert_eq!(Newcomers::Last.place(FEW, true).0, Place::Last);
    }

    #[test]
    #[cfg_attr(miri, ignore = "many draws and nothing unsafe")]
    fn numbers_between_are_within_their_bounds_and_even() {
        let newcomers = Newcomers::Anywhere(Rng::seeded(1));
        let mut counts = [0_u32; 3];
        for _ in 0..9_000 {
            // Also among those that have the same place.
            if let (Place::After(1), fraction) = newcomers.place(2, false) {
                counts[fraction.between(7, 10) as usize - 8] += 1;
            }
        }
        // Six standard deviations of a binomial: 6 × √(9,000 × 1/9 × 8/9) = 179.
        assert!(counts.iter().all(|&n| n.abs_diff(1_000) < 179), "{counts:?}");
        let fraction = || newcomers.place(2, false).1;
        assert!((0..100).all(|_| fraction().between(u64::MAX - 1, u64::MAX) == u64::MAX));
        let mut fraction = fraction();
        let mut counts = [0_u32; 10];
        for _ in 0..10_000 {
            counts[fraction.of(10)] += 1;
            fraction = fraction.another();
        }
        // 6 × √(10,000 × 0.1 × 0.9) = 180.
        assert!(counts.iter().all(|&n| n.abs_diff(1_000) < 180), "{counts:?}");
    }
}
