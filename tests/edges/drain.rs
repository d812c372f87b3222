//! Peers that have left are counted until they are released, and can be waited for.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Bind, Chooser, Direct, DirectOptions, Lifecycle, List, ListOptions, ListUpdates, Outcome,
    PeerList, Pick, Request, StaticPeers,
};

use crate::list;
use crate::support::until;

const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

fn choose<C: Chooser>(chooser: &C) -> Pick {
    chooser.try_choose(&Request::new()).unwrap()
}

#[test]
fn nothing_is_left_of_a_list_that_peers_have_not_left() {
    let (list, _transport) = list(2);
    let _pick = choose(&list);
    list.drain(AT_ONCE).unwrap();
    list.update(ListUpdates::removing(["p1"])).unwrap();
    list.drain(None).unwrap();
    assert_eq!((list.stats().departing, list.stats().departing_pending), (0, 0));
}

#[test]
fn requests_of_peers_that_have_left_are_counted_and_named() {
    // More than fit any table of the code at its first size.
    let (list, transport) = list(65);
    let mut picks: Vec<_> = (0..130).map(|_| choose(&list)).collect();
    list.update(ListUpdates::removing((0..65).map(|n| format!("p{n}")))).unwrap();
    let stats = list.stats();
    assert_eq!((stats.peers, stats.pending), (0, 0));
    assert_eq!((stats.departing, stats.departing_pending), (65, 130));
    let error = list.drain(AT_ONCE).unwrap_err();
    let text = "\"users\" chooser is not drained: 65 peers that left have 130 requests in flight";
    assert_eq!(error.to_string(), text);

    let last = picks.split_off(129).remove(0);
    drop(picks);
    let error = list.drain(Some(Duration::from_millis(1))).unwrap_err();
    assert_eq!((error.left().peers, error.left().pending), (1, 1));
    let text = "\"users\" chooser is not drained: 1 peer that left has 1 request in flight";
    assert_eq!(error.to_string(), text);
    last.finish(Outcome::Success);
    list.drain(AT_ONCE).unwrap();
    assert_eq!(transport.retained(), 0);
}

#[test]
fn a_peer_that_comes_back_at_once_is_not_the_one_that_left() {
    let (list, _transport) = list(1);
    let before = choose(&list);
    list.update(ListUpdates::removing(["p0"])).unwrap();
    list.update(ListUpdates::adding(["p0"])).unwrap();
    let after = choose(&list);
    assert_eq!((list.stats().pending, list.stats().departing_pending), (1, 1));
    drop(before);
    list.drain(AT_ONCE).unwrap();
    drop(after);
}

#[test]
fn all_that_wait_are_told() {
    let (list, transport) = list(3);
    let picks: Vec<_> = (0..9).map(|_| choose(&list)).collect();
    list.stop().unwrap();
    thread::scope(|scope| {
        let waiters: Vec<_> = (0..4).map(|_| scope.spawn(|| list.drain(None))).collect();
        for pick in picks {
            scope.spawn(|| pick.finish(Outcome::Success));
        }
        for waiter in waiters {
            waiter.join().unwrap().unwrap();
        }
    });
    assert_eq!(transport.retained(), 0);
}

/// Drained means that the transport has answered, not only that it was asked.
#[test]
fn a_release_that_is_under_way_is_waited_for() {
    let (list, transport) = list(1);
    let list = Arc::new(list);
    let seen = Arc::clone(&list);
    transport.on_release(move |_, _| {
        assert_eq!(seen.drain(AT_ONCE).unwrap_err().left().peers, 1);
        assert_eq!(seen.stats().departing_pending, 0);
    });
    let pick = choose(&*list);
    list.update(ListUpdates::removing(["p0"])).unwrap();
    drop(pick);
    list.drain(AT_ONCE).unwrap();
}

#[test]
fn a_release_that_fails_ends_the_wait_too() {
    let (list, transport) = list(1);
    transport.fail_release("p0", Some("broken"));
    list.update(ListUpdates::removing(["p0"])).unwrap_err();
    list.drain(AT_ONCE).unwrap();
}

#[test]
fn every_chooser_drains() {
    let binder = StaticPeers::binder(["a"]);
    let options = ListOptions::new();
    let list = PeerList::new(RoundRobin::new(), FakeTransport::new(), options);
    drains(&Bind::new(list, binder));
    drains(&Direct::new(FakeTransport::new(), DirectOptions::new()));
}

fn drains<C: Chooser + Sync>(chooser: &C) {
    chooser.start().unwrap();
    let pick = chooser.try_choose(&Request::new().with_shard_key("a")).unwrap();
    chooser.stop().unwrap();
    assert_eq!(chooser.stats().departing_pending, 1);
    chooser.drain(AT_ONCE).unwrap_err();
    thread::scope(|scope| {
        let drained = scope.spawn(|| chooser.drain(None));
        drop(pick);
        until("the drain", || drained.is_finished());
    });
}
