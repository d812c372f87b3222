//! Serial policies that act on their list from inside their own calls.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use peerage::policy::{Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates};
use peerage::{Finish, Outcome, PeerList, Pick, Request};

use crate::{list, next};

/// Hands out `p0`; whatever it hears of `p1` makes `p1` change again.
#[derive(Debug)]
struct Flapper {
    transport: Arc<FakeTransport>,
    p0: Option<Key>,
    p1: Option<Key>,
    heard: Arc<AtomicUsize>,
}

impl Flapper {
    fn hear(&self, status: ConnectionStatus) {
        if self.heard.fetch_add(1, Ordering::Relaxed) < 10_000 {
            self.transport.set_status("p1", status);
        }
    }
}

impl SerialPolicy for Flapper {
    fn name(&self) -> &'static str {
        "flapper"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let (id, peer) = (peer.id, peer.key);
        if id == "p0" {
            self.p0 = Some(peer);
        } else {
            self.p1 = Some(peer);
            self.hear(ConnectionStatus::Connecting);
        }
    }

    fn unavailable(&mut self, peer: Key) {
        if self.p1 == Some(peer) {
            self.hear(ConnectionStatus::Available);
        }
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.p0.ok_or(Nothing::Unavailable)
    }
}

#[test]
fn changes_that_come_faster_than_they_are_told_do_not_keep_a_choice_from_being_made() {
    let transport = FakeTransport::new();
    let heard = Arc::new(AtomicUsize::new(0));
    let policy =
        Flapper { transport: transport.clone(), p0: None, p1: None, heard: Arc::clone(&heard) };
    let list = PeerList::new(Serial::new(policy), transport, ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["p0", "p1"])).unwrap();
    for _ in 0..10 {
        assert_eq!(next(&list), "p0");
    }
    let heard = heard.load(Ordering::Relaxed);
    assert!((10..100).contains(&heard), "{heard} changes were told with 10 choices");
}

/// Finishes another request when it hears that one has ended.
#[derive(Debug)]
struct Chain {
    peer: Option<Key>,
    next: Arc<Mutex<Vec<Pick>>>,
    ended: Arc<AtomicUsize>,
}

impl SerialPolicy for Chain {
    fn name(&self) -> &'static str {
        "chain"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let peer = peer.key;
        self.peer = Some(peer);
    }

    fn unavailable(&mut self, _: Key) {
        self.peer = None;
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        self.peer.ok_or(Nothing::Unavailable)
    }

    fn finished(&mut self, _: Key, _: Finish) {
        self.ended.fetch_add(1, Ordering::Relaxed);
        let next = self.next.lock().unwrap().pop();
        if let Some(next) = next {
            next.finish(Outcome::Success);
        }
    }
}

#[test]
fn a_policy_hears_of_every_end_even_of_one_that_it_caused_last() {
    let (next, ended) = (Arc::new(Mutex::new(vec![])), Arc::new(AtomicUsize::new(0)));
    let policy = Chain { peer: None, next: Arc::clone(&next), ended: Arc::clone(&ended) };
    let (list, _transport) = list(Serial::new(policy), 1);
    let first = list.try_choose(&Request::new()).unwrap();
    for _ in 0..2 {
        next.lock().unwrap().push(list.try_choose(&Request::new()).unwrap());
    }
    first.finish(Outcome::Success);
    drop(list);
    assert_eq!(ended.load(Ordering::Relaxed), 3);
}

/// Counts the requests of its peer by what it is told. Once, on hearing of an end, it ends another
/// request and makes the peer go and come back.
#[derive(Debug)]
struct Ledger {
    transport: Arc<FakeTransport>,
    peer: Option<Key>,
    pending: Arc<Mutex<i64>>,
    next: Arc<Mutex<Option<Pick>>>,
    comes_back: bool,
}

impl SerialPolicy for Ledger {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let (pending, peer) = (peer.pending, peer.key);
        self.peer = Some(peer);
        *self.pending.lock().unwrap() = pending.into();
    }

    fn unavailable(&mut self, _: Key) {
        self.peer = None;
        if std::mem::take(&mut self.comes_back) {
            self.transport.set_status("p0", ConnectionStatus::Available);
        }
    }

    fn choose(&mut self, _: &Request<'_>) -> Result<Key, Nothing> {
        *self.pending.lock().unwrap() += 1;
        self.peer.ok_or(Nothing::Unavailable)
    }

    fn finished(&mut self, _: Key, _: Finish) {
        *self.pending.lock().unwrap() -= 1;
        let next = self.next.lock().unwrap().take();
        if let Some(next) = next {
            next.finish(Outcome::Success);
            self.comes_back = true;
            self.transport.set_status("p0", ConnectionStatus::Connecting);
        }
    }
}

#[test]
fn a_peer_that_comes_back_is_told_with_the_requests_whose_ends_are_told_later() {
    let (pending, next_pick) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(None)));
    let transport = FakeTransport::new();
    let policy = Ledger {
        transport: transport.clone(),
        peer: None,
        pending: Arc::clone(&pending),
        next: Arc::clone(&next_pick),
        comes_back: false,
    };
    let list = PeerList::new(Serial::new(policy), transport, ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["p0"])).unwrap();
    let choose = || list.try_choose(&Request::new()).unwrap();
    let first = choose();
    *next_pick.lock().unwrap() = Some(choose());
    let held = choose();
    first.finish(Outcome::Success);
    held.finish(Outcome::Success);
    // Whatever is left to tell is told before a choice.
    assert_eq!(next(&list), "p0");
    assert_eq!(*pending.lock().unwrap(), 0);
}
