//! Callbacks that call back.
//!
//! Each case is the same: a callback of some kind, the first time it runs, chooses, updates, stops
//! and lets go of the list it was called by. A lock held around it would show as a hang, which the
//! watchdog turns into a failure. Where the caller holds none, the callback's is the last reference.

use std::fmt;
use std::sync::{Arc, Mutex};

use peerage::ConnectionStatus::{self, Available, Unavailable};
use peerage::policy::{AnyPolicy, Entry, Key, Policy, Roster, RoundRobin, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, Peer, PeerList,
    Pinned, Ready, Request, Status, StatusPeer, Subscriber, Transport, TransportError, Wait,
};

use crate::support::{custom, within};

trait AnyList: Chooser + List {}
impl<T: Chooser + List> AnyList for T {}

/// Does everything to a list, once.
#[derive(Clone, Default)]
struct Mischief {
    list: Arc<Mutex<Option<Arc<dyn AnyList>>>>,
    done: Arc<Mutex<u32>>,
}

impl fmt::Debug for Mischief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mischief")
    }
}

impl Mischief {
    fn arm(&self, list: Arc<dyn AnyList>) {
        *self.list.lock().expect("no panic") = Some(list);
    }

    fn go(&self) {
        let Some(list) = self.list.lock().expect("no panic").take() else { return };
        let request = Request::new();
        drop(list.try_choose(&request));
        drop(list.choose(&request, Wait::timeout(std::time::Duration::from_millis(1))));
        let _ = list.introspect();
        let _ = list.notify_ready(&request, Box::new(|_| ()));
        let _ = list.update(ListUpdates::adding(["extra"]));
        let _ = list.update(ListUpdates::removing(["extra", "a"]));
        let _ = list.start();
        let _ = list.stop();
        drop(list);
        *self.done.lock().expect("no panic") += 1;
    }

    /// The callback has run, and come back.
    fn assert_done(&self) {
        assert_eq!(*self.done.lock().expect("no panic"), 1);
    }
}

/// A running list with peer `a`, whose last reference the mischief is given.
fn armed(transport: &Arc<FakeTransport>, options: ListOptions, mischief: &Mischief) {
    let list = custom(RoundRobin::new(), transport.clone(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    mischief.arm(list);
}

#[test]
fn from_inside_retain_peer() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
        let hook = mischief.clone();
        transport.on_retain(move |_, _| hook.go());
        list.start().expect("starts");
        mischief.arm(list.clone());
        let _ = list.update(ListUpdates::adding(["a"]));
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn from_inside_retain_peer_during_the_start() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
        let hook = mischief.clone();
        transport.on_retain(move |_, _| hook.go());
        list.update(ListUpdates::adding(["a", "b"])).expect("adds");
        mischief.arm(list.clone());
        list.start().expect_err("it was stopped meanwhile");
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn from_inside_release_peer() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        armed(&transport, ListOptions::new(), &mischief);
        let list = mischief.list.lock().expect("no panic").clone().expect("armed");
        let hook = mischief.clone();
        transport.on_release(move |_, _| hook.go());
        list.update(ListUpdates::removing(["a"])).expect("removes");
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

/// The pick holds the last that is left of the list.
#[test]
fn from_inside_release_peer_when_a_request_ends() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        armed(&transport, ListOptions::new(), &mischief);
        let pick = {
            let list = mischief.list.lock().expect("no panic");
            let list = list.as_ref().expect("armed");
            let pick = list.try_choose(&Request::new()).expect("a peer");
            list.update(ListUpdates::removing(["a"])).expect("removes");
            pick
        };
        let hook = mischief.clone();
        transport.on_release(move |_, _| hook.go());
        pick.finish(Outcome::Success);
        mischief.assert_done();
        assert_eq!(transport.releases().iter().filter(|id| *id == "a").count(), 1);
    });
}

