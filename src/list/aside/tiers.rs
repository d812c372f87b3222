//! Which peers a list prefers.

use std::collections::BTreeMap;

use crate::attributes::Attributes;
use crate::roster::Ranked;
use crate::sync::Mutex;

/// By what peers are ranked, and when the next rank serves too.
pub(in crate::list) struct Tiers {
    pub(in crate::list) zone: Option<String>,
    /// Percent.
    pub(in crate::list) spill: usize,
    pub(in crate::list) turn: Mutex<()>,
}

impl Tiers {
    /// `None`: all peers serve.
    pub(in crate::list) fn new(spill: u8, zone: Option<String>) -> Option<Self> {
        let is_on = spill > 0 || zone.is_some();
        is_on.then(|| Self { zone, spill: spill.max(1).into(), turn: Mutex::new(()) })
    }

    pub(in crate::list) fn rank(&self, attributes: &Attributes) -> u16 {
        let is_elsewhere =
            self.zone.is_some() && attributes.zone.as_deref() != self.zone.as_deref();
        u16::from(is_elsewhere) << 8 | u16::from(attributes.tier)
    }

    /// The last rank that serves.
    pub(in crate::list) fn last(&self, peers: &[Ranked]) -> u16 {
        let mut ranks: BTreeMap<u16, (usize, usize)> = BTreeMap::new();
        for peer in peers {
            let (members, healthy) = ranks.entry(peer.rank).or_default();
            *members += 1;
            *healthy += usize::from(peer.is_healthy);
        }
        let spills = |(members, healthy): (usize, usize)| healthy * 100 < members * self.spill;
        let first = ranks.into_iter().find(|(_, counts)| !spills(*counts));
        first.map_or(u16::MAX, |(rank, _)| rank)
    }
}
