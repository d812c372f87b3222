//! How the turns of two sides alternate: each side gets its part of them, give or take one, at every
//! moment.
//!
//! ```text
//!  turn           0  1  2  3  4  5  6  7         left : right = 3 : 5
//!  turn · 3/8     0  0  1  1  2  2  2  3  3      rounded: how many turns the left side has had
//!  goes           r  l  r  l  r  r  l  r
//! ```
//!
//! The number of a turn says by itself how many turns each side has had before, so nothing is counted,
//! and a turn of one side has a number there, by which that side can be split in the same way. When the
//! parts become others, the line through the turns gets another slope from that turn on: no side
//! loses what it has had.

use crate::sync::{AtomicU64, Ordering};

/// Bits of a part after the point: the part of the left side is a number from 0 to `1 << BITS`.
const BITS: u32 = 63;
const PHASE: u64 = (1 << BITS) - 1;

/// A place where turns go to one of two sides.
///
/// Written by one thread at a time. Whoever reads it meanwhile may be sent to the wrong side once, where
/// the turn is as good as lost: so the accesses are relaxed.
#[derive(Debug)]
pub(super) struct Split {
    /// The part of the left side.
    rate: AtomicU64,
    /// The line's height at turn 0: its upper and its lower half.
    height: [AtomicU64; 2],
}

/// Where a turn goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) is_left: bool,
    /// The number that the turn has on that side.
    pub(super) turn: u64,
}

impl Split {
    /// All turns go to the right, where they keep their numbers. `phase` says, once both sides have a
    /// part, which has the first turn: any number, and of clients that have different ones not all
    /// begin with the same peer.
    pub(super) fn right(phase: u64) -> Self {
        Self { rate: AtomicU64::new(0), height: [0, phase & PHASE].map(AtomicU64::new) }
    }

    /// Becomes as the other one is.
    pub(super) fn take_over(&self, other: &Self) {
        let (rate, height) = other.line();
        self.set_line(rate, height);
    }

    fn line(&self) -> (u64, u128) {
        let [upper, lower] = self.height.each_ref().map(|half| half.load(Ordering::Relaxed));
        (self.rate.load(Ordering::Relaxed), u128::from(upper) << 64 | u128::from(lower))
    }

    fn set_line(&self, rate: u64, height: u128) {
        self.rate.store(rate, Ordering::Relaxed);
        self.height[0].store((height >> 64) as u64, Ordering::Relaxed);
        self.height[1].store(height as u64, Ordering::Relaxed);
    }

    /// All turns go to the left from now on, where they have the numbers that they have here. The phase
    /// is as in [`right`](Split::right).
    pub(super) fn send_left(&self, phase: u64) {
        self.set_line(1 << BITS, (phase & PHASE).into());
    }

    #[inline]
    pub(super) fn step(&self, turn: u64) -> Step {
        let (rate, height) = self.line();
        let here = height.wrapping_add(u128::from(rate) * u128::from(turn));
        let before = (here >> BITS) as u64;
        let is_left = (here.wrapping_add(rate.into()) >> BITS) as u64 != before;
        Step { is_left, turn: if is_left { before } else { turn.wrapping_sub(before) } }
    }

    /// From `turn` on the left side gets `left` of `total` turns; while there are none to get, the
    /// line stays. Returns the number of the next turn on each side.
    pub(super) fn set(&self, left: u64, total: u64, turn: u64) -> [u64; 2] {
        let (rate, height) = self.line();
        let here = height.wrapping_add(u128::from(rate) * u128::from(turn));
        if let Some(part) = (u128::from(left) << BITS).checked_div(total.into()) {
            let part = part as u64;
            // Through the same point, with another slope.
            self.set_line(part, here.wrapping_sub(u128::from(part) * u128::from(turn)));
        }
        let before = (here >> BITS) as u64;
        [before, turn.wrapping_sub(before)]
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn each_side_has_its_part_at_every_turn_from_any_turn_on() {
        for first in [0, 1_u64 << 47, u64::MAX - 3] {
            let split = Split::right(1 << 62);
            split.set(3, 8, first);
            let mut had = [0_u64; 2];
            for n in 0..1_000 {
                let step = split.step(first.wrapping_add(n));
                had[usize::from(step.is_left)] += 1;
                // Numbers wrap around once in 2⁶⁴ turns: what each side has may be one off there.
                let due = (n + 1) * 3;
                assert!((had[1] * 8).abs_diff(due) <= 8 + 8 * u64::from(first > 1 << 60), "{n}");
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn the_turns_of_a_side_are_numbered_without_a_gap_whatever_its_part_becomes() {
        let split = Split::right(1 << 62);
        let mut next = split.set(1, 3, 100);
        for turn in 100..3_000_u64 {
            if turn % 7 == 0 {
                assert_eq!(split.set(turn % 5, 5, turn), next, "turn {turn}");
            }
            let step = split.step(turn);
            let side = &mut next[usize::from(!step.is_left)];
            assert_eq!(step.turn, *side, "turn {turn}");
            *side += 1;
        }
    }

    #[test]
    fn a_side_without_a_part_gets_no_turn() {
        let split = Split::right(1 << 62);
        for (left, total, is_left) in [(0, 5, false), (5, 5, true), (0, 0, true), (0, 1, false)] {
            split.set(left, total, 1 << 40);
            assert!(
                (0..99).all(|n| split.step((1 << 40) + n).is_left == is_left),
                "{left}/{total}"
            );
        }
        split.send_left(1 << 62);
        assert_eq!(split.step(77), Step { is_left: true, turn: 77 });
    }
}
