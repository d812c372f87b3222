//! A request that names peers to avoid gets another one if there is any, whatever the policy.

use std::time::Duration;

use peerage::policy::{AnyPolicy, FewestPending, HashRing32, Rng};
use peerage::{Chooser, ConnectionStatus, Finish, Outcome, PeerList, Request};

use crate::{list, policy};

const SPECS: [&str; 10] = [
    "round-robin",
    "weighted-round-robin",
    "random",
    "two-random-choices",
    "least-loaded",
    "least-latency",
    "least-reported:choices=1",
    "fewest-pending-requests",
    "hashring32",
    "maglev",
];

fn policies() -> impl Iterator<Item = AnyPolicy> {
    SPECS.into_iter().map(policy)
}

#[test]
fn an_avoided_peer_is_not_chosen_while_there_is_another() {
    for policy in policies() {
        let (list, _transport) = list(policy, 3);
        for round in 0..200 {
            let avoided = ["p0", "p1", "p2"];
            let (some, other) = (&avoided[..2], &avoided[1..]);
            let request = Request::new().with_shard_key("key");
            let pick = list.try_choose(&request.with_avoid(some)).unwrap();
            assert_eq!(pick.identifier(), "p2", "round {round}, {list:?}");
            pick.finish(Outcome::Success);
            let pick = list.try_choose(&request.with_avoid(other)).unwrap();
            assert_eq!(pick.identifier(), "p0", "round {round}, {list:?}");
            pick.finish(Outcome::Success);
        }
        assert_eq!(list.stats().pending, 0, "{list:?}");
    }
}

#[test]
fn an_avoided_peer_is_chosen_when_there_is_no_other() {
    for policy in policies() {
        let (list, transport) = list(policy, 3);
        transport.set_status("p0", ConnectionStatus::Connecting);
        let request = Request::new().with_avoid(&["p1", "p2", "nobody", "p1"]);
        let pick = list.try_choose(&request).unwrap();
        assert_ne!(pick.identifier(), "p0");
        assert_eq!(list.stats().pending, 1, "{list:?}");
        pick.finish(Outcome::Success);
        assert_eq!(list.stats().pending, 0, "{list:?}");
    }
}

#[test]
fn many_may_be_avoided() {
    for policy in policies() {
        let (list, _transport) = list(policy, 40);
        let names: Vec<String> = (0..39).map(|n| format!("p{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for _ in 0..20 {
            let pick = list.try_choose(&Request::new().with_avoid(&names)).unwrap();
            assert_eq!(pick.identifier(), "p39", "{list:?}");
        }
        assert_eq!(list.stats().pending, 0, "{list:?}");
    }
}

#[test]
fn fewest_pending_gives_the_least_loaded_of_the_others() {
    let (list, _transport) = list(FewestPending::in_order(), 4);
    let request = Request::new();
    let held: Vec<_> = (0..4).map(|_| list.try_choose(&request).unwrap()).collect();
    // All have one, and p0 and p1 would be next; p2 gets a second.
    let pick = list.try_choose(&request.with_avoid(&["p1", "p0"])).unwrap();
    assert_eq!(pick.identifier(), "p2");
    // A turn that was refused is over.
    for expected in ["p3", "p0", "p1"] {
        let next = list.try_choose(&request).unwrap();
        assert_eq!(next.identifier(), expected);
        std::mem::forget(next);
    }
    drop((held, pick));
}

#[test]
fn a_ring_gives_the_next_owner_always_the_same() {
    let ring = HashRing32::default().with_rng(Rng::seeded(1));
    let (list, _transport): (PeerList<_>, _) = list(ring, 5);
    for key in ["a", "b", "c", "d"] {
        let request = Request::new().with_shard_key(key);
        let owner = list.try_choose(&request).unwrap().identifier().to_owned();
        let avoided = [owner.as_str()];
        let next = |_| {
            let pick = list.try_choose(&request.with_avoid(&avoided)).unwrap();
            pick.identifier().to_owned()
        };
        let nexts: Vec<String> = (0..10).map(next).collect();
        assert!(nexts.iter().all(|next| *next == nexts[0] && *next != owner), "{owner} {nexts:?}");
    }
}

/// The cheapest peer, which a client remembers, is the one that it has been sent to and avoids: the
/// others share what is sent elsewhere.
#[test]
fn what_avoids_the_cheapest_peer_is_spread_over_the_others() {
    for spec in ["least-loaded", "least-latency:measure=off", "least-reported:choices=1"] {
        let (list, _transport) = list(policy(spec), 20);
        let only = |name| list.try_choose(&Request::new().with_preferred(name)).unwrap();
        let names: Vec<String> = (1..20).map(|n| format!("p{n}")).collect();
        let busy: Vec<_> = names.iter().map(|name| only(name)).collect();
        let finish = Finish::new(Outcome::Success).with_latency(Duration::from_millis(1));
        for _ in 0..50 {
            only("p0").finish(finish);
            list.try_choose(&Request::new()).unwrap().finish(finish);
        }
        let avoiding = || list.try_choose(&Request::new().with_avoid(&["p0"])).unwrap();
        let others: Vec<_> = (0..190).map(|_| avoiding()).collect();
        for peer in list.introspect().peers {
            // Ten each, and the one from before; with one draw as many as chance has it.
            let (name, pending) = (peer.identifier, peer.status.pending_request_count);
            let may_have = if name == "p0" { 0..1 } else { 2..25 };
            assert!(may_have.contains(&pending), "{spec}: {pending} on {name}");
        }
        drop((busy, others));
    }
}
