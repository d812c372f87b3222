//! Latencies as logarithms.
//!
//! The bits of a positive float, read as a whole number, are its logarithm to base 2 with the
//! mantissa as a straight line between powers: at most 0.09 off. 10 bits of the mantissa and 6 of
//! the exponent fit 16 bits, from 1 ns to 584 years. Means are taken of these numbers, so they are
//! geometric, which outliers pull at less than arithmetic ones (in a world of Pareto 1.5 demands:
//! p99 388 ms against 542), and a ratio is a subtraction and a cast.

/// Units to a doubling.
pub(crate) const DOUBLING: u32 = 1 << 10;

/// The bits of a float that are dropped.
const DROPPED: u32 = 13;
/// The logarithm of 1, in units, as floats have it.
const ONE: u32 = 127 << 10;

/// A latency. 0: unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Log(pub(crate) u16);

impl Log {
    pub(crate) const UNKNOWN: Self = Self(0);

    #[inline]
    pub(crate) fn of_nanos(nanos: u64) -> Self {
        let bits = (nanos.max(1) as f32).to_bits() >> DROPPED;
        // At least 1: 0 is no latency. 2⁶⁴ is the largest that comes, and just does not fit.
        Self((bits - ONE).clamp(1, u32::from(u16::MAX)) as u16)
    }

    #[inline]
    pub(crate) fn is_known(self) -> bool {
        self.0 != 0
    }

    /// Nanoseconds, to be shown.
    pub(crate) fn nanos(self) -> Option<u64> {
        let float = f32::from_bits((u32::from(self.0) + ONE) << DROPPED);
        self.is_known().then_some(float as u64)
    }

    /// Moves 1 / 2^`shift` of the way towards a sample. What integers round off is rounded by
    /// chance, for which `noise` is any number: else small steps would come to nothing.
    #[inline]
    pub(crate) fn towards(self, sample: Self, shift: u32, noise: u64) -> Self {
        let gap = i32::from(sample.0) - i32::from(self.0);
        let step = (gap + (noise as i32 & ((1 << shift) - 1))) >> shift;
        Self((i32::from(self.0) + step).clamp(1, i32::from(u16::MAX)) as u16)
    }

    /// Less by `units`. A known latency stays known, however small.
    #[inline]
    pub(crate) fn faded(self, units: u32) -> Self {
        let less = u32::from(self.0).saturating_sub(units).max(1);
        if self.is_known() { Self(less as u16) } else { self }
    }

    /// How many times `typical` it is.
    #[inline]
    pub(crate) fn ratio(self, typical: Self) -> f32 {
        // Neither leaves the range: 16 bits up and down from 127 doublings.
        let bits = (ONE + u32::from(self.0)) - u32::from(typical.0);
        f32::from_bits(bits << DROPPED)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_kept_to_a_thousandth() {
        for nanos in [1_u64, 2, 3, 999, 1_000_000, 7_654_321, 60_000_000_000, u64::MAX / 3] {
            let back = Log::of_nanos(nanos).nanos().expect("known") as f64;
            let error = (back / nanos as f64 - 1.0).abs();
            assert!(error < 0.001 || nanos == 1, "{nanos} became {back}");
        }
        assert!(Log::of_nanos(0).is_known() && Log::of_nanos(u64::MAX).is_known());
        assert_eq!(Log::UNKNOWN.nanos(), None);
    }

    #[test]
    fn a_ratio_is_a_difference() {
        let (fast, slow) = (Log::of_nanos(1 << 20), Log::of_nanos(1 << 23));
        assert_eq!((slow.ratio(fast), fast.ratio(slow)), (8.0, 0.125));
        let (least, most) = (Log(1), Log(u16::MAX));
        assert!(most.ratio(least).is_finite() && least.ratio(most) > 0.0);
        assert_eq!(slow.faded(3 * DOUBLING), fast);
        assert_eq!((Log::UNKNOWN.faded(9), Log(5).faded(9)), (Log::UNKNOWN, Log(1)));
    }

    #[test]
    fn small_steps_arrive_on_average() {
        let goal = Log(1_000 + 64);
        let mut sum = 0;
        for noise in 0..128 {
            sum += i32::from(Log(1_000).towards(goal, 7, noise).0) - 1_000;
        }
        assert_eq!(sum, 64, "128 times a 128th of the way");
    }
}
