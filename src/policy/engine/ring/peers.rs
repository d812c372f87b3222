//! Which peer sits in which place: the one record of who is in the list.
//!
//! The layers do not tell: a peer that has left keeps its seat there until its place is next
//! written, and its key, which no later peer has, keeps it from being chosen.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::policy::engine::keyed::{Seated, Seats};
use crate::slot::{Key, SlotRef};

/// The peers of the list.
#[derive(Debug, Default)]
pub(super) struct Peers {
    /// By [`Key::index`].
    seated: Vec<Option<Seated>>,
    /// How many have each weight.
    kinds: BTreeMap<u16, usize>,
}

impl Peers {
    /// Where the peer sits. `None`: it is not in the list.
    pub(super) fn get(&self, key: Key) -> Option<&Seated> {
        self.seated.get(key.index())?.as_ref().filter(|seated| seated.peer.key == key)
    }

    pub(super) fn insert(&mut self, seated: Seated) {
        let index = seated.peer.key.index();
        if self.seated.len() <= index {
            self.seated.resize(index + 1, None);
        }
        *self.kinds.entry(seated.weight).or_insert(0) += 1;
        let before = self.seated[index].replace(seated);
        self.uncount(before);
    }

    fn uncount(&mut self, gone: Option<Seated>) {
        let Some(weight) = gone.map(|seated| seated.weight) else { return };
        if let Some(count) = self.kinds.get_mut(&weight) {
            *count -= 1;
            if *count == 0 {
                self.kinds.remove(&weight);
            }
        }
    }

    /// Whether not all have the same weight.
    pub(super) fn weights_differ(&self) -> bool {
        self.kinds.len() > 1
    }

    /// The largest weight of all; 1 if there are none.
    pub(super) fn heaviest(&self) -> u16 {
        self.kinds.last_key_value().map_or(1, |(&weight, _)| weight)
    }

    /// All of them, by the names of their places.
    pub(super) fn by_place(&self) -> BTreeMap<Arc<str>, Vec<SlotRef>> {
        let mut places = BTreeMap::<_, Vec<_>>::new();
        for seated in self.seated.iter().flatten() {
            places.entry(Arc::clone(&seated.place)).or_default().push(seated.peer);
        }
        places
    }

    /// The peer has left.
    pub(super) fn remove(&mut self, key: Key) {
        if self.get(key).is_some() {
            let gone = self.seated[key.index()].take();
            self.uncount(gone);
        }
    }

    /// Whether the peer is in the list and sits in the place called `name`.
    pub(super) fn sits(&self, peer: SlotRef, name: &Arc<str>) -> bool {
        self.get(peer.key).is_some_and(|seated| seated.place == *name)
    }

    /// Of `candidates` those who sit in the place called `name`, each once, in the order of their
    /// identifiers.
    pub(super) fn of_place(
        &self,
        candidates: impl Iterator<Item = SlotRef>,
        name: &Arc<str>,
    ) -> Vec<SlotRef> {
        let mut peers: Vec<_> = candidates.filter(|&peer| self.sits(peer, name)).collect();
        peers.sort_by_key(|peer| self.get(peer.key).map(|seated| &seated.id));
        // No two peers of a list have one identifier, so two of one key are neighbours.
        peers.dedup_by_key(|peer| peer.key);
        peers
    }

    /// The seats of a place without those who have left. `None`: there are none.
    pub(super) fn still_in(&self, seats: &Seats, name: &Arc<str>) -> Option<Seats> {
        let peers = seats.peers();
        if peers.iter().all(|&peer| self.sits(peer, name)) {
            return (!peers.is_empty()).then(|| seats.clone());
        }
        let peers = self.of_place(peers.iter().copied(), name);
        (!peers.is_empty()).then(|| Seats::of(&peers))
    }
}
