//! Choosers, status pushers and an updater on one list at once: at the end every count is exact.
//!
//! Bounded by a number of operations, not by time, so a slow machine does the same work.
#![cfg(feature = "testing")]

mod support;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::thread;

use peerage::policy::AnyPolicy;
use peerage::testing::FakeTransport;
use peerage::{Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, Outcome};
use peerage::{PeerList, Pick, Request, StatusPeer, Wait};

use support::LIMIT;

const PEERS: usize = 12;
const CHOICES: usize = 20_000;
const PUSHES: usize = 15_000;
const UPDATES: usize = 4_000;

fn name(peer: usize) -> String {
    format!("p{peer}")
}

/// Chooses and holds up to four picks. Two of the choosers wait, two do not.
fn choose(list: &PeerList, me: usize) -> usize {
    let mut held: VecDeque<Pick> = VecDeque::new();
    let mut chosen = 0;
    for n in 0..CHOICES {
        let key = n.to_string();
        let request = Request::new().with_shard_key(&key);
        let pick = if me % 2 == 0 {
            Some(list.choose(&request, Wait::timeout(LIMIT)).unwrap())
        } else {
            list.try_choose(&request).ok()
        };
        chosen += usize::from(pick.is_some());
        held.extend(pick);
        if held.len() > 4 || n % 7 == me {
            match held.pop_front() {
                Some(pick) if n % 3 == 0 => drop(pick),
                Some(pick) => pick.finish(Outcome::Success),
                None => {}
            }
        }
    }
    chosen
}

fn push(transport: &FakeTransport, me: usize) {
    let statuses =
        [ConnectionStatus::Unavailable, ConnectionStatus::Available, ConnectionStatus::Connecting];
    for n in 0..PUSHES {
        transport.set_status(&name((n * 5 + me) % PEERS), statuses[(n + n / 7 + me) % 3]);
    }
    // Whichever pusher ends last leaves all peers available, so no chooser waits in vain.
    for peer in 0..PEERS {
        transport.set_status(&name(peer), ConnectionStatus::Available);
    }
}

/// Removes and adds the second half of the peers, the last thing being an addition.
fn update(list: &PeerList) {
    let half = PEERS / 2;
    for n in 0..UPDATES {
        let peer = name(half + n % half);
        list.update(ListUpdates::removing([peer.clone()])).unwrap();
        if n % 2 == 0 {
            let again = ListUpdates::new().with_addition(&peer).with_removal(&peer);
            assert_eq!(list.update(again).unwrap_err().failures().len(), 1, "it was not there");
        } else {
            list.update(ListUpdates::adding([peer])).unwrap();
        }
    }
}

fn stress(policy: &str) {
    let transport = FakeTransport::watching_requests();
    let policy: AnyPolicy = policy.parse().unwrap();
    let list = Arc::new(PeerList::new(policy, transport.clone(), ListOptions::new()));
    list.start().unwrap();
    list.update(ListUpdates::adding((0..PEERS).map(name))).unwrap();

    let chosen: usize = thread::scope(|scope| {
        let choosers: Vec<_> = (0..4)
            .map(|me| {
                scope.spawn({
                    let list = &list;
                    move || choose(list, me)
                })
            })
            .collect();
        for me in 0..2 {
            let transport = &transport;
            scope.spawn(move || push(transport, me));
        }
        scope.spawn(|| update(&list));
        choosers.into_iter().map(|chooser| chooser.join().unwrap()).sum()
    });

    let page = list.introspect().peers;
    let known: Vec<_> = page.iter().map(|peer| peer.identifier.clone()).collect();
    let mut expected: Vec<_> = (0..PEERS).map(name).collect();
    expected.sort();
    assert_eq!(known, expected);
    for peer in &page {
        assert_eq!(peer.status.pending_request_count, 0, "{}", peer.identifier);
        let latest = transport.peer(&peer.identifier).status().connection_status;
        assert_eq!(peer.status.connection_status, latest, "{}", peer.identifier);
    }
    assert_eq!((list.available(), list.unavailable(), list.waiting()), (PEERS, 0, 0));
    assert_eq!(transport.retained(), PEERS);

    let requests: Vec<_> = (0..PEERS).map(|peer| transport.peer(&name(peer))).collect();
    for peer in &requests {
        assert_eq!(peer.started(), peer.ended().len());
    }
    assert!(chosen >= 2 * CHOICES);
    assert_eq!(requests.iter().map(|peer| peer.started()).sum::<usize>(), chosen);

    list.stop().unwrap();
    assert_eq!(transport.retained(), 0);
    assert_eq!(count(transport.retains()), count(transport.releases()));
}

fn count(names: Vec<String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    counts
}

#[test]
fn round_robin() {
    stress("round-robin");
}

#[test]
fn random() {
    stress("random");
}

#[test]
fn two_random_choices() {
    stress("two-random-choices");
}

#[test]
fn fewest_pending_requests() {
    stress("fewest-pending-requests");
}

#[test]
fn hashring32() {
    stress("hashring32:replicas=20,delimiter=#");
}
