//! Which peers a list prefers, and how far it has told that others serve.

use std::collections::BTreeMap;

use crate::attributes::Attributes;
use crate::roster::Ranked;
use crate::sync::Mutex;

/// By what peers are ranked, and when the next rank serves too.
pub(in crate::list) struct Tiers {
    pub(in crate::list) zone: Option<String>,
    /// Percent.
    pub(in crate::list) spill: usize,
    /// The last rank that serves as its observer was told; `None`: the first alone.
    pub(in crate::list) told: Mutex<Option<u16>>,
}

/// News of who serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::list) struct Served {
    /// Whether more peers serve than before.
    pub(in crate::list) spills: bool,
    /// The last rank that serves.
    pub(in crate::list) last: u16,
    /// How many peers are available of the ranks before `last`, with `last` itself if it does not spill.
    pub(in crate::list) available: usize,
    /// Of how many.
    pub(in crate::list) peers: usize,
}

/// How many members each rank has, and how many of them could be chosen.
type Ranks = BTreeMap<u16, (usize, usize)>;

impl Tiers {
    /// `None`: all peers serve.
    pub(in crate::list) fn new(spill: u8, zone: Option<String>) -> Option<Self> {
        let is_on = spill > 0 || zone.is_some();
        is_on.then(|| Self { zone, spill: spill.max(1).into(), told: Mutex::new(None) })
    }

    pub(in crate::list) fn rank(&self, attributes: &Attributes) -> u16 {
        let is_elsewhere =
            self.zone.is_some() && attributes.zone.as_deref() != self.zone.as_deref();
        u16::from(is_elsewhere) << 8 | u16::from(attributes.tier)
    }

    pub(in crate::list) fn ranks(peers: &[Ranked]) -> Ranks {
        let mut ranks = Ranks::new();
        for peer in peers {
            let (members, healthy) = ranks.entry(peer.rank).or_default();
            *members += 1;
            *healthy += usize::from(peer.is_healthy);
        }
        ranks
    }

    /// The last rank that serves.
    pub(in crate::list) fn last(&self, ranks: &Ranks) -> u16 {
        let spills = |(members, healthy): (usize, usize)| healthy * 100 < members * self.spill;
        let first = ranks.iter().find(|(_, counts)| !spills(**counts));
        first.map_or(u16::MAX, |(rank, _)| *rank)
    }

    /// What is news of that, and takes note of it in `told`.
    ///
    /// A rank is reached when one of its peers can be chosen: one that may serve and cannot changes
    /// nothing for requests. It is left when the ranks before it are enough, and not when its peers are
    /// down too. So each step is told once, and no flapping of the peers behind it.
    pub(in crate::list) fn news(
        ranks: &Ranks,
        last: u16,
        told: &mut Option<u16>,
    ) -> Option<Served> {
        let Some((&first, _)) = ranks.first_key_value() else {
            *told = None;
            return None;
        };
        let later = |rank: u16| (rank > first).then_some(rank);
        let last = ranks.last_key_value().map_or(last, |(most, _)| last.min(*most));
        let up = ranks.range(..=last).rev().find(|(_, (_, healthy))| *healthy > 0);
        let reached = up.and_then(|(&rank, _)| later(rank));
        let now = (*told).min(later(last)).max(reached);
        let before = std::mem::replace(told, now);
        let (spills, last) = (now > before, now.unwrap_or(first));
        let counted =
            ranks.iter().take_while(|(rank, _)| **rank < last || **rank == last && !spills);
        let (peers, available) =
            counted.fold((0, 0), |sum, (_, counts)| (sum.0 + counts.0, sum.1 + counts.1));
        (now != before).then_some(Served { spills, last, available, peers })
    }
}

/// The tier of a rank.
pub(in crate::list) fn tier_of(rank: u16) -> u8 {
    rank as u8
}

/// Whether a rank is of peers in other zones.
pub(in crate::list) fn is_elsewhere(rank: u16) -> bool {
    rank > u8::MAX.into()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Of each rank from 0 on: how many of its members could be chosen.
    fn ranks(counts: &[(usize, usize)]) -> Ranks {
        let counts = counts.iter().zip(0..).filter(|((_, members), _)| *members > 0);
        counts.map(|((healthy, members), rank)| (rank, (*members, *healthy))).collect()
    }

    #[test]
    fn each_step_is_told_once() {
        let tiers = Tiers::new(70, None).expect("a spill");
        let (mut told, mut all) = (None, vec![]);
        for (counts, news) in [
            // It begins: peers that are not connected yet have no others to take their part.
            (&[(0, 2)][..], None),
            (&[(0, 2), (0, 1), (0, 1)], None),
            (&[(2, 2), (1, 1), (1, 1)], None),
            // One step, and the next.
            (&[(1, 2), (1, 1), (1, 1)], Some((true, 1, 1, 2))),
            (&[(0, 2), (1, 1), (1, 1)], None),
            (&[(0, 2), (0, 1), (1, 1)], Some((true, 2, 0, 3))),
            // Those that have taken their part flap.
            (&[(0, 2), (0, 1), (0, 1)], None),
            (&[(0, 2), (0, 1), (1, 1)], None),
            // And back, at once or by steps.
            (&[(0, 2), (1, 1), (1, 1)], Some((false, 1, 1, 3))),
            (&[(2, 2), (0, 1), (1, 1)], Some((false, 0, 2, 2))),
            (&[(0, 2), (0, 1), (1, 1)], Some((true, 2, 0, 3))),
            (&[(2, 2), (0, 1), (1, 1)], Some((false, 0, 2, 2))),
            // A tier that has left is no longer one that is short of peers.
            (&[(0, 2), (1, 1), (1, 1)], Some((true, 1, 0, 2))),
            (&[(0, 0), (1, 1), (1, 1)], Some((false, 1, 1, 1))),
            (&[], None),
        ] {
            let ranks = ranks(counts);
            let last = tiers.last(&ranks);
            let served = Tiers::news(&ranks, last, &mut told);
            all.push(served.map(|it| (it.spills, it.last, it.available, it.peers)));
            assert_eq!(all.last(), Some(&news), "{counts:?} after {all:?}");
        }
    }
}
