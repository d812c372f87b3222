//! Attributes are read once, and change without anything else that changes.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use peerage::error::PeerFailureKind;
use peerage::policy::{Choice, Dense, Entry, IndexRef, Nothing, Roster};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, ConnectionStatus, Identifier, Lifecycle, List as _, ListOptions,
    ListUpdates, Outcome, Peer, PeerList, Policy, Request, Subscriber, Transport, TransportError,
};

use crate::{member, peer, running, weighing};

/// The updates that give a member other attributes.
fn change(id: &str, attributes: Attributes) -> ListUpdates {
    ListUpdates { additions: vec![member(id, attributes)], removals: vec![peerage::identify(id)] }
}

#[test]
fn they_change_and_the_peer_stays_with_its_requests() {
    let (list, transport) = running();
    list.update(ListUpdates::adding(["a", "b"])).expect("adds");
    let picks: Vec<_> =
        (0..65).map(|_| list.try_choose(&Request::new()).expect("a peer")).collect();
    let before = peer(&*list, "a").status.pending_request_count;
    let attributes =
        Attributes::new().with_weight(7).with_tier(2).with_zone("eu").with_shard("s-1");
    list.update(change("a", attributes.clone())).expect("changes");
    assert_eq!(peer(&*list, "a").attributes, attributes);
    assert_eq!(peer(&*list, "b").attributes, Attributes::new());
    assert_eq!(peer(&*list, "a").status.pending_request_count, before);
    assert_eq!((transport.retains().len(), transport.releases().len()), (2, 0));
    for pick in picks {
        pick.finish(Outcome::Success);
    }
    assert_eq!(list.stats().pending, 0);
}

#[test]
fn they_change_before_the_start_too() {
    let transport = FakeTransport::new();
    let policy = peerage::policy::RoundRobin::new();
    let list = PeerList::new(policy, transport.clone(), ListOptions::new());
    list.update(ListUpdates::adding(["a"])).expect("is written down");
    list.update(change("a", weighing(3))).expect("changes");
    list.start().expect("starts");
    assert_eq!(peer(&list, "a").attributes.weight, 3);
    list.stop().expect("stops");
    assert_eq!((list.uninitialized(), transport.retained()), (1, 0));
}

#[test]
fn a_second_removal_or_addition_of_the_same_name_fails_and_the_peer_stays() {
    let (list, transport) = running();
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let mut updates = change("a", weighing(2));
    updates.additions.push(member("a", weighing(9)));
    updates.removals.push(peerage::identify("a"));
    let error = list.update(updates).expect_err("twice");
    let kinds: Vec<_> = error.failures().iter().map(|failure| failure.kind()).collect();
    assert!(
        matches!(kinds[..], [PeerFailureKind::NotInList, PeerFailureKind::AlreadyInList]),
        "{error}"
    );
    assert_eq!(peer(&*list, "a").attributes.weight, 2);
    assert_eq!(transport.releases().len(), 0);
}

/// Takes the heaviest peer, and of those the one of the lowest tier.
#[derive(Debug, Default)]
struct Heaviest(Dense);

impl Policy for Heaviest {
    fn name(&self) -> &str {
        "heaviest"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let rank = |peer: &Entry<'_>| (peer.weight(), u8::MAX - peer.tier());
        let heaviest = self.0.available(roster).iter().max_by_key(rank);
        heaviest.and_then(|peer| peer.pin()).ok_or(Nothing::Unavailable)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.0.index())
    }
}

