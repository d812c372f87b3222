//! What is counted of peers beside their requests: statuses, ejections, updates.

use std::time::Duration;

use peerage::error::PeerFailureKind;
use peerage::{
    Chooser, ConnectionStatus, List, ListUpdates, Outcome, Reason, Request, StatusChanges,
};

use crate::at_rest;
use crate::support::from_texts;

#[test]
fn status_changes_are_counted_by_what_they_are_to() {
    let (list, transport) = from_texts("round-robin", "", &["a", "b"]);
    // Each has become available when it was retained.
    let mut expected = StatusChanges::default();
    expected.available += 2;
    assert_eq!(at_rest(&*list).status_changes, expected);
    transport.set_status("a", ConnectionStatus::Unavailable);
    transport.set_status("a", ConnectionStatus::Connecting);
    // The same once more is none.
    transport.set_status("a", ConnectionStatus::Connecting);
    transport.notify("b");
    expected.unavailable += 1;
    expected.connecting += 1;
    let stats = at_rest(&*list);
    assert_eq!(stats.status_changes, expected);
    assert_eq!((stats.available, stats.connecting, stats.unavailable), (1, 1, 0));
    let peers = list.introspect().peers;
    assert_eq!((peers[0].status_changes, peers[1].status_changes), (3, 1));
    transport.set_status("a", ConnectionStatus::Unavailable);
    expected.unavailable += 1;
    assert_eq!(at_rest(&*list).unavailable, 1);
    // A peer that has left stays counted, and a reason is no status.
    assert!(list.set_reason("b", Reason::Draining, true));
    let stats = at_rest(&*list);
    assert_eq!((stats.set_aside, stats.available), (1, 0));
    list.update(ListUpdates::new().with_removal("a").with_removal("b")).expect("removes");
    assert_eq!(at_rest(&*list).status_changes, expected);
}

#[test]
fn a_status_is_as_old_as_its_last_change() {
    let (list, transport) = from_texts("round-robin", "", &["a"]);
    let since = || list.introspect().peers[0].since;
    assert!(since() < Duration::from_secs(60));
    let begun = std::time::Instant::now();
    crate::support::until("it grows", || since() >= Duration::from_millis(200));
    // In steps of 100 ms, of which the first may have begun before.
    assert!(begun.elapsed() >= Duration::from_millis(99));
    transport.set_status("a", ConnectionStatus::Connecting);
    // At once, or the machine has slept.
    assert!(since() < begun.elapsed().max(Duration::from_millis(100)));
}

#[test]
fn ejections_are_counted_of_the_peer_and_of_the_list() {
    let (list, _transport) = from_texts("round-robin", "eject=2,shuffle=off", &["a", "b"]);
    let mut failed = 0;
    while failed < 2 {
        let pick = list.try_choose(&Request::new()).expect("a peer");
        let is_bad = pick.identifier() == "a";
        failed += u64::from(is_bad);
        pick.finish(if is_bad { Outcome::Failure } else { Outcome::Success });
    }
    let stats = at_rest(&*list);
    assert_eq!((stats.ejections, stats.set_aside, stats.outcomes.failure), (1, 1, 2));
    let peers = list.introspect().peers;
    assert_eq!((peers[0].ejections, peers[1].ejections), (1, 0));
    assert_eq!(stats.status_changes.unavailable, 0, "it is connected");
    list.update(ListUpdates::new().with_removal("a")).expect("removes");
    assert_eq!(at_rest(&*list).ejections, 1);
}

#[test]
fn updates_are_counted_by_whether_all_of_them_went_well() {
    let (list, transport) = from_texts("random", "", &["a"]);
    let error = list.update(ListUpdates::adding(["a", "b"])).expect_err("a is there");
    assert!(matches!(error.failures()[0].kind(), PeerFailureKind::AlreadyInList));
    transport.fail_retain("c", Some("no"));
    list.replace(vec![peerage::identify("b"), peerage::identify("c")]).expect_err("c is refused");
    list.replace(vec![peerage::identify("b")]).expect("replaces");
    let updates = at_rest(&*list).updates;
    assert_eq!((updates.applied, updates.failed), (2, 2));
    assert!(list.stats().updates.age.is_some_and(|age| age < Duration::from_secs(60)));
}
