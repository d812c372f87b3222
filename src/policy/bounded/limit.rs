//! The bound, and how many requests it lets a peer have.

use std::fmt;

use crate::settings::Thousandths;

/// How many times the mean a peer may have in flight, in thousandths: so that the limit is exact, and
/// the same in every language.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound(Thousandths);

impl Bound {
    const LEAST: u32 = 1_000;
    const MOST: u32 = 1_000_000;

    /// Of a number from 1 to 1000, and cut to that. What is not a number is 1.
    pub(crate) fn of(bound: f64) -> Self {
        // A cast of a float saturates.
        let thousandths = (bound * 1_000.0).round() as u32;
        Self(thousandths.clamp(Self::LEAST, Self::MOST))
    }

    /// Of a setting, which is in the range.
    pub(crate) fn of_thousandths(bound: Thousandths) -> Self {
        Self(bound.clamp(Self::LEAST, Self::MOST))
    }

    /// How many requests a peer may have in flight, with the one that is chosen for, when so many are
    /// in flight, with that one, and so many peers are available, whose weights are alike.
    #[inline]
    pub(super) fn limit(self, in_flight: u64, available: usize) -> u32 {
        // 2⁴⁰ requests and as many peers would not overflow it.
        let share = self.times(in_flight);
        let limit = share.div_ceil(1_000 * available.max(1) as u64);
        u32::try_from(limit).unwrap_or(u32::MAX)
    }

    /// The bound times so many requests, in thousandths.
    #[inline]
    pub(super) fn times(self, in_flight: u64) -> u64 {
        u64::from(self.0) * in_flight
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(self.0) / 1_000.0)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn the_limit_is_the_bound_times_the_mean_rounded_up() {
        for (bound, in_flight, available, limit) in [
            (1.25, 1, 20, 1),
            (1.25, 16, 20, 1),
            (1.25, 17, 20, 2),
            (1.25, 400, 20, 25),
            (1.25, 401, 20, 26),
            (1.0, 20, 20, 1),
            (1.0, 21, 20, 2),
            (1.001, 1_000, 1, 1_001),
            (1_000.0, u64::from(u32::MAX), 1, u32::MAX),
            (1.25, 3, 0, 4),
        ] {
            assert_eq!(Bound::of(bound).limit(in_flight, available), limit, "{bound}");
        }
    }

    #[test]
    fn a_bound_is_cut_to_its_range() {
        for (bound, shown) in
            [(0.5, "1"), (-1.0, "1"), (f64::NAN, "1"), (1.2345, "1.235"), (f64::INFINITY, "1000")]
        {
            assert_eq!(format!("{:?}", Bound::of(bound)), shown);
        }
    }

    /// However the requests are spread, a peer below the limit is left.
    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn not_all_peers_can_be_at_the_limit() {
        for bound in [1_000, 1_001, 1_250, 2_000] {
            for available in 1..40_u64 {
                for in_flight in 0..300_u64 {
                    let limit = Bound(bound).limit(in_flight + 1, available as usize);
                    // So many would all of them have at least.
                    assert!(u64::from(limit) * available > in_flight);
                }
            }
        }
    }
}
