//! A ring in a few lines: all points in one sorted list, who is where in a map.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::bed::Bed;
use super::super::fingerprint32;
use crate::slot::{Key, SlotRef};

/// A member of the list.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) peer: SlotRef,
    pub(super) shard: Arc<str>,
    pub(super) up: bool,
}

/// The naive ring, and the real one that goes through the same.
pub(super) struct Twin {
    pub(super) bed: Bed,
    replicas: u32,
    delimiter: &'static str,
    /// By identifier.
    pub(super) members: BTreeMap<Arc<str>, Member>,
    /// The hashes of each name, which are asked for over and over.
    hashes: HashMap<Arc<str>, Vec<u32>>,
}

impl Twin {
    pub(super) fn new(replicas: u32, delimiter: &'static str) -> Self {
        let bed = Bed::new(replicas, delimiter);
        Self { bed, replicas, delimiter, members: BTreeMap::new(), hashes: HashMap::new() }
    }

    pub(super) fn add(&mut self, id: &str, shard: &str) {
        let id: Arc<str> = id.into();
        let member = Member { peer: self.bed.add(&id, shard), shard: shard.into(), up: true };
        assert!(self.members.insert(id, member).is_none());
    }

    pub(super) fn remove(&mut self, id: &str) -> Member {
        let member = self.members.remove(id).expect("a member");
        self.bed.remove(member.peer);
        member
    }

    pub(super) fn flap(&mut self, id: &str) {
        let member = self.members.get_mut(id).expect("a member");
        member.up = !member.up;
        self.bed.set_up(member.peer, member.up);
    }

    pub(super) fn move_to(&mut self, id: &str, shard: &str) {
        let (id, member) = self.members.iter_mut().find(|member| **member.0 == *id).expect("one");
        member.shard = shard.into();
        self.bed.move_to(member.peer, id, shard);
    }

    /// Who sits where.
    pub(super) fn seats(&self) -> Vec<(Key, Arc<str>)> {
        let seats = self.members.values().map(|member| (member.peer.key, member.shard.clone()));
        seats.collect()
    }

    /// The ring as it is now.
    pub(super) fn ring(&mut self) -> Naive {
        let (replicas, delimiter) = (self.replicas, self.delimiter);
        let mut naive = Naive::default();
        // In the order of their identifiers, so the peers of a place are in that order too.
        for member in self.members.values() {
            let name = &member.shard;
            let peers = naive.places.entry(Arc::clone(name)).or_default();
            if member.up {
                peers.push(member.peer.key);
            }
            let of = |n| fingerprint32(format!("{name}{delimiter}{n}").as_bytes());
            let hashes = self.hashes.entry(Arc::clone(name));
            let hashes = hashes.or_insert_with(|| (0..replicas).map(of).collect());
            naive.points.extend(hashes.iter().map(|&hash| (hash, Arc::clone(name))));
        }
        naive.points.sort();
        naive.points.dedup();
        naive
    }
}

#[derive(Default)]
pub(super) struct Naive {
    pub(super) points: Vec<(u32, Arc<str>)>,
    /// The peers of each place that are available.
    pub(super) places: BTreeMap<Arc<str>, Vec<Key>>,
}

impl Naive {
    /// The peer that the place has which comes `offset` distinct places after the first, from the
    /// point at `start` on.
    pub(super) fn walk(&self, start: usize, offset: usize, except: &[Key]) -> Option<Key> {
        let mut seen: Vec<&str> = vec![];
        for (_, name) in self.points[start..].iter().chain(&self.points[..start]) {
            let peers = &self.places[name];
            let Some(first) = peers.iter().find(|key| !except.contains(key)) else { continue };
            if !seen.contains(&&**name) {
                if seen.len() == offset {
                    return Some(*first);
                }
                seen.push(name);
            }
        }
        None
    }
}
