//! Policies of one's own: serial and concurrent.

use std::sync::{Arc, Mutex};

use peerage::policy::{AnyPolicy, Choice, Dense, IndexRef, Key, Nothing, PeerInfo, Roster};
use peerage::policy::{Serial, SerialPolicy};
use peerage::{
    Attributes, ChooseErrorKind, Chooser, ConnectionStatus, Finish, List, ListUpdates, Member,
    Outcome, Policy,
};
use peerage::{Request, Wait};

use crate::{list, next};

/// Takes the first of its peers, and writes down what it is told.
#[derive(Debug, Default)]
struct Recorder {
    told: Arc<Mutex<Vec<String>>>,
    peers: Vec<(Key, String)>,
    removed: Vec<Key>,
}

impl Recorder {
    fn tell(&self, what: String) {
        self.told.lock().unwrap().push(what);
    }

    /// Also of peers that have been removed.
    fn name(&self, key: Key) -> &str {
        &self.peers.iter().rev().find(|(known, _)| *known == key).unwrap().1
    }
}

impl SerialPolicy for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let (id, pending, peer) = (peer.id, peer.pending, peer.key);
        self.tell(format!("+{id} {pending}"));
        self.peers.retain(|(known, _)| *known != peer);
        self.removed.retain(|known| *known != peer);
        self.peers.push((peer, id.to_owned()));
    }

    fn unavailable(&mut self, peer: Key) {
        self.tell(format!("-{}", self.name(peer)));
        self.removed.push(peer);
    }

    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing> {
        let mut peers = self.peers.iter().filter(|(key, _)| !self.removed.contains(key));
        let wanted = peers.find(|(_, id)| id.as_bytes() == request.shard_key());
        wanted.map(|(key, _)| *key).ok_or(Nothing::Excluded)
    }

    fn finished(&mut self, peer: Key, finish: Finish) {
        let outcome = finish.outcome;
        self.tell(format!("{} {outcome:?}", self.name(peer)));
    }
}

#[test]
fn a_serial_policy_is_told_everything_in_order() {
    let recorder = Recorder::default();
    let told = Arc::clone(&recorder.told);
    let told = || std::mem::take(&mut *told.lock().unwrap());
    let (list, transport) = list(Serial::new(recorder), 2);
    let choose = |name| list.try_choose(&Request::new().with_shard_key(name)).unwrap();
    assert_eq!(told(), ["+p0 0", "+p1 0"]);

    let (first, second, third) = (choose("p0"), choose("p0"), choose("p1"));
    first.finish(Outcome::Overloaded);
    drop(third);
    assert_eq!(told(), ["p0 Overloaded", "p1 Abandoned"]);

    // Back with a request in flight.
    transport.set_status("p0", ConnectionStatus::Connecting);
    transport.set_status("p0", ConnectionStatus::Available);
    assert_eq!(told(), ["-p0", "+p0 1"]);

    // Removed and added in one update: it stays, with its request.
    list.update(ListUpdates::new().with_removal("p0").with_addition("p0")).unwrap();
    assert_eq!(told(), ["-p0", "+p0 1"]);
    assert_eq!(transport.releases(), [""; 0]);

    // Removed and then added again: another peer, without requests. The old one still ends.
    list.update(ListUpdates::removing(["p0"])).unwrap();
    list.update(ListUpdates::adding(["p0"])).unwrap();
    assert_eq!(told(), ["-p0", "+p0 0"]);
    second.finish(Outcome::Failure);
    assert_eq!(told(), ["p0 Failure"]);
    assert_eq!(transport.releases(), ["p0"]);
    choose("p0").finish(Outcome::Success);
    assert_eq!(told(), ["p0 Success"]);
}

#[test]
fn a_serial_policy_may_have_nothing_for_a_request() {
    let (list, _transport) = list(Serial::new(Recorder::default()), 2);
    let error = list.try_choose(&Request::new().with_shard_key("p7")).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
    assert_eq!((error.peers(), error.available()), (2, 2));
}

