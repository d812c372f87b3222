//! From inside a transport, an observer, a notice, and the drop of an identifier.

use std::sync::Arc;

use peerage::ConnectionStatus::{self, Available, Unavailable};
use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, Ready, Request};

use super::mischief::{Mischief, armed};
use crate::support::{custom, within};

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

/// A set that replaces the members lets go of an identifier whose name the list has already.
#[test]
fn from_inside_the_drop_of_an_identifier_that_changes_nothing() {
    within(|| {
        let (transport, mischief) = (FakeTransport::new(), Mischief::default());
        let list = custom(RoundRobin::new(), transport, ListOptions::new());
        list.update(ListUpdates::adding(["dropping"])).expect("adds");
        mischief.arm(list.clone());
        let id = Arc::new(Dropping(mischief.clone())) as Arc<dyn Identifier>;
        list.replace(vec![id]).expect("replaces");
        mischief.assert_done();
    });
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
