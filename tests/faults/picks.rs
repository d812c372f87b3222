//! Picks that end in unusual ways: dropped, after their peer, after their list.

use std::thread;

use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListUpdates, Outcome, Request};

use crate::POLICIES;
use crate::support::{pending, running, within};

#[test]
fn a_dropped_pick_is_abandoned() {
    let transport = FakeTransport::watching_requests();
    let list = running("round-robin", &transport, &["a"]);
    drop(list.try_choose(&Request::new()).expect("a peer"));
    assert_eq!(transport.peer("a").ended(), [Outcome::Abandoned]);
    assert_eq!(pending(&*list, "a"), 0);
}

#[test]
fn a_peer_is_released_once_when_its_last_request_ends() {
    for policy in POLICIES {
        let transport = FakeTransport::new();
        let list = running(policy, &transport, &["a"]);
        let picks = [(); 2].map(|()| list.try_choose(&Request::new()).expect("a peer"));
        list.update(ListUpdates::removing(["a"])).expect("removes");
        let [first, second] = picks;
        first.finish(Outcome::Success);
        assert!(transport.releases().is_empty(), "{policy}: a request is in flight");
        second.finish(Outcome::Success);
        assert_eq!(transport.releases(), ["a"], "{policy}");
    }
}

#[test]
fn a_pick_outlives_its_list() {
    for policy in POLICIES {
        within(move || {
            let transport = FakeTransport::watching_requests();
            let list = running(policy, &transport, &["a", "b"]);
            let pick = list.try_choose(&Request::new()).expect("a peer");
            let id = pick.identifier().to_owned();
            drop(list);
            assert_eq!(transport.retained(), 1, "{policy}: the other is released");
            assert_eq!(pick.identifier(), id);
            thread::spawn(move || pick.finish(Outcome::Failure)).join().expect("no panic");
            assert_eq!(transport.peer(&id).ended(), [Outcome::Failure]);
            let times = transport.releases().iter().filter(|name| **name == id).count();
            assert_eq!((times, transport.retained()), (1, 0), "{policy}");
        });
    }
}

#[test]
fn a_pick_outlives_the_stop() {
    let transport = FakeTransport::new();
    let list = running("fewest-pending-requests", &transport, &["a"]);
    let pick = list.try_choose(&Request::new()).expect("a peer");
    list.stop().expect("stops");
    assert_eq!(transport.retained(), 1);
    drop(pick);
    assert_eq!(transport.releases(), ["a"]);
}
