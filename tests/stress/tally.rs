//! A policy in plain data structures: the fewest requests by its own count.

use std::collections::BTreeMap;

use peerage::policy::{Key, Nothing, PeerInfo, Rng, SerialPolicy};
use peerage::{Finish, Request};

/// Counts the requests of each peer by what it is told, also of peers that are away.
#[derive(Debug)]
pub(crate) struct Tally {
    random: Rng,
    peers: BTreeMap<usize, Counted>,
}

#[derive(Debug)]
struct Counted {
    key: Key,
    pending: u32,
    here: bool,
}

impl Tally {
    pub(crate) fn new(random: Rng) -> Self {
        Self { random, peers: BTreeMap::new() }
    }
}

impl SerialPolicy for Tally {
    fn name(&self) -> &'static str {
        "tally"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let (pending, peer) = (peer.pending, peer.key);
        let before = self.peers.insert(peer.index(), Counted { key: peer, pending, here: true });
        if let Some(before) = before {
            assert!(!before.here, "the one before was removed");
            assert!(before.key != peer || before.pending == pending, "{before:?} has {pending}");
        }
    }

    fn unavailable(&mut self, peer: Key) {
        let counted = self.peers.get_mut(&peer.index()).expect("it was added");
        assert_eq!(counted.key, peer, "a peer is removed before the next one has its place");
        assert!(std::mem::take(&mut counted.here), "it was added, and not removed");
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        // Among equals any.
        let here = self.peers.values_mut().filter(|peer| peer.here);
        let least = here.min_by_key(|peer| (peer.pending, self.random.next()));
        let least = least.ok_or(Nothing::Unavailable)?;
        least.pending += 1;
        Ok(least.key)
    }

    fn finished(&mut self, peer: Key, _: Finish) {
        // A peer that has left may have had its place taken.
        if let Some(counted) = self.peers.get_mut(&peer.index())
            && counted.key == peer
        {
            counted.pending = counted.pending.checked_sub(1).expect("it was counted");
        }
    }
}
