//! What a choice compares: the price of one more request on a peer.
//!
//! ```text
//!  price = (requests in flight + 1) × latency factor × failure factor ÷ weight
//! ```
//!
//! | kind | requests in flight | latency factor |
//! |---|---|---|
//! | pending | the client's own | 1 |
//! | latency | the client's own, counted twice; of a peer that has never answered, six times | the peer's mean ÷ the typical one; unknown: 1 |
//! | reported | the client's own, times how many of other clients stand behind each, + what the peer reports | as above, of latency ÷ (reported + 1), and counted above 1.5 alone |
//!
//! The failure factor is `1 + 30 · max(0, e − max(0.10, 2 · typical e))`: one failure does nothing,
//! two in a row do, and what all peers suffer counts for nothing.
//!
//! For `latency` one's own requests count twice, as a request that has not come back says more of a
//! peer than the answers that came before it: one that stands still is left alone after the first.
//! What both factors together have above 1.5 counts twice for it too: so a peer that is five times
//! slower, or fails, is not due before the others have four requests each, as if nothing counted
//! twice. That gives 0.90 × the p99, of a hundred clients at a hundred equal servers and of racks that
//! stand still in turn (`docs/choosing.md`).
//!
//! Unknown is typical and never free: a factor of 0 would send everything to a peer that never
//! answers. A latency multiplies requests in flight and never stands alone: rules that look at the
//! latency only send all to one peer until it is slow.
//!
//! All that changes with a finish or a sweep, and not with a choice, is worked out by these and kept
//! beside the count ([`Factors`]): a choice multiplies and adds.

use super::log::Log;
use super::tick::Tick;
use super::word::CostWord;

/// What is in a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Pending,
    Latency,
    Reported,
}

/// The least share of failures that counts, in 1/256: 0.10.
pub(super) const FLOOR: u32 = 26;
const PER_FAILURE: f32 = 30.0 / 256.0;
/// How many requests one request counts for, where latencies are gone by.
const OWN: u32 = 2;
/// From so many times the price of a typical peer on, what is above counts once more there.
const STEEP_FROM: f32 = 1.5;
/// How many requests one request of a peer counts for that has never answered one.
const UNKNOWN: u32 = 6;
/// Up to so many times the typical latency says nothing, if servers report.
const DEAD_ZONE: f32 = 1.5;

/// What a slot's count is made a price with: `(count × each + base) × factor`.
///
/// ```text
///  bits  0..32  factor   in 1/2²⁰, up to 4096
///  bits 32..48  base     in 1/256
///  bits 48..64  each     in 1/256
/// ```
///
/// Whole numbers: between a request that ends and the next one's compare-exchange nothing overlaps, so
/// a choice takes as long as its longest chain, and with floats that was three times as long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Factors(u64);

const FACTOR: u64 = (1 << 32) - 1;
const BASE: u32 = 32;
const EACH: u32 = 48;
/// The bits of a factor that only weights need: that of the heaviest is 16, and not 1.
const FINE: u32 = 4;

impl Factors {
    /// The price of a request on an idle peer that is typical.
    pub(super) const ONE: u128 = 1 << 28;

    pub(crate) fn new(factor: f32, base: u32, each: u32, weight: u16) -> Self {
        let factor = ((factor * 65_536.0) as u64).clamp(1, FACTOR >> FINE) << FINE;
        let [base, each] = [base, each].map(|number| u64::from(number.min(0xffff)));
        Self(each << EACH | base << BASE | factor).reweighted(1, weight)
    }

    #[inline]
    pub(crate) fn to_bits(self) -> u64 {
        self.0
    }

    #[inline]
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The price of one more request on a peer that has so many. (Of more than 2¹⁶ requests it may come
    /// around to a low one.)
    #[inline(always)]
    pub(crate) fn price(self, pending: u32) -> u64 {
        let (each, base) = (self.0 >> EACH, self.0 >> BASE & 0xffff);
        (u64::from(pending) * each + base).wrapping_mul(self.0 & FACTOR)
    }

    /// The same for a peer whose weight has become another.
    pub(crate) fn reweighted(self, from: u16, to: u16) -> Self {
        let [from, to] = [from, to].map(|weight| u64::from(weight.max(1)));
        // To the nearest: a heavy peer's are few.
        let factor = ((self.0 & FACTOR) * from + to / 2) / to;
        Self(self.0 & !FACTOR | factor.clamp(1, FACTOR))
    }
}

/// What factors are worked out against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) kind: Kind,
    pub(crate) now: Tick,
    pub(crate) typical: Log,
    /// Failures above this count, in 1/256.
    pub(crate) floor: u32,
    /// How many requests stand behind each of one's own.
    pub(crate) others: f32,
}