#[test]
fn from_inside_an_observer() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        let hook = mischief.clone();
        let observer = move |_: &str, _: &peerage::Event<'_>| hook.go();
        armed(&transport, ListOptions::new().with_observer(Arc::new(observer)), &mischief);
        transport.set_status("a", Unavailable);
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn from_inside_a_notice() {
    within(|| {
        let transport = FakeTransport::with_initial_status(Unavailable);
        let mischief = Mischief::default();
        armed(&transport, ListOptions::new(), &mischief);
        let hook = mischief.clone();
        let notice = Box::new(move |ready| {
            assert_eq!(ready, Ready::TryAgain);
            hook.go();
        });
        let list = mischief.list.lock().expect("no panic").clone().expect("armed");
        assert!(list.notify_ready(&Request::new(), notice).is_some());
        drop(list);
        transport.set_status("a", Available);
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn from_inside_the_notice_of_a_stop() {
    within(|| {
        let transport = FakeTransport::with_initial_status(Unavailable);
        let mischief = Mischief::default();
        armed(&transport, ListOptions::new(), &mischief);
        let hook = mischief.clone();
        let list = mischief.list.lock().expect("no panic").clone().expect("armed");
        list.notify_ready(&Request::new(), Box::new(move |_| hook.go()));
        list.stop().expect("stops");
        mischief.assert_done();
    });
}

/// A peer that calls back from one of its methods.
#[derive(Debug)]
struct Caller {
    at: At,
    mischief: Mischief,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum At {
    Status,
    Start,
    End,
}

impl Identifier for Caller {
    fn identifier(&self) -> &str {
        "a"
    }
}

impl StatusPeer for Caller {
    fn status(&self) -> Status {
        self.reached(At::Status);
        Status { connection_status: Available, pending_request_count: 0 }
    }
}

impl Peer for Caller {
    fn watches_requests(&self) -> bool {
        true
    }

    fn start_request(&self) {
        self.reached(At::Start);
    }

    fn end_request(&self, _: Outcome) {
        self.reached(At::End);
    }
}

impl Caller {
    fn reached(&self, at: At) {
        if self.at == at {
            self.mischief.go();
        }
    }
}

/// Hands out the one peer, and keeps its last subscriber.
struct CallerTransport(Arc<Caller>, Mutex<Option<Arc<dyn Subscriber>>>);

impl Transport for CallerTransport {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        *self.1.lock().expect("no panic") = Some(subscriber);
        Ok(self.0.clone())
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        Ok(())
    }
}

fn caller(at: At) -> (Arc<PeerList<RoundRobin>>, Arc<CallerTransport>, Mischief) {
    let mischief = Mischief::default();
    let peer = Arc::new(Caller { at, mischief: mischief.clone() });
    let transport = Arc::new(CallerTransport(peer, Mutex::new(None)));
    let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    (list, transport, mischief)
}

#[test]
fn from_inside_status() {
    within(|| {
        let (list, transport, mischief) = caller(At::Status);
        mischief.arm(list);
        let subscriber = transport.1.lock().expect("no panic").take().expect("retained");
        subscriber.notify_status_changed(&"a");
        mischief.assert_done();
    });
}

#[test]
fn from_inside_start_request() {
    within(|| {
        let (list, _, mischief) = caller(At::Start);
        mischief.arm(list.clone());
        list.try_choose(&Request::new()).expect("chosen already").finish(Outcome::Success);
        mischief.assert_done();
    });
}

#[test]
fn from_inside_end_request() {
    within(|| {
        let (list, _, mischief) = caller(At::End);
        let pick = list.try_choose(&Request::new()).expect("a peer");
        mischief.arm(list);
        pick.finish(Outcome::Success);
        mischief.assert_done();
    });
}

/// A policy that calls back from its choice, or from a request's end.
#[derive(Debug)]
struct Calling {
    at_end: bool,
    mischief: Mischief,
}

impl Policy for Calling {
    fn name(&self) -> &str {
        "calling"
    }

    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        if !self.at_end {
            self.mischief.go();
        }
        roster.available().iter().find_map(Entry::pin)
    }

    fn watches_finish(&self) -> bool {
        true
    }

    fn finished(&self, _: Entry<'_>, _: Outcome) {
        if self.at_end {
            self.mischief.go();
        }
    }
}

impl SerialPolicy for Calling {
    fn name(&self) -> &'static str {
        "calling"
    }

    fn added(&mut self, _: Key, _: &str, _: u32) {
        if self.at_end {
            self.mischief.go();
        }
    }

    fn removed(&mut self, _: Key) {}

    fn choose(&mut self, _: &Request<'_>) -> Option<Key> {
        self.mischief.go();
        None
    }
}

fn calling(at_end: bool, mischief: &Mischief) -> Calling {
    Calling { at_end, mischief: mischief.clone() }
}

#[test]
fn from_inside_a_policys_choose() {
    within(|| {
        let mischief = Mischief::default();
        let policy = AnyPolicy::Custom(Box::new(calling(false, &mischief)));
        let list = custom(policy, FakeTransport::new(), ListOptions::new());
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        mischief.arm(list.clone());
        list.try_choose(&Request::new()).expect_err("stopped meanwhile");
        mischief.assert_done();
    });
}

#[test]
fn from_inside_a_policys_finished() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        let list = custom(calling(true, &mischief), transport.clone(), ListOptions::new());
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        let pick = list.try_choose(&Request::new()).expect("a peer");
        mischief.arm(list);
        pick.finish(Outcome::Success);
        mischief.assert_done();
        assert_eq!(transport.retained(), 0);
    });
}

