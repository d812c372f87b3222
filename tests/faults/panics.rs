//! Callbacks that panic: an error for the caller that asked, an event where none did, and a list that
//! goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::policy::{AnyPolicy, Choice, Dense, Entry, IndexRef, Nothing, Policy, Roster};
use peerage::policy::{RoundRobin, Watch};
use peerage::testing::FakeTransport;
use peerage::{
    ChooseErrorKind, Chooser, Event, Finish, Identifier, Lifecycle, List, ListOptions, ListUpdates,
    Outcome, Peer, Request, State, Status, StatusPeer, Subscriber, Transport, TransportError,
};

use crate::support::{chosen, counts, custom, list, pending, running};

type Heard = Arc<Mutex<Vec<String>>>;

/// Options whose observer writes down what panicked.
fn listening() -> (ListOptions, Heard) {
    let heard = Heard::default();
    let pen = heard.clone();
    let observer = move |_: &str, event: &Event<'_>| match event {
        Event::Panicked { what, message } => {
            pen.lock().expect("no panic").push(format!("{what}: {message}"));
        }
        Event::ReleaseFailed { failure } => pen.lock().expect("no panic").push(failure.to_string()),
        _ => {}
    };
    (ListOptions::new().with_observer(Arc::new(observer)), heard)
}

#[test]
fn in_retain_peer() {
    let transport = FakeTransport::new();
    let list = running("round-robin", &transport, &["a"]);
    transport.on_retain(|_, _| panic!("oh no"));
    let error = list.update(ListUpdates::adding(["b"])).expect_err("panics");
    assert!(error.to_string().contains("retain_peer panicked: oh no"), "{error}");
    transport.on_retain(|_, _| ());
    assert_eq!(counts(&list), (1, 0, 0));
    list.update(ListUpdates::adding(["b"])).expect("is not in the list");
    assert_eq!(counts(&list), (2, 0, 0));
}

#[test]
fn in_retain_peer_during_the_start() {
    let transport = FakeTransport::new();
    let list = list("round-robin", &transport);
    list.update(ListUpdates::adding(["a"])).expect("adds");
    transport.on_retain(|_, _| panic!("oh no"));
    list.start().expect_err("panics");
    assert_eq!(list.state(), State::Idle);
    transport.on_retain(|_, _| ());
    list.start().expect("starts");
    assert_eq!(chosen(&*list, &Request::new()).as_deref(), Some("a"));
}

#[test]
fn in_release_peer() {
    let transport = FakeTransport::new();
    let list = running("round-robin", &transport, &["a", "b"]);
    transport.on_release(|id, _| assert_ne!(id, "a", "oh no"));
    let error = list.update(ListUpdates::removing(["a", "b"])).expect_err("panics");
    assert_eq!(error.failures().len(), 1);
    assert!(error.to_string().contains("release_peer panicked"), "{error}");
    assert_eq!(counts(&list), (0, 0, 0));
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let error = list.stop().expect_err("panics");
    assert!(error.to_string().contains("release_peer panicked"), "{error}");
    assert_eq!(list.state(), State::Stopped);
}

