//! What one more request on a slot costs, for whoever compares slots.
//!
//! There are two ways to say it. As long as no peer fails, all have one weight, and nothing else is
//! learnt, a price is the count and nothing else: the comparison of `two-random-choices`. Else it is
//! what the factors beside the count make of it. Either is a whole number.

use super::cell::Slot;
use super::word::Word;

/// More than any price.
pub(crate) const MOST: u64 = u64::MAX;

/// A way to price slots.
pub(crate) trait Pricing {
    /// The price of one more request on a slot of which this word was seen, whatever its state. `base` is
    /// where the counts of its list begin.
    fn price(slot: &Slot, seen: Word, base: u32) -> u64;
}

/// By the count alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ByCount;

impl Pricing for ByCount {
    #[inline(always)]
    fn price(_: &Slot, seen: Word, _: u32) -> u64 {
        // Of one list, so all begin at the base.
        seen.count().into()
    }
}

/// By the factors that are kept beside the count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ByFactors;

impl Pricing for ByFactors {
    #[inline(always)]
    fn price(slot: &Slot, seen: Word, base: u32) -> u64 {
        // A subtraction and no branch. Of a slot that was removed it comes to nonsense; that one cannot
        // be chosen.
        slot.factors().price(seen.count().wrapping_sub(base))
    }
}