#[test]
fn from_inside_a_serial_policy() {
    for at_end in [false, true] {
        within(move || {
            let (transport, mischief) = (FakeTransport::new(), Mischief::default());
            let policy = Serial::new(calling(at_end, &mischief));
            let list = custom(policy, transport.clone(), ListOptions::new());
            list.start().expect("starts");
            mischief.arm(list.clone());
            let _ = list.update(ListUpdates::adding(["a"]));
            let _ = list.try_choose(&Request::new());
            mischief.assert_done();
            assert_eq!(transport.retained(), 0);
        });
    }
}

/// An identifier is the user's as well, and so is what happens when it is dropped.
#[derive(Debug)]
struct Dropping(Mischief);

impl Identifier for Dropping {
    fn identifier(&self) -> &str {
        "dropping"
    }
}

impl Drop for Dropping {
    fn drop(&mut self) {
        self.0.go();
    }
}

#[test]
fn from_inside_the_drop_of_an_identifier() {
    for started in [false, true] {
        within(move || {
            let (transport, mischief) = (FakeTransport::new(), Mischief::default());
            let list = custom(RoundRobin::new(), transport, ListOptions::new());
            if started {
                list.start().expect("starts");
            }
            let id = Arc::new(Dropping(mischief.clone())) as Arc<dyn Identifier>;
            list.update(ListUpdates { additions: vec![id], removals: vec![] }).expect("adds");
            mischief.arm(list.clone());
            list.update(ListUpdates::removing(["dropping"])).expect("removes");
            mischief.assert_done();
        });
    }
}

/// The same status push, from inside `retain_peer`: the peer is available when it is retained.
#[test]
fn a_status_pushed_from_inside_retain_peer_is_not_lost() {
    within(|| {
        let transport = FakeTransport::with_initial_status(ConnectionStatus::Connecting);
        let list = custom(RoundRobin::new(), transport.clone(), ListOptions::new());
        let peers = Arc::downgrade(&transport);
        transport.on_retain(move |id, subscriber| {
            if let Some(transport) = peers.upgrade() {
                transport.set_status_quietly(id, Available);
            }
            subscriber.notify_status_changed(&id.to_owned());
        });
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        assert_eq!(list.available(), 1);
    });
}
