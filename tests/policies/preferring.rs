//! A request that prefers a peer gets it if it can be had, whatever the policy, and any other if not.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use peerage::policy::{
    AnyPolicy, Choice, Dense, Entry, FewestPending, IndexRef, Key, Nothing, PeerInfo, Policy,
    Roster, Serial, SerialPolicy, catalogue,
};
use peerage::{
    ChooseErrorKind, Chooser, ConnectionStatus, Finish, List, ListUpdates, Outcome, Pick, Request,
    Wait,
};

use crate::{list, next};

/// A policy of one's own that must not miscount: the least loaded, by counts of its own.
#[derive(Debug, Default)]
struct Counting(BTreeMap<u64, (Key, u32)>, BTreeMap<String, u64>);

impl Counting {
    fn of(&mut self, peer: Key) -> &mut (Key, u32) {
        self.0.values_mut().find(|(key, _)| *key == peer).expect("it is there")
    }
}

impl SerialPolicy for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let number = self.1.len() as u64;
        let number = *self.1.entry(peer.id.to_owned()).or_insert(number);
        assert!(self.0.insert(number, (peer.key, peer.pending)).is_none(), "it is there twice");
    }

    fn unavailable(&mut self, peer: Key) {
        let there = self.0.len();
        self.0.retain(|_, (key, _)| *key != peer);
        assert_eq!(self.0.len(), there - 1);
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        let least = self.0.values_mut().min_by_key(|(_, pending)| *pending);
        let (key, pending) = least.ok_or(Nothing::Unavailable)?;
        *pending += 1;
        Ok(*key)
    }

    fn finished(&mut self, peer: Key, _: Finish) {
        if self.0.values().any(|(key, _)| *key == peer) {
            let (_, pending) = self.of(peer);
            *pending = pending.checked_sub(1).expect("an end without a beginning");
        }
    }
}

/// The first peer there is, and nothing about preferences.
#[derive(Debug, Default)]
struct First(Dense);

impl Policy for First {
    fn name(&self) -> &str {
        "first"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let pinned = self.0.available(roster).iter().find_map(Entry::pin);
        pinned.ok_or(Nothing::Unavailable)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.0.index())
    }
}

/// All that have a name but `direct`, some with a bound that does not bind, and two of one's own.
fn policies() -> Vec<AnyPolicy> {
    let names = catalogue().map(|row| row.name().to_owned()).filter(|name| name != "direct");
    let bounded =
        ["round-robin", "random", "hashring32", "maglev"].map(|name| format!("{name}:bound=1000"));
    let specs = names.chain(bounded);
    let mut all: Vec<AnyPolicy> =
        specs.map(|spec| AnyPolicy::from_spec(&spec.parse().unwrap(), Some(7))).collect();
    all.push(AnyPolicy::Custom(Box::new(Serial::new(Counting::default()))));
    all.push(AnyPolicy::Custom(Box::new(First::default())));
    all
}

fn pending<C: Chooser>(chooser: &C) -> Vec<u32> {
    let peers = chooser.introspect().peers;
    peers.iter().map(|peer| peer.status.pending_request_count).collect()
}

fn asking(name: &str) -> Request<'_> {
    Request::new().with_shard_key("key").with_preferred(name)
}

fn name(pick: Pick) -> String {
    let name = pick.identifier().to_owned();
    pick.finish(Outcome::Success);
    name
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
    for spec in ["round-robin:bound=1", "random:bound=1", "hashring32:bound=1", "maglev:bound=1"] {
        let (list, _transport) = list(AnyPolicy::from_spec(&spec.parse().unwrap(), Some(7)), 4);
        let held: Vec<Pick> = (0..4).map(|_| list.try_choose(&asking("p2")).unwrap()).collect();
        assert_eq!(held[0].identifier(), "p2", "{spec}");
        assert_eq!(pending(&list), [1; 4], "{spec}");
        drop(held);
        assert_eq!(name(list.try_choose(&asking("p2")).unwrap()), "p2", "{spec}");
    }
}

#[test]
fn direct_goes_by_the_name_in_the_key() {
    let (list, _transport) = list(AnyPolicy::from_spec(&"direct".parse().unwrap(), None), 3);
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

fn long() -> Wait<'static> {
    Wait::timeout(Duration::from_secs(20))
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
            let waiter = scope.spawn(|| name(list.choose(&asking("p1"), long()).unwrap()));
            while list.stats().waiting == 0 {
                thread::yield_now();
            }
            // It does not wait for that one.
            set("p2", ConnectionStatus::Available);
            assert_eq!(waiter.join().unwrap(), "p2", "{list:?}");
            set("p2", ConnectionStatus::Unavailable);
            let waiter = scope.spawn(|| name(list.choose(&asking("p1"), long()).unwrap()));
            set("p1", ConnectionStatus::Available);
            assert_eq!(waiter.join().unwrap(), "p1", "{list:?}");
        });
    }
}

/// Panics when it is asked for a peer that a request prefers.
#[derive(Debug, Default)]
struct Panics(First);

impl Policy for Panics {
    fn name(&self) -> &str {
        "panics"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.0.choose(roster, request)
    }

    fn choose_preferred<'r>(
        &'r self,
        _: &'r Roster,
        request: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<peerage::policy::Pinned<'r>> {
        let _pinned = peer.pin();
        panic!("for {:?}", request.preferred());
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        self.0.index()
    }
}

#[test]
fn a_panic_is_an_error_and_counts_nothing() {
    let (list, _transport) = list(Panics::default(), 2);
    let error = list.try_choose(&asking("p1")).unwrap_err();
    assert!(matches!(error.kind(), ChooseErrorKind::PolicyPanicked), "{error}");
    assert_eq!(pending(&list), [0; 2]);
    next(&list);
}

/// A serial policy that lets no request prefer a peer.
#[derive(Debug, Default)]
struct Stubborn(Counting);

impl SerialPolicy for Stubborn {
    fn name(&self) -> &'static str {
        "stubborn"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        self.0.available(peer);
    }

    fn unavailable(&mut self, peer: Key) {
        self.0.unavailable(peer);
    }

    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing> {
        self.0.choose(request)
    }

    fn preferred(&mut self, _: &PeerInfo<'_>, _: &Request<'_>) -> bool {
        false
    }
}

#[test]
fn a_serial_policy_may_refuse() {
    let (list, _transport) = list(Serial::new(Stubborn::default()), 3);
    let held: Vec<Pick> = (0..3).map(|_| list.try_choose(&asking("p1")).unwrap()).collect();
    assert_eq!(pending(&list), [1; 3]);
    drop(held);
}
