//! Turns by weight, while forks change under the chooser's hands.
//!
//! Under the checker a first tree has one leaf, so the second peer has it enlarged.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, push_with, remove_with, seat_with};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::policy::{Nothing, Rng, Shares};
use crate::roster::Index;
use crate::slot::SlotRef;

/// A host whose peers have turns by weight; all weigh the same.
struct Turns {
    host: Arc<Host>,
    shares: Arc<Shares>,
}

impl Turns {
    fn new() -> Self {
        let (host, shares) = (Host::new(), Arc::new(Shares::new(Rng::seeded(1))));
        assert!(shares.attach(&host.roster));
        Self { host, shares }
    }

    fn join(&self, probe: &Arc<Probe>) -> SlotRef {
        seat_with(&self.host, probe, Some(&*self.shares), 0)
    }

    fn leave(&self, slot: SlotRef) {
        remove_with(&self.host, slot, Some(&*self.shares));
    }

    fn request(host: &Host, shares: &Shares) -> Result<u32, Nothing> {
        let pinned = shares.next(&host.roster)?;
        let key = pinned.key();
        let pick = pinned.into_pick();
        assert_eq!(pick.identifier(), "probe");
        pick.finish(Outcome::Success);
        Ok(key.index)
    }

    /// A thread that makes a request, which must find a peer.
    fn chooser(&self) -> thread::JoinHandle<u32> {
        let (host, shares) = (Arc::clone(&self.host), Arc::clone(&self.shares));
        thread::spawn(move || Self::request(&host, &shares).expect("one is available"))
    }

    fn assert_has(&self, mut peers: Vec<u32>) {
        let turns = peers.iter().map(|_| Self::request(&self.host, &self.shares).unwrap());
        let mut turns: Vec<_> = turns.collect();
        turns.sort_unstable();
        peers.sort_unstable();
        assert_eq!(turns, peers);
    }
}

/// A second peer joins, for which the tree and the table grow, and the first leaves.
#[test]
fn a_tree_that_grows_leads_to_whole_slots() {
    loom::model(|| {
        let turns = Turns::new();
        let probes = [Probe::new(), Probe::new()];
        let first = turns.join(&probes[0]);
        let chooser = turns.chooser();
        let second = turns.join(&probes[1]);
        turns.leave(first);
        chooser.join().unwrap();

        turns.assert_has(vec![second.key.index; 2]);
        turns.leave(second);
        assert_eq!(Turns::request(&turns.host, &turns.shares), Err(Nothing::Unavailable));
        assert!(probes.iter().all(|probe| probe.released() == 1));
    });
}

/// One of the two is available at every moment, and turns may always lead to the other.
#[test]
fn a_peer_that_takes_over_is_found() {
    loom::model(|| {
        let turns = Turns::new();
        let probe = Probe::new();
        let peers = [turns.join(&probe), turns.join(&probe)];
        let set = |peer, status| push_with(&turns.host, peer, status, Some(&*turns.shares));
        set(peers[1], ConnectionStatus::Unavailable);
        let chooser = turns.chooser();
        set(peers[1], ConnectionStatus::Available);
        set(peers[0], ConnectionStatus::Unavailable);
        chooser.join().unwrap();

        turns.assert_has(vec![peers[1].key.index; 2]);
        set(peers[0], ConnectionStatus::Available);
        for peer in peers {
            turns.leave(peer);
        }
    });
}