#[test]
fn in_release_peer_when_a_request_ends() {
    let (options, heard) = listening();
    let transport = FakeTransport::new();
    let list = custom(RoundRobin::new(), transport.clone(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let pick = list.try_choose(&Request::new()).expect("a peer");
    list.update(ListUpdates::removing(["a"])).expect("is only taken out of the choice");
    transport.on_release(|_, _| panic!("oh no"));
    pick.finish(Outcome::Success);
    let heard = heard.lock().expect("no panic").clone();
    assert!(heard.len() == 1 && heard[0].contains("oh no"), "{heard:?}");
}

#[test]
fn in_an_observer() {
    let options = ListOptions::new().with_observer(Arc::new(|_: &str, _: &Event<'_>| panic!("!")));
    let transport = FakeTransport::new();
    let list = custom(RoundRobin::new(), transport.clone(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    transport.set_status("a", Unavailable);
    transport.set_status("a", Available);
    assert_eq!(chosen(&*list, &Request::new()).as_deref(), Some("a"));
    list.stop().expect("stops");
}

#[test]
fn in_a_notice() {
    let transport = FakeTransport::with_initial_status(Unavailable);
    let list = running("round-robin", &transport, &["a"]);
    let given = Arc::new(AtomicBool::new(false));
    let flag = given.clone();
    list.notify_ready(&Request::new(), Box::new(|_| panic!("oh no")));
    list.notify_ready(&Request::new(), Box::new(move |_| flag.store(true, Ordering::Release)));
    transport.set_status("a", Available);
    assert!(given.load(Ordering::Acquire), "the next in the queue is told all the same");
    assert_eq!((list.waiting(), list.available()), (0, 1));
}

/// A peer that panics wherever it is asked, while it is told to.
#[derive(Debug, Default)]
struct Brittle(AtomicBool);

impl Brittle {
    fn asked(&self) {
        assert!(!self.0.load(Ordering::Acquire), "brittle");
    }
}

impl Identifier for Brittle {
    fn identifier(&self) -> &str {
        "a"
    }
}

impl StatusPeer for Brittle {
    fn status(&self) -> Status {
        self.asked();
        Status { connection_status: Available, pending_request_count: 0 }
    }
}

impl Peer for Brittle {
    fn watches_requests(&self) -> bool {
        true
    }

    fn start_request(&self) {
        self.asked();
    }

    fn end_request(&self, _: Outcome) {
        self.asked();
    }
}

#[derive(Default)]
struct BrittleTransport(Arc<Brittle>, Mutex<Vec<Arc<dyn Subscriber>>>);

impl Transport for BrittleTransport {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        self.1.lock().expect("no panic").push(subscriber);
        Ok(self.0.clone())
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.1.lock().expect("no panic").clear();
        Ok(())
    }
}

#[test]
fn in_a_peers_status_and_hooks() {
    let (options, heard) = listening();
    let transport = Arc::new(BrittleTransport::default());
    let list = custom(RoundRobin::new(), transport.clone(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    transport.0.0.store(true, Ordering::Release);
    let subscriber = transport.1.lock().expect("no panic")[0].clone();
    subscriber.notify_status_changed(&"a");
    list.try_choose(&Request::new()).expect("a peer").finish(Outcome::Success);
    transport.0.0.store(false, Ordering::Release);

    let heard = heard.lock().expect("no panic").clone();
    let what = |event: &String| event.split_once(':').expect("what: message").0.to_owned();
    let whats: Vec<String> = heard.iter().map(what).collect();
    assert_eq!(whats, ["status", "start_request", "end_request"], "{heard:?}");
    assert_eq!((counts(&list), pending(&*list, "a")), ((1, 0, 0), 0));
    assert_eq!(chosen(&*list, &Request::new()).as_deref(), Some("a"));
}

/// A policy that panics while it is told to.
#[derive(Debug, Default)]
struct Brash(Arc<AtomicBool>, Dense);

impl Policy for Brash {
    fn name(&self) -> &str {
        "brash"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.1.index())
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let pinned = self.1.available(roster).iter().find_map(Entry::pin);
        assert!(!self.0.load(Ordering::Acquire), "in choose");
        pinned.ok_or(Nothing::Unavailable)
    }

    fn watches(&self) -> Watch {
        Watch::NOTHING.with_finish()
    }

    fn finished(&self, _: Entry<'_>, _: Finish) {
        assert!(!self.0.load(Ordering::Acquire), "in finished");
    }
}

#[test]
fn in_a_policy() {
    let (options, heard) = listening();
    let brash = Arc::new(AtomicBool::new(false));
    let policy = AnyPolicy::Custom(Box::new(Brash(brash.clone(), Dense::new())));
    let list = custom(policy, FakeTransport::new(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let pick = list.try_choose(&Request::new()).expect("a peer");
    brash.store(true, Ordering::Release);
    let error = list.try_choose(&Request::new()).expect_err("panics");
    assert_eq!(error.kind(), ChooseErrorKind::PolicyPanicked);
    assert!(error.to_string().contains("in choose"), "{error}");
    pick.finish(Outcome::Success);
    let heard = heard.lock().expect("no panic").clone();
    // Of the choice that was taken back, and of the request.
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard.iter().all(|event| event.contains("in finished")), "{heard:?}");
    brash.store(false, Ordering::Release);
    assert_eq!(pending(&*list, "a"), 0, "neither choice is still counted");
    assert_eq!(chosen(&*list, &Request::new()).as_deref(), Some("a"));
}
