//! Waiting for a peer, and what the error says of a wait in vain.

use std::thread;
use std::time::{Duration, Instant};

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    CancelToken, ChooseErrorKind, Chooser, Lifecycle, List, ListOptions, ListUpdates, Request,
    State, Wait,
};

use crate::support::{LIMIT, awaited, custom, list, running, until, within};

#[test]
fn the_default_timeout_is_waited_for() {
    let timeout = Duration::from_millis(40);
    let options = ListOptions::new().with_default_timeout(timeout);
    let transport = FakeTransport::with_initial_status(Unavailable);
    let list = custom(RoundRobin::new(), transport, options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let begun = Instant::now();
    let error = list.choose(&Request::new(), Wait::default()).expect_err("no peer");
    assert!(begun.elapsed() >= timeout);
    assert!(matches!(error.kind(), ChooseErrorKind::TimedOut(waited) if waited.0 >= timeout));
}

#[test]
fn a_peer_that_comes_within_the_default_timeout_is_chosen() {
    within(|| {
        let options = ListOptions::new().with_default_timeout(LIMIT);
        let transport = FakeTransport::with_initial_status(Unavailable);
        let list = custom(RoundRobin::new(), transport.clone(), options);
        list.start().expect("starts");
        list.update(ListUpdates::adding(["a"])).expect("adds");
        thread::scope(|scope| {
            let choice =
                scope.spawn(|| list.choose(&Request::new(), Wait::default()).expect("a peer"));
            until("it waits", || list.waiting() == 1);
            transport.set_status("a", Available);
            assert_eq!(choice.join().expect("no panic").identifier(), "a");
        });
    });
}

#[test]
fn a_stop_wakes_those_who_wait() {
    within(|| {
        let list = running("round-robin", &FakeTransport::new(), &[]);
        thread::scope(|scope| {
            let choose = || list.choose(&Request::new(), Wait::forever()).expect_err("stopped");
            let waits = [scope.spawn(choose), scope.spawn(choose)];
            until("both wait", || list.waiting() == 2);
            list.stop().expect("stops");
            for wait in waits {
                let error = wait.join().expect("no panic");
                assert_eq!(error.kind(), ChooseErrorKind::Stopped);
                assert!(error.to_string().contains("not running"), "{error}");
            }
        });
    });
}

/// A waits for an offset that one peer does not satisfy, B for any. B must not depend on A.
#[test]
fn a_waiter_that_cannot_be_served_keeps_nobody_from_it() {
    within(|| {
        let list = running("hashring32:offset-header=n", &FakeTransport::new(), &[]);
        thread::scope(|scope| {
            let choosy = scope.spawn(|| {
                let headers = [("n", "5")];
                let request = Request::new().with_shard_key("k").with_headers(&headers);
                list.choose(&request, Wait::forever()).expect_err("stopped")
            });
            until("A waits", || list.waiting() == 1);
            let easy = scope.spawn(|| awaited(&*list));
            until("B waits", || list.waiting() == 2);
            list.update(ListUpdates::adding(["a"])).expect("adds");
            assert_eq!(easy.join().expect("no panic"), "a");
            until("A waits on", || list.waiting() == 1);
            list.stop().expect("stops");
            assert_eq!(choosy.join().expect("no panic").kind(), ChooseErrorKind::Stopped);
        });
    });
}

#[test]
fn the_error_says_what_happened() {
    let transport = FakeTransport::new();
    let list = running("hashring32:offset-header=n", &transport, &[]);
    let token = CancelToken::new();
    let cancelled = within({
        let (list, token) = (list.clone(), token.clone());
        move || {
            thread::scope(|scope| {
                let choice = scope
                    .spawn(|| list.choose(&Request::new(), Wait::forever().cancelled_by(&token)));
                until("it waits", || list.waiting() == 1);
                token.trigger();
                choice.join().expect("no panic").expect_err("cancelled")
            })
        }
    });
    assert_eq!(cancelled.kind(), ChooseErrorKind::Cancelled);
    assert!(!cancelled.to_string().contains("timed out"), "{cancelled}");

    list.update(ListUpdates::adding(["a", "b"])).expect("adds");
    let headers = [("n", "5")];
    let request = Request::new().with_headers(&headers);
    let wait = Wait::timeout(Duration::from_millis(5));
    let timed_out = list.choose(&request, wait).expect_err("no such member");
    assert!(matches!(timed_out.kind(), ChooseErrorKind::TimedOut(_)));
    assert_eq!((timed_out.peers(), timed_out.available()), (2, 2));
    assert!(!timed_out.to_string().contains("responsive"), "{timed_out}");
}

#[test]
fn a_cancelled_caller_gets_no_peer() {
    let list = running("round-robin", &FakeTransport::new(), &["a"]);
    let token = CancelToken::new();
    token.trigger();
    let wait = Wait::default().cancelled_by(&token);
    let error = list.choose(&Request::new(), wait).expect_err("cancelled");
    assert_eq!(error.kind(), ChooseErrorKind::Cancelled);
    assert_eq!(crate::support::pending(&*list, "a"), 0);
}

/// Two things are true of an idle list and a wait that is over; the answer is the same each time.
#[test]
fn the_error_of_a_list_that_is_not_started_is_no_accident() {
    let list = list("round-robin", &FakeTransport::new());
    for _ in 0..50 {
        let error = list.choose(&Request::new(), Wait::timeout(Duration::ZERO));
        let kind = error.expect_err("not running").kind();
        assert_eq!(kind, ChooseErrorKind::NotRunning(State::Idle));
    }
}
