//! What every client knows of its servers: which are there, and how much it has sent them.

use crate::simulator::time::Time;

/// The servers of one client, and those that the next request may go to.
pub(super) struct Peers {
    all: Vec<Peer>,
    /// The place of each server of the world.
    places: Vec<u32>,
    candidates: Vec<u32>,
    /// All of them are candidates, and `candidates` was not filled.
    plain: bool,
    down: usize,
    max_pending: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) server: u32,
    pub(super) is_up: bool,
    pub(super) pending: u32,
    /// Ejected until then.
    pub(super) out_until: Time,
    /// It was ejected, and is back for one request.
    pub(super) is_probing: bool,
}

impl Peers {
    pub(super) fn new(servers: &[u32], world: usize, max_pending: u32) -> Self {
        let mut places = vec![u32::MAX; world];
        for (place, server) in servers.iter().enumerate() {
            places[*server as usize] = place as u32;
        }
        let peer = |&server: &u32| Peer {
            server,
            is_up: true,
            pending: 0,
            out_until: 0,
            is_probing: false,
        };
        let all = servers.iter().map(peer).collect();
        Self { all, places, candidates: vec![], plain: true, down: 0, max_pending }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, peer: usize) -> &Peer {
        &self.all[peer]
    }

    pub(super) fn get_mut(&mut self, peer: usize) -> &mut Peer {
        &mut self.all[peer]
    }

    pub(super) fn pending(&self, peer: usize) -> f64 {
        f64::from(self.all[peer].pending)
    }

    pub(super) fn place(&self, server: u32) -> Option<usize> {
        let place = self.places[server as usize];
        (place != u32::MAX).then_some(place as usize)
    }

    pub(super) fn set_up(&mut self, peer: usize, is_up: bool) {
        self.all[peer].is_up = is_up;
        self.down = self.all.iter().filter(|peer| !peer.is_up).count();
    }

    /// Finds the candidates; `ejects`: some may be ejected. Returns whether there is one.
    ///
    /// Peers to avoid, and then ejected ones, are candidates if there are no others.
    pub(super) fn find(&mut self, avoid: &[u32], now: Time, ejects: bool) -> bool {
        let capped = self.max_pending != u32::MAX;
        self.plain = self.down == 0 && avoid.is_empty() && !ejects && !capped;
        if self.plain {
            return !self.all.is_empty();
        }
        let there = |peer: &Peer| peer.is_up && peer.pending < self.max_pending;
        let fit = |peer: &Peer| {
            there(peer) && peer.out_until <= now && !(peer.is_probing && peer.pending > 0)
        };
        let fresh = |peer: &Peer| !avoid.contains(&peer.server);
        fill(&mut self.candidates, &self.all, |peer| fit(peer) && fresh(peer))
            || fill(&mut self.candidates, &self.all, fit)
            || fill(&mut self.candidates, &self.all, |peer| there(peer) && fresh(peer))
            || fill(&mut self.candidates, &self.all, there)
    }

    pub(super) fn candidates(&self) -> usize {
        if self.plain { self.all.len() } else { self.candidates.len() }
    }

    pub(super) fn candidate(&self, nth: usize) -> usize {
        if self.plain { nth } else { self.candidates[nth] as usize }
    }

    pub(super) fn is_candidate(&self, peer: usize) -> bool {
        self.plain || self.candidates.binary_search(&(peer as u32)).is_ok()
    }
}

fn fill(candidates: &mut Vec<u32>, all: &[Peer], is_one: impl Fn(&Peer) -> bool) -> bool {
    candidates.clear();
    let places = all.iter().enumerate().filter(|(_, peer)| is_one(peer));
    candidates.extend(places.map(|(place, _)| place as u32));
    !candidates.is_empty()
}
