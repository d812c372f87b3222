//! How a policy is given a bound.

use super::limit::Bound;
use super::policy::Bounded;
use crate::policy::{HashRing32, Maglev, Random, RoundRobin};

impl Maglev {
    /// The policy with a bound: a key whose peer has more than `bound` times its share of all in
    /// flight is hashed once more. From 1 to 1000, in thousandths, and cut to that. Where weights differ
    /// it is so many times the peer's share by weight.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}

impl RoundRobin {
    /// The policy with a bound: a peer is passed over in its turn while it has more than `bound`
    /// times its share of all in flight. From 1 to 1000, in thousandths, and cut to that. Weights say
    /// nothing of whose turn it is; but where they differ, the bound is so many times the peer's share
    /// by weight.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}

impl Random {
    /// The policy with a bound: it draws again when a peer has more than `bound` times its share of
    /// all in flight. From 1 to 1000, in thousandths, and cut to that. Weights say nothing of how often a
    /// peer is drawn; but where they differ, the bound is so many times the peer's share by weight.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}

impl HashRing32 {
    /// The policy with a bound: a key whose peer has more than `bound` times its share of all in
    /// flight is hashed once more. From 1 to 1000, in thousandths, and cut to that. Where weights differ
    /// it is so many times the peer's share by weight. A peer that the peer-override header names is
    /// taken whatever it has.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}