impl View {
    /// What a peer's count is made a price with, by what is known of it.
    #[inline]
    pub(crate) fn factors(&self, word: CostWord, weight: u16) -> Factors {
        let (mut factor, mut base, mut each) = (1.0, 256, 256);
        if self.kind != Kind::Pending {
            let latency = word.latency_at(self.now);
            if latency.is_known() {
                factor = latency.ratio(self.typical);
            } else {
                each = UNKNOWN * 256;
            }
        }
        if self.kind == Kind::Reported {
            base += word.reported();
            each = each.max((self.others * 256.0) as u32);
            factor = (factor / DEAD_ZONE).max(1.0);
        }
        if word.failures() != 0 {
            let failures = word.failures_at(self.now).saturating_sub(self.floor);
            factor *= 1.0 + PER_FAILURE * failures as f32;
        }
        if self.kind == Kind::Latency {
            // Of the product: twice in each factor would be four times.
            factor += (factor - STEEP_FROM).max(0.0);
            each = each.max(OWN * 256);
        }
        Factors::new(factor, base, each, weight)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::word::Heard;
    use super::*;

    const NOW: Tick = Tick(9);

    fn view(kind: Kind) -> View {
        let typical = Log::of_nanos(1 << 20);
        View { kind, now: NOW, typical, floor: FLOOR, others: 3.0 }
    }

    fn word(times: u32, heard: &Heard) -> CostWord {
        (0..times).fold(CostWord::default(), |word, _| word.after(heard, NOW))
    }

    fn failed(times: u32) -> CostWord {
        word(times, &Heard { failed: Some(true), ..Heard::default() })
    }

    fn took(nanos: u64, in_flight: u32) -> CostWord {
        let in_flight = Some(in_flight);
        word(60, &Heard { failed: Some(false), nanos: Some(nanos), in_flight })
    }

    /// In requests on a typical peer.
    fn price(view: &View, pending: u32, word: CostWord) -> f64 {
        let bits = view.factors(word, 1).to_bits();
        Factors::from_bits(bits).price(pending) as f64 / f64::from(1 << 28)
    }

    #[test]
    fn one_failure_does_nothing_and_two_in_a_row_do() {
        let view = view(Kind::Pending);
        assert_eq!(price(&view, 3, failed(1)), 4.0);
        assert!(price(&view, 3, failed(2)) > 4.4);
        assert!(price(&view, 0, failed(200)) > 25.0, "as dear as 25 requests");
        let all_fail = View { floor: 2 * 128, ..view };
        assert_eq!(price(&all_fail, 0, failed(200)), 1.0);
    }

    #[test]
    fn latency_multiplies_requests_and_unknown_is_typical() {
        let view = view(Kind::Latency);
        assert_eq!(price(&view, 0, took(1 << 20, 0)), 1.0);
        assert_eq!(price(&view, 2, took(1 << 20, 0)), 5.0, "one's own count twice");
        assert_eq!(price(&view, 0, took(1 << 22, 0)), 6.5, "four times, and two and a half again");
        let unknown = CostWord::default();
        assert_eq!((price(&view, 0, unknown), price(&view, 1, unknown)), (1.0, 7.0));
        assert!(price(&view, 0, failed(200)) > 25.0, "dead on arrival, and dear");
        let (least, most) = (took(1, 0), took(u64::MAX / 2, 0));
        assert!(price(&view, 0, least) > 0.0 && price(&view, 1 << 19, most) > 1e9);
    }

    #[test]
    fn reports_add_up_and_small_differences_of_latency_do_not_count() {
        let view = view(Kind::Reported);
        let price = |nanos| price(&view, 2, took(nanos, 5));
        assert!((price(1 << 20) - 12.0).abs() < 0.1 && price(1 << 20) == price(1_400_000));
        assert!(price(1 << 22) > 2.5 * price(1 << 20));
    }

    #[test]
    fn weight_divides() {
        let factors = view(Kind::Pending).factors(CostWord::default(), 4);
        assert_eq!(factors.price(7), 2 << 28);
        assert_eq!(factors.reweighted(4, 2).price(7), 4 << 28);
    }
}
