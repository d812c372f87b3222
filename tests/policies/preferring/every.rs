//! What holds of every policy.

use std::thread;

use peerage::policy::{AnyPolicy, FewestPending, Policy, Serial, catalogue};
use peerage::{Chooser, ConnectionStatus, List, ListUpdates, Outcome, Pick, Request, Wait};

use super::own::{Counting, First};
use super::{asking, name};
use crate::support::{LIMIT, until};
use crate::{BOUND_1, list, next, pending, policy};

/// All that have a name but `direct`, some with a bound that does not bind, and two of one's own.
fn policies() -> Vec<AnyPolicy> {
    let names = catalogue().map(|row| row.name().to_owned()).filter(|name| name != "direct");
    let bounded =
        ["round-robin", "random", "hashring32", "maglev"].map(|name| format!("{name}:bound=1000"));
    let mut all: Vec<AnyPolicy> = names.chain(bounded).map(|spec| policy(&spec)).collect();
    all.push(AnyPolicy::Custom(Box::new(Serial::new(Counting::default()))));
    all.push(AnyPolicy::Custom(Box::new(First::default())));
    all
}

#[test]
fn every_policy_takes_the_preferred_peer() {
    for policy in policies() {
        let (list, _transport) = list(policy, 5);
        for _ in 0..20 {
            for wanted in ["p0", "p1", "p2", "p3", "p4"] {
                let pick = list.try_choose(&asking(wanted)).unwrap();
                assert_eq!(pick.identifier(), wanted, "{list:?}");
                assert_eq!(pending(&list).iter().sum::<u32>(), 1, "{list:?}");
                let waited = list.choose(&asking(wanted), Wait::forever()).unwrap();
                assert_eq!(name(waited), wanted, "{list:?}");
                pick.finish(Outcome::Success);
            }
        }
        // Many at once, and a policy that counts counts them down again.
        let held: Vec<Pick> = (0..50).map(|_| list.try_choose(&asking("p3")).unwrap()).collect();
        assert_eq!(pending(&list), [0, 0, 0, 50, 0], "{list:?}");
        drop(held);
        assert_eq!(pending(&list), [0; 5], "{list:?}");
        next(&list);
    }
}

#[test]
fn a_peer_that_cannot_be_had_is_no_obstacle() {
    for policy in policies() {
        let (list, transport) = list(policy, 3);
        for unknown in ["", "p9", "P0", "p0 "] {
            name(list.try_choose(&asking(unknown)).unwrap());
        }
        transport.set_status("p1", ConnectionStatus::Connecting);
        for _ in 0..10 {
            assert_ne!(name(list.try_choose(&asking("p1")).unwrap()), "p1", "{list:?}");
        }
        transport.set_status("p1", ConnectionStatus::Available);
        assert_eq!(name(list.try_choose(&asking("p1")).unwrap()), "p1", "{list:?}");
        list.update(ListUpdates::removing(["p1"])).unwrap();
        assert_ne!(name(list.try_choose(&asking("p1")).unwrap()), "p1", "{list:?}");
        // One of the same name is another peer, and as good.
        list.update(ListUpdates::adding(["p1"])).unwrap();
        assert_eq!(name(list.try_choose(&asking("p1")).unwrap()), "p1", "{list:?}");
        assert_eq!(pending(&list), [0; 3], "{list:?}");
    }
}

#[test]
fn a_peer_that_is_to_be_avoided_is_not_preferred() {
    for policy in policies().into_iter().filter(|policy| policy.name() != "counting") {
        let (list, _transport) = list(policy, 3);
        for _ in 0..10 {
            let request = asking("p1").with_avoid(&["p1", "p0"]);
            assert_eq!(name(list.try_choose(&request).unwrap()), "p2", "{list:?}");
            let request = asking("p1").with_avoid(&["p0"]);
            assert_eq!(name(list.try_choose(&request).unwrap()), "p1", "{list:?}");
        }
    }
}

#[test]
fn a_bound_is_kept() {
    for spec in BOUND_1 {
        let (list, _transport) = list(policy(spec), 4);
        let held: Vec<Pick> = (0..4).map(|_| list.try_choose(&asking("p2")).unwrap()).collect();
        assert_eq!(held[0].identifier(), "p2", "{spec}");
        assert_eq!(pending(&list), [1; 4], "{spec}");
        drop(held);
        assert_eq!(name(list.try_choose(&asking("p2")).unwrap()), "p2", "{spec}");
    }
}

#[test]
fn direct_goes_by_the_name_in_the_key() {
    let (list, _transport) = list(policy("direct"), 3);
    let request = Request::new().with_shard_key("p2").with_preferred("p1");
    assert_eq!(name(list.try_choose(&request).unwrap()), "p2");
}

#[test]
fn the_least_loaded_is_known_after_preferences() {
    let serial = AnyPolicy::Custom(Box::new(Serial::new(Counting::default())));
    let levels = AnyPolicy::FewestPending(FewestPending::in_order());
    for policy in [serial, levels] {
        let (list, _transport) = list(policy, 3);
        let mut held: Vec<Pick> = (0..4).map(|_| list.try_choose(&asking("p0")).unwrap()).collect();
        held.extend((0..8).map(|_| list.try_choose(&Request::new()).unwrap()));
        assert_eq!(pending(&list), [4; 3]);
        // And after their ends.
        held.drain(..2).for_each(drop);
        held.extend((0..2).map(|_| list.try_choose(&Request::new()).unwrap()));
        assert_eq!(pending(&list), [4; 3]);
    }
}

#[test]
fn a_caller_that_waits_takes_what_comes_and_the_preferred_of_several() {
    for policy in policies() {
        let (list, transport) = list(policy, 3);
        let set = |name, status| transport.set_status(name, status);
        for name in ["p0", "p1", "p2"] {
            set(name, ConnectionStatus::Unavailable);
        }
        thread::scope(|scope| {
            let waiter =
                scope.spawn(|| name(list.choose(&asking("p1"), Wait::timeout(LIMIT)).unwrap()));
            until("it waits", || list.stats().waiting > 0);
            // It does not wait for that one.
            set("p2", ConnectionStatus::Available);
            assert_eq!(waiter.join().unwrap(), "p2", "{list:?}");
            set("p2", ConnectionStatus::Unavailable);
            let waiter =
                scope.spawn(|| name(list.choose(&asking("p1"), Wait::timeout(LIMIT)).unwrap()));
            set("p1", ConnectionStatus::Available);
            assert_eq!(waiter.join().unwrap(), "p1", "{list:?}");
        });
    }
}
