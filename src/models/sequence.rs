//! Turns, while the order changes under the chooser's hands.
//!
//! Under the checker no vacancy is borne, so a peer that leaves has the others close the ranks; and
//! a table has room for one entry, and a word of marks for four, before they grow.

use std::sync::Arc;

use loom::thread;

use super::fakes::{Host, Probe, push_with, remove_with, seat_with};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::policy::{Newcomers, Nothing, Rng, Sequence};
use crate::roster::Index;
use crate::slot::SlotRef;

/// A host with peers in turn.
struct Turns {
    host: Arc<Host>,
    sequence: Arc<Sequence>,
}

impl Turns {
    fn new(newcomers: Newcomers) -> Self {
        let sequence = Sequence::default().with_newcomers(newcomers);
        let (host, sequence) = (Host::new(), Arc::new(sequence));
        assert!(sequence.attach(&host.roster));
        Self { host, sequence }
    }

    fn join(&self) -> SlotRef {
        seat_with(&self.host, &Probe::new(), Some(&*self.sequence), 0)
    }

    fn leave(&self, slot: SlotRef) {
        remove_with(&self.host, slot, Some(&*self.sequence));
    }

    fn set(&self, slot: SlotRef, status: ConnectionStatus) {
        push_with(&self.host, slot, status, Some(&*self.sequence));
    }

    /// A whole request. Returns which peer it was.
    fn request(host: &Host, sequence: &Sequence) -> Result<u32, Nothing> {
        let pinned = sequence.next(&host.roster)?;
        let key = pinned.key();
        let pick = pinned.into_pick();
        assert_eq!(pick.identifier(), "probe");
        pick.finish(Outcome::Success);
        Ok(key.index)
    }

    /// A thread that makes requests, each of which must find a peer. It returns which the last was.
    fn chooser(&self, requests: usize) -> thread::JoinHandle<u32> {
        let (host, sequence) = (Arc::clone(&self.host), Arc::clone(&self.sequence));
        let request = move |_| Self::request(&host, &sequence).expect("one is available");
        thread::spawn(move || (0..requests).map(request).last().expect("a request"))
    }

    /// Asserts that the next turns are one of each of these peers.
    fn assert_pass(&self, peers: &[SlotRef]) {
        let pass = peers.iter().map(|_| Self::request(&self.host, &self.sequence).unwrap());
        let mut pass: Vec<u32> = pass.collect();
        let mut expected: Vec<u32> = peers.iter().map(|peer| peer.key.index).collect();
        pass.sort_unstable();
        expected.sort_unstable();
        assert_eq!(pass, expected);
    }

    fn end(&self, peers: &[SlotRef]) {
        for peer in peers {
            self.leave(*peer);
        }
        assert_eq!(Self::request(&self.host, &self.sequence), Err(Nothing::Unavailable));
    }
}

#[test]
fn a_flap_of_one_of_two_peers_hides_neither() {
    loom::model(|| {
        let turns = Turns::new(Newcomers::Last);
        let peers = [turns.join(), turns.join()];
        let chooser = turns.chooser(2);
        turns.set(peers[0], ConnectionStatus::Unavailable);
        turns.set(peers[0], ConnectionStatus::Available);
        chooser.join().unwrap();
        turns.assert_pass(&peers);
        turns.end(&peers);
    });
}

/// One of the two is available at every moment, and the chooser may always look at the other.
#[test]
fn a_peer_that_takes_over_is_found() {
    loom::model(|| {
        let turns = Turns::new(Newcomers::Last);
        let peers = [turns.join(), turns.join()];
        turns.set(peers[1], ConnectionStatus::Unavailable);
        let chooser = turns.chooser(1);
        turns.set(peers[1], ConnectionStatus::Available);
        turns.set(peers[0], ConnectionStatus::Unavailable);
        chooser.join().unwrap();
        turns.assert_pass(&peers[1..]);
        turns.end(&peers);
    });
}

/// Both choosers meet the hole, and the peer after it has its turn once for each of them.
#[test]
fn two_choosers_find_the_way_over_a_hole() {
    loom::model(|| {
        let turns = Turns::new(Newcomers::Last);
        let peers = [turns.join(), turns.join(), turns.join()];
        turns.set(peers[0], ConnectionStatus::Unavailable);
        let choosers = [turns.chooser(1), turns.chooser(1)];
        let mut chosen = choosers.map(|chooser| chooser.join().unwrap());
        chosen.sort_unstable();
        assert_eq!(chosen, [peers[1].key.index, peers[2].key.index], "together one pass");
        turns.assert_pass(&peers[1..]);
        turns.end(&peers);
    });
}

#[test]
fn a_peer_that_leaves_lets_the_other_close_the_ranks() {
    loom::model(|| {
        let turns = Turns::new(Newcomers::Last);
        let peers = [turns.join(), turns.join()];
        let chooser = turns.chooser(1);
        turns.leave(peers[0]);
        chooser.join().unwrap();
        turns.assert_pass(&peers[1..]);
        turns.end(&peers[1..]);
    });
}

#[test]
fn a_newcomer_takes_the_place_of_another() {
    loom::model(|| {
        // A seed whose first places are 0 of 1 and 0 of 2: the newcomer comes first.
        let turns = Turns::new(Newcomers::Anywhere(Rng::seeded(1)));
        let first = turns.join();
        let chooser = turns.chooser(1);
        let newcomer = turns.join();
        chooser.join().unwrap();
        turns.assert_pass(&[first, newcomer]);
        turns.end(&[first, newcomer]);
    });
}

/// The fifth peer needs a larger set of marks, while the chooser asks the old one for its way over
/// the holes.
#[test]
fn the_way_over_holes_is_found_in_marks_that_are_replaced() {
    loom::model(|| {
        let turns = Turns::new(Newcomers::Last);
        let mut peers = vec![turns.join(), turns.join(), turns.join(), turns.join()];
        for absent in &peers[1..] {
            turns.set(*absent, ConnectionStatus::Unavailable);
        }
        turns.assert_pass(&peers[..1]);
        let chooser = turns.chooser(1);
        peers.push(turns.join());
        chooser.join().unwrap();
        turns.end(&peers);
    });
}
