//! By pending requests alone.

use super::Choosing;
use super::peers::Peers;
use crate::simulator::dice::Dice;
use crate::simulator::time::Time;

/// The fewest pending of all candidates; ties at random.
pub(super) struct Exact;

/// The fewer pending of two distinct random candidates.
pub(super) struct TwoChoices;

impl Choosing for Exact {
    fn pick(&mut self, peers: &Peers, _now: Time, dice: &mut Dice) -> usize {
        cheapest_of_all(peers, dice, |peer| peers.pending(peer))
    }
}

impl Choosing for TwoChoices {
    fn pick(&mut self, peers: &Peers, _now: Time, dice: &mut Dice) -> usize {
        cheapest_of(2, peers, dice, |peer| peers.pending(peer))
    }
}

/// The candidate of the lowest cost; ties at random.
pub(super) fn cheapest_of_all(
    peers: &Peers,
    dice: &mut Dice,
    cost: impl Fn(usize) -> f64,
) -> usize {
    let (mut best, mut lowest, mut ties) = (peers.candidate(0), f64::INFINITY, 0);
    for peer in (0..peers.candidates()).map(|nth| peers.candidate(nth)) {
        let cost = cost(peer);
        if cost < lowest {
            (best, lowest, ties) = (peer, cost, 1);
        } else if cost <= lowest {
            ties += 1;
            if dice.below(ties) == 0 {
                best = peer;
            }
        }
    }
    best
}

/// The one of the lowest cost of so many distinct random candidates; the first of ties.
pub(super) fn cheapest_of(
    draws: usize,
    peers: &Peers,
    dice: &mut Dice,
    cost: impl Fn(usize) -> f64,
) -> usize {
    let n = peers.candidates();
    let mut seen = [usize::MAX; 8];
    let draws = draws.min(n).min(seen.len());
    let (mut best, mut lowest) = (peers.candidate(0), f64::INFINITY);
    let mut drawn = 0;
    while drawn < draws {
        let nth = dice.below(n);
        if seen[..drawn].contains(&nth) {
            continue;
        }
        seen[drawn] = nth;
        drawn += 1;
        let cost = cost(peers.candidate(nth));
        if cost < lowest {
            (best, lowest) = (peers.candidate(nth), cost);
        }
    }
    best
}