/// Takes the peer whose position the shard key says.
#[derive(Debug, Default)]
struct Positional {
    peers: Dense,
}

impl Policy for Positional {
    fn name(&self) -> &str {
        "positional"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        let position = request.shard_key_text().and_then(|text| text.parse::<usize>().ok());
        let position = position.expect("a number");
        let available = self.peers.available(roster);
        if position >= available.len() {
            return Err(Nothing::TooFew(position + 1));
        }
        available.get(position).and_then(|peer| peer.pin()).ok_or(Nothing::Excluded)
    }
}

#[test]
fn a_concurrent_policy_works_behind_any_policy() {
    let (list, _transport) = list(AnyPolicy::Custom(Box::new(Positional::default())), 3);
    assert_eq!(list.name(), "positional");
    for n in ["0", "1", "2"] {
        let pick = list.choose(&Request::new().with_shard_key(n), Wait::default()).unwrap();
        assert_eq!(pick.identifier(), format!("p{n}"));
    }
    let error = list.try_choose(&Request::new().with_shard_key("3")).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
}

#[test]
fn a_serial_policy_works_behind_any_policy() {
    let policy = AnyPolicy::Custom(Box::new(Serial::new(Recorder::default())));
    let (list, _transport) = list(policy, 3);
    let pick = list.try_choose(&Request::new().with_shard_key("p2")).unwrap();
    assert_eq!(pick.identifier(), "p2");
}

#[test]
fn a_policy_of_the_crate_works_behind_a_box() {
    let boxed: Box<dyn Policy> = Box::new(peerage::policy::RoundRobin::in_order());
    let (list, _transport) = list(AnyPolicy::Custom(boxed), 2);
    let names: Vec<_> = (0..4).map(|_| next(&list)).collect();
    assert_eq!(names, ["p0", "p1", "p0", "p1"]);
}

#[test]
fn a_policy_that_panics_is_an_error_and_counts_nothing() {
    let (list, _transport) = list(AnyPolicy::Custom(Box::new(Positional::default())), 1);
    let error = list.try_choose(&Request::new().with_shard_key("x")).unwrap_err();
    assert_eq!(error.kind(), ChooseErrorKind::PolicyPanicked);
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(list.introspect().peers[0].status.pending_request_count, 0);
    assert_eq!(list.try_choose(&Request::new().with_shard_key("0")).unwrap().identifier(), "p0");
}

/// Writes down what a policy sees of its peers.
#[derive(Debug, Default)]
struct Onlooker {
    peers: Dense,
    seen: Mutex<Vec<(u32, u16, u8)>>,
}

impl Policy for Onlooker {
    fn name(&self) -> &str {
        "onlooker"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let peers = self.peers.available(roster);
        let seen = peers.iter().map(|peer| (peer.pending(), peer.weight(), peer.tier()));
        *self.seen.lock().unwrap() = seen.collect();
        peers.get(0).and_then(|peer| peer.pin()).ok_or(Nothing::Unavailable)
    }
}

#[test]
fn a_policy_sees_loads_weights_and_tiers() {
    let (list, _transport) = list(Onlooker::default(), 0);
    let members = [("a", 1, 0), ("b", 3, 2)].map(|(name, weight, tier)| {
        Member::new(name, Attributes::new().with_weight(weight).with_tier(tier))
    });
    list.update(ListUpdates::adding_members(members)).unwrap();
    let picks: Vec<_> = (0..3).map(|_| list.try_choose(&Request::new()).unwrap()).collect();
    assert_eq!(*list.policy().seen.lock().unwrap(), [(2, 1, 0), (0, 3, 2)]);
    drop(picks);
    drop(list.try_choose(&Request::new()));
    assert_eq!(*list.policy().seen.lock().unwrap(), [(0, 1, 0), (0, 3, 2)]);
}