#[test]
fn a_policy_reads_weight_and_tier_from_the_peer() {
    let list = PeerList::new(Heaviest::default(), FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    let chosen = || list.try_choose(&Request::new()).expect("a peer").identifier().to_owned();
    let heavy = |tier| weighing(u16::MAX).with_tier(tier);
    let additions = vec![member("a", weighing(0)), member("b", heavy(255)), member("c", heavy(0))];
    list.update(ListUpdates { additions, removals: vec![] }).expect("adds");
    assert_eq!(chosen(), "c");
    list.update(change("c", weighing(1))).expect("changes");
    assert_eq!(chosen(), "b");
}

/// A transport that stops inside `retain_peer` until it is told to go on, and writes down which
/// weight the identifier had that it was asked with.
struct Slow {
    inner: Arc<FakeTransport>,
    entered: Mutex<std::sync::mpsc::Sender<()>>,
    go_on: Mutex<std::sync::mpsc::Receiver<()>>,
    weights: Mutex<Vec<u16>>,
}

impl Transport for Slow {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let peer = self.inner.retain_peer(id, subscriber)?;
        self.weights.lock().expect("no panic").push(id.attributes().weight);
        self.entered.lock().expect("no panic").send(()).expect("awaited");
        let go_on = self.go_on.lock().expect("no panic");
        go_on.recv_timeout(Duration::from_secs(30)).expect("told to go on");
        Ok(peer)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.inner.release_peer(id, subscriber)
    }
}

/// Adds `a` of weight 1, runs `event` while the transport retains it, and returns the weights that
/// the transport was asked with, and the one that the list has in the end.
fn while_retaining(event: impl FnOnce(&PeerList<Heaviest>)) -> (Vec<u16>, u16) {
    let (enter, entered) = channel();
    let (tell, told) = channel();
    let transport = Arc::new(Slow {
        inner: FakeTransport::with_initial_status(ConnectionStatus::Available),
        entered: Mutex::new(enter),
        go_on: Mutex::new(told),
        weights: Mutex::default(),
    });
    let list = PeerList::new(Heaviest::default(), transport.clone(), ListOptions::new());
    list.start().expect("starts");
    thread::scope(|scope| {
        let adding = scope.spawn(|| list.update(ListUpdates::adding(["a"])));
        entered.recv_timeout(Duration::from_secs(30)).expect("the transport is asked");
        event(&list);
        // For this retain, and for another one if there is one.
        tell.send(()).expect("listens");
        tell.send(()).expect("listens");
        adding.join().expect("no panic").expect("adds");
    });
    let weights = transport.weights.lock().expect("no panic").clone();
    let weight = peer(&list, "a").attributes.weight;
    drop(list);
    assert_eq!(transport.inner.retained(), 0, "what was retained is released");
    (weights, weight)
}

#[test]
fn they_change_while_the_peer_is_being_retained() {
    let (asked, weight) =
        while_retaining(|list| list.update(change("a", weighing(5))).expect("ok"));
    assert_eq!((&asked[..], weight), (&[1][..], 5));
}

#[test]
fn a_peer_that_is_added_again_while_it_is_being_retained_gets_the_new_identifier() {
    let (asked, weight) = while_retaining(|list| {
        list.update(ListUpdates::removing(["a"])).expect("removes");
        let additions = vec![member("a", weighing(5))];
        list.update(ListUpdates { additions, removals: vec![] }).expect("adds");
    });
    assert_eq!((&asked[..], weight), (&[1, 5][..], 5));
}

/// An identifier that panics when it is asked for its name, or for its attributes.
#[derive(Debug)]
struct Unreadable(bool);

impl Identifier for Unreadable {
    fn identifier(&self) -> &str {
        assert!(!self.0, "no name");
        "nameless"
    }

    fn attributes(&self) -> Attributes {
        panic!("no attributes")
    }
}

#[test]
fn an_identifier_that_panics_is_an_error_and_the_rest_is_done() {
    let (list, _transport) = running();
    for nameless in [true, false] {
        let additions = vec![Arc::new(Unreadable(nameless)) as _, member("a", weighing(1))];
        let error = list.update(ListUpdates { additions, removals: vec![] }).expect_err("panics");
        let kind = error.failures()[0].kind();
        assert!(matches!(kind, PeerFailureKind::Unreadable(_)), "{error}");
        assert!(error.to_string().contains(if nameless { "no name" } else { "no attributes" }));
        assert_eq!(list.stats().peers, 1);
        list.update(ListUpdates::removing(["a"])).expect("removes");
    }
}
