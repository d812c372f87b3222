//! Starting and stopping.

use std::sync::Barrier;
use std::thread;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Lifecycle, LifecycleError, List, ListOptions, ListUpdates, Once, Outcome, PeerList, Request,
    State,
};

use crate::support::{chosen, counts, custom, list, within};

fn together(a: impl Fn() + Sync, b: impl Fn() + Sync) {
    let barrier = Barrier::new(2);
    let go = |action: &(dyn Fn() + Sync)| {
        barrier.wait();
        action();
    };
    thread::scope(|scope| {
        scope.spawn(|| go(&a));
        scope.spawn(|| go(&b));
    });
}

#[test]
fn an_update_during_the_start_is_not_stranded() {
    within(|| {
        for _ in 0..300 {
            let transport = FakeTransport::new();
            let list = list("round-robin", &transport);
            together(
                || list.start().expect("starts"),
                || list.update(ListUpdates::adding(["a"])).expect("adds"),
            );
            assert_eq!(counts(&list), (1, 0, 0));
        }
    });
}

#[test]
fn a_removal_during_the_stop_is_not_refused() {
    within(|| {
        for _ in 0..300 {
            let transport = FakeTransport::new();
            let list = crate::support::running("round-robin", &transport, &["a", "b"]);
            together(
                || list.stop().expect("stops"),
                || list.update(ListUpdates::removing(["a"])).expect("removes"),
            );
            assert_eq!((counts(&list), transport.retained()), ((0, 0, 1), 0));
            assert!(list.is_uninitialized("b"));
        }
    });
}

#[test]
fn a_start_that_fails_gives_everything_back() {
    let transport = FakeTransport::new();
    let list = list("round-robin", &transport);
    list.update(ListUpdates::adding(["a", "b", "c"])).expect("adds");
    transport.fail_retain("b", Some("no route"));
    let error = list.start().expect_err("b fails");
    assert!(error.to_string().contains("no route"), "{error}");
    assert_eq!((transport.retained(), list.state()), (0, State::Idle));
    assert_eq!(counts(&list), (0, 0, 3));

    list.update(ListUpdates::removing(["a"])).expect("is in the list");
    transport.fail_retain("b", None);
    list.start().expect("starts");
    assert_eq!(counts(&list), (2, 0, 0));
    list.stop().expect("stops");
    assert_eq!(transport.retained(), 0);
}

#[test]
fn a_start_after_a_stop_says_so() {
    let list = list("round-robin", &FakeTransport::new());
    list.start().expect("starts");
    list.stop().expect("stops");
    assert!(matches!(list.start(), Err(LifecycleError::Stopped(_))));
    assert_eq!(list.state(), State::Stopped);
}

#[test]
fn a_panic_leaves_no_start_and_no_stop_unfinished() {
    within(|| {
        let once = Once::new("it");
        let error = once.start(|| panic!("at start")).expect_err("panics");
        assert!(error.to_string().contains("at start"), "{error}");
        assert_eq!(once.state(), State::Idle);
        once.start(|| Ok(())).expect("starts");
        let error = once.stop(|| panic!("at stop")).expect_err("panics");
        assert!(error.to_string().contains("at stop"), "{error}");
        assert_eq!(once.state(), State::Stopped);
        assert!(once.stop(|| Ok(())).is_err(), "the same answer");
    });
}

/// A seed belongs to one list, and repeats: whatever the tables inside are.
#[test]
fn a_seed_repeats_the_order_and_lists_differ_without() {
    let ids: Vec<String> = (0..30).map(|id| id.to_string()).collect();
    let order = |seed: Option<u64>| {
        let transport = FakeTransport::new();
        let options = seed.map_or_else(ListOptions::new, |seed| ListOptions::new().with_seed(seed));
        let list = PeerList::new(RoundRobin::new(), transport.clone(), options);
        list.update(ListUpdates::adding(ids.clone())).expect("adds");
        list.start().expect("starts");
        transport.retains()
    };
    assert_eq!(order(Some(42)), order(Some(42)));
    assert_ne!(order(Some(42)), order(Some(43)));
    // Equal by chance once in 30!.
    assert_ne!(order(None), order(None));
    let unshuffled = FakeTransport::new();
    let list = custom(RoundRobin::new(), unshuffled.clone(), ListOptions::new());
    list.update(ListUpdates::adding(ids.clone())).expect("adds");
    list.start().expect("starts");
    assert_eq!(unshuffled.retains(), ids);
}

#[test]
fn after_a_start_that_failed_nothing_is_retained() {
    let transport = FakeTransport::new();
    let list = list("round-robin", &transport);
    transport.fail_retain("a", Some("no"));
    list.update(ListUpdates::adding(["a"])).expect("adds");
    list.start().expect_err("a fails");
    list.update(ListUpdates::adding(["b", "c"])).expect("adds");
    assert_eq!((transport.retained(), counts(&list)), (0, (0, 0, 3)));
    list.stop().expect("stops, whatever the start said");
    assert_eq!(list.state(), State::Stopped);
}

#[test]
fn a_late_notification_does_not_reach_a_stopped_list() {
    let transport = FakeTransport::new();
    let list = crate::support::running("fewest-pending-requests", &transport, &["a"]);
    let saved = transport.subscribers("a").remove(0);
    let pick = peerage::Chooser::try_choose(&*list, &Request::new()).expect("a peer");
    list.stop().expect("stops");
    saved.notify_status_changed(&"a");
    assert_eq!(chosen(&*list, &Request::new()), None);
    pick.finish(Outcome::Success);
    saved.notify_status_changed(&"a");
    assert_eq!((counts(&list), transport.retained()), ((0, 0, 1), 0));
}

#[test]
fn an_update_before_the_start_returns_at_once() {
    within(|| {
        let list = list("fewest-pending-requests", &FakeTransport::new());
        let begun = std::time::Instant::now();
        list.update(ListUpdates::adding(["a"])).expect("adds");
        assert!(begun.elapsed().as_secs() < 5, "x/peerheap waits 5 s for the start");
        assert_eq!(counts(&list), (0, 0, 1));
    });
}
