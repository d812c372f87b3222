//! The table: who has which slot, and where a key is looked up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::policy::engine::fingerprint32;
use crate::policy::engine::keyed::Seats;
use crate::slot::Pinned;

/// A prime number, so that every step through the slots meets all of them.
const SLOTS: u32 = 65_537;

/// How often a key is hashed again before the places are gone through one by one.
const ATTEMPTS: u32 = 32;

/// Which place has each slot, and who sits there. Copies share their parts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// By slot: the number of a place.
    pub(super) slots: Arc<[u32]>,
    /// By number of the place: who sits there, in the order of identifiers.
    pub(super) seats: Arc<[Seats]>,
}

impl Table {
    /// Pins a peer of the place that has the slot of this hash, or of its next hashes.
    #[inline]
    pub(super) fn look_up<'r>(
        &self,
        hash: u32,
        pin: impl Fn(&Seats) -> Option<Pinned<'r>>,
    ) -> Option<Pinned<'r>> {
        let owner = *self.slots.get(slot(hash, 0))?;
        // It can be chosen, nearly always.
        pin(self.seats.get(owner as usize)?).or_else(|| self.look_elsewhere(hash, pin))
    }

    #[cold]
    #[inline(never)]
    fn look_elsewhere<'r>(
        &self,
        hash: u32,
        pin: impl Fn(&Seats) -> Option<Pinned<'r>>,
    ) -> Option<Pinned<'r>> {
        let owner = |attempt| self.slots[slot(hash, attempt)] as usize;
        let again = (1..ATTEMPTS).map(owner);
        let first = owner(ATTEMPTS);
        let rest = (first..self.seats.len()).chain(0..first);
        again.chain(rest).find_map(|place| pin(&self.seats[place]))
    }
}

/// A name under which members are placed, and its weight, at least 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name: Arc<str>,
    pub(super) weight: u16,
}

/// The slots in the order in which one place takes them.
struct Walk {
    at: u32,
    step: u32,
}

impl Walk {
    fn of(name: &str) -> Self {
        let hash = |what: &str| fingerprint32([name, what].join("\0").as_bytes());
        Self { at: hash("first") % SLOTS, step: hash("step") % (SLOTS - 1) + 1 }
    }

    /// Goes to the next one.
    fn next(&mut self) -> usize {
        let here = self.at;
        self.at = (here + self.step) % SLOTS;
        here as usize
    }
}

/// Builds the table: by slot, the number of the place that has it. The places come in the order of their
/// names, as those who want the same slot at once get it in this order. Empty without places.
///
/// In a round the heaviest places take a slot, and lighter ones in some of the rounds: their n-th slot is
/// taken when they are due more than half of it, but every place has one.
pub(super) fn build(places: &[Place]) -> Box<[u32]> {
    const FREE: u32 = u32::MAX;
    let Some(heaviest) = places.iter().map(|place| u64::from(place.weight)).max() else {
        return Box::default();
    };
    let mut walks: Vec<_> = places.iter().map(|place| Walk::of(&place.name)).collect();
    // When each place takes its next slot: the round, the place, how many it has.
    let mut turns: BinaryHeap<_> =
        (0..places.len()).map(|place| Reverse((1_u64, place, 0_u64))).collect();
    let mut slots = vec![FREE; SLOTS as usize];
    for _ in 0..SLOTS {
        let mut turn = turns.peek_mut().expect("there are places");
        let Reverse((_, place, count)) = *turn;
        let slot = loop {
            let slot = walks[place].next();
            if slots[slot] == FREE {
                break slot;
            }
        };
        slots[slot] = place as u32;
        let weight = u64::from(places[place].weight);
        let due = (heaviest * (2 * (count + 1) + 1)).div_ceil(2 * weight);
        *turn = Reverse((due, place, count + 1));
    }
    slots.into()
}

/// The slot of a key with this hash; `attempt` counts from 0 the members that could not be chosen.
#[inline]
fn slot(hash: u32, attempt: u32) -> usize {
    let mut bits = u64::from(hash);
    if attempt > 0 {
        // The last steps of splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
        bits |= u64::from(attempt) << 32;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
    }
    (bits % u64::from(SLOTS)) as usize
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn places(weights: &[u16]) -> Vec<Place> {
        let place = |(n, &weight)| Place { name: format!("10.0.0.{n:03}:80").into(), weight };
        weights.iter().enumerate().map(place).collect()
    }

    fn counts(slots: &[u32], places: usize) -> Vec<u32> {
        let mut counts = vec![0; places];
        slots.iter().for_each(|&place| counts[place as usize] += 1);
        counts
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large table and nothing unsafe")]
    fn equal_places_have_the_same_number_of_slots_give_or_take_one() {
        for n in [1, 2, 3, 20, 100, 1_000] {
            let counts = counts(&build(&places(&vec![5; n])), n);
            assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
        }
        assert!(build(&[]).is_empty());
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large table and nothing unsafe")]
    fn slots_are_in_proportion_to_weights() {
        let weights: Vec<u16> = (0..1_100).map(|n| if n < 1_000 { 10 } else { 128 }).collect();
        let total: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
        for (n, count) in counts(&build(&places(&weights)), 1_100).into_iter().enumerate() {
            let due = f64::from(SLOTS) * f64::from(weights[n]) / total;
            // What the light ones have in rounding, the heavy ones lack.
            let off = (f64::from(count) - due).abs();
            assert!(off <= due * 0.01, "{n} has {count}, {due} are due");
        }
        // Less than a slot is due to it.
        let counts = counts(&build(&places(&[u16::MAX, u16::MAX, 1])), 3);
        assert_eq!((counts[2], counts[0].abs_diff(counts[1])), (1, 0));
    }

    #[test]
    #[cfg_attr(miri, ignore = "a large table and nothing unsafe")]
    fn few_slots_move_without_need_when_one_of_twenty_leaves() {
        let before = places(&[1; 20]);
        let (mut needless, mut all) = (0, 0);
        for leaves in 0..20 {
            let mut after = before.clone();
            after.remove(leaves);
            let (old, new) = (build(&before), build(&after));
            for (&was, &is) in old.iter().zip(&new) {
                all += 1;
                let stays = before[was as usize].name == after[is as usize].name;
                needless += u32::from(!stays && was as usize != leaves);
            }
        }
        let part = f64::from(needless) / f64::from(all);
        println!("{:.2} % of the slots", part * 100.0);
        assert!(part < 0.01, "{part}");
    }

    #[test]
    #[cfg_attr(miri, ignore = "many numbers and nothing unsafe")]
    fn a_key_that_is_hashed_again_goes_elsewhere() {
        assert_eq!(slot(65_536, 0), 65_536);
        assert_eq!(slot(65_537, 0), 0);
        let slots: std::collections::BTreeSet<_> = (0..50).map(|n| slot(7, n)).collect();
        assert!(slots.len() >= 49, "{slots:?}");
    }
}
