//! Peers that a policy knows from before, or from another list: it gets none of them.

use std::sync::Arc;

use peerage::policy::SerialPolicy;
use peerage::policy::{AnyPolicy, Choice, Key, Nothing, PeerInfo, Policy, Roster, Serial};
use peerage::{ChooseErrorKind, Chooser, List, ListUpdates, PeerList, Request};

use crate::list;

/// Answers with the first peer that it was ever told of.
#[derive(Debug, Default)]
struct Faithful {
    first: Option<Key>,
    index_of_latest: Arc<std::sync::atomic::AtomicUsize>,
}

impl SerialPolicy for Faithful {
    fn name(&self) -> &'static str {
        "faithful"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let peer = peer.key;
        self.first.get_or_insert(peer);
        self.index_of_latest.store(peer.index(), std::sync::atomic::Ordering::Relaxed);
    }

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.first.ok_or(Nothing::Unavailable)
    }
}

/// The successor has the same slot: only the generation tells them apart.
#[test]
fn a_peer_that_has_the_place_of_another_is_not_taken_for_it() {
    let policy = Faithful::default();
    let index = Arc::clone(&policy.index_of_latest);
    let (list, _transport) = list(Serial::new(policy), 1);
    let index = || index.load(std::sync::atomic::Ordering::Relaxed);
    let first = index();
    assert_eq!(list.try_choose(&Request::new()).unwrap().identifier(), "p0");
    for round in 0..70 {
        list.update(ListUpdates::new().with_removal(name(round)).with_addition(name(round + 1)))
            .unwrap();
        let error = list.try_choose(&Request::new()).unwrap_err();
        assert_eq!(error.kind(), ChooseErrorKind::NoPeer, "round {round}");
        assert_eq!(list.introspect().peers[0].status.pending_request_count, 0);
        assert_eq!(index(), first, "its place is given to the next");
    }
}

fn name(round: usize) -> String {
    format!("p{round}")
}

/// Chooses by the policy of another list.
#[derive(Debug)]
struct Borrowed(Arc<PeerList>);

impl Policy for Borrowed {
    fn name(&self) -> &str {
        "borrowed"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.0.policy().choose(roster, request)
    }
}

/// A policy keeps a table of its own list's peers, and has nothing for another list.
#[test]
fn a_policy_gives_no_list_the_peers_of_another() {
    for spec in
        ["round-robin", "fewest-pending-requests", "hashring32", "random", "two-random-choices"]
    {
        let policy: AnyPolicy = spec.parse().unwrap();
        let (owner, _transport) = list(policy, 2);
        let owner = Arc::new(owner);
        let (list, others) = list(Borrowed(Arc::clone(&owner)), 0);
        list.update(ListUpdates::adding(["q0", "q1"])).unwrap();
        for _ in 0..20 {
            let error = list.try_choose(&Request::new()).expect_err("it has none of these peers");
            assert_eq!(error.kind(), ChooseErrorKind::NoPeer, "{spec}");
        }
        let pending = owner.introspect().peers.into_iter().map(|p| p.status.pending_request_count);
        assert_eq!(pending.sum::<u32>(), 0, "{spec}");
        assert_eq!(others.retained(), 2);
    }
}
