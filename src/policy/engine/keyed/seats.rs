//! The peers of one place, and which of them can be chosen.

use std::sync::Arc;

use crate::policy::engine::room::Room;
use crate::roster::{Entry, Roster};
use crate::slot::{Key, Pinned, SlotRef};

/// The peers of a place, in the order of their identifiers; nearly always one. Some may have left
/// the list: their keys say so.
#[derive(Debug, Clone)]
pub(in crate::policy::engine) enum Seats {
    One(SlotRef),
    /// Any other number.
    Shared(Arc<[SlotRef]>),
}

impl Seats {
    pub(in crate::policy::engine) fn of(peers: &[SlotRef]) -> Self {
        match peers {
            [one] => Self::One(*one),
            peers => Self::Shared(peers.into()),
        }
    }

    #[inline]
    pub(in crate::policy::engine) fn peers(&self) -> &[SlotRef] {
        match self {
            Self::One(peer) => std::slice::from_ref(peer),
            Self::Shared(peers) => peers,
        }
    }
}

/// Who can be chosen: the peers of the roster without some.
#[derive(Clone, Copy)]
pub(in crate::policy::engine) struct Eligible<'r, 'e> {
    pub(in crate::policy::engine) roster: &'r Roster,
    pub(in crate::policy::engine) except: &'e [Key],
}

impl<'r> Eligible<'r, '_> {
    /// Whether a peer of the place can be chosen.
    #[inline]
    pub(in crate::policy::engine) fn can(self, seats: &Seats) -> bool {
        self.entries(seats).any(|(entry, key)| entry.is_available_as(key))
    }

    /// Pins the first peer of the place that can be chosen.
    #[inline]
    pub(in crate::policy::engine) fn pin(self, seats: &Seats) -> Option<Pinned<'r>> {
        self.entries(seats).find_map(|(entry, key)| entry.pin_as(key))
    }

    /// The same of those that have room.
    #[inline]
    pub(in crate::policy::engine) fn pin_below(
        self,
        seats: &Seats,
        room: Room,
    ) -> Option<Pinned<'r>> {
        // Another peer that has the slot a moment later is one that can be chosen all the same.
        let mut entries = self.entries(seats).filter(|(entry, key)| entry.is_available_as(*key));
        entries.find_map(|(entry, _)| room.pin(entry))
    }

    #[inline]
    fn entries(self, seats: &Seats) -> impl Iterator<Item = (Entry<'r>, Key)> {
        let peers = seats.peers().iter().filter(move |peer| !self.except.contains(&peer.key));
        peers.map(move |&peer| (self.roster.entry(peer), peer.key))
    }
}
