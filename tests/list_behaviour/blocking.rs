//! Waiting for a peer.
//!
//! yarpc-go has these cases commented out as flaky, because they sleep for 20 ms and hope that the
//! chooser is asleep by then. Here the test waits until the list says that a caller waits
//! ([`Bed::await_waiting`]) and only then does what must wake it. `fail wait`, `fail fast` and
//! `default choose timeout` are tests of their own there.

use std::thread;
use std::time::Duration;

use peerage::{CancelToken, ChooseError, ChooseErrorKind, Chooser, Outcome, Request, Wait};

use crate::expect::{NO_PEERS, ONE_DOWN};
use crate::harness::{Bed, SHORT, for_each_policy};
use crate::support::LIMIT;

/// Blocks `choosers` threads in `choose`, runs `event` when all are asleep, and returns what they
/// got.
fn blocked(bed: &Bed, choosers: usize, event: impl FnOnce()) -> Vec<Result<String, ChooseError>> {
    thread::scope(|scope| {
        let choose = || bed.choose_promptly();
        let threads: Vec<_> = (0..choosers).map(|_| scope.spawn(choose)).collect();
        bed.await_waiting(choosers);
        event();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

fn assert_all_chose(results: Vec<Result<String, ChooseError>>, id: &str) {
    for result in results {
        assert_eq!(result.expect("woken"), id);
    }
}

#[test]
fn block_until_add() {
    for_each_policy(|bed| {
        bed.start();
        assert_all_chose(blocked(bed, 1, || bed.add(&["1"])), "1");
        assert_eq!(bed.choose(), "1");
        assert_eq!(bed.list.waiting(), 0);
    });
}

#[test]
fn several_block_until_add() {
    for_each_policy(|bed| {
        bed.start();
        assert_all_chose(blocked(bed, 3, || bed.add(&["1"])), "1");
        assert_eq!(bed.choose(), "1");
        assert_eq!(bed.list.waiting(), 0);
    });
}

#[test]
fn block_until_new_peer_after_removal_of_the_only_one() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        bed.remove(&["1"]);
        assert_all_chose(blocked(bed, 1, || bed.add(&["2"])), "2");
        assert_eq!(bed.choose(), "2");
        bed.assert_calls(&["1", "2"], &["1"]);
    });
}

#[test]
fn block_until_notify_available() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["1"]);
        bed.start();
        bed.add(&["1"]);
        assert_all_chose(blocked(bed, 1, || bed.connect("1")), "1");
        assert_eq!(bed.choose(), "1");
    });
}

#[test]
fn block_until_start() {
    for_each_policy(|bed| {
        bed.add(&["1"]);
        assert_all_chose(blocked(bed, 2, || bed.start()), "1");
    });
}

/// Fail-fast is about peers: a list that has not been started is waited for all the same.
#[test]
fn block_until_start_with_fail_fast() {
    for_each_policy(|bed| {
        let bed = Bed::with(bed.policy, |options| options.with_fail_fast(true));
        bed.add(&["1"]);
        assert_all_chose(blocked(&bed, 2, || bed.start()), "1");
    });
}

/// In yarpc-go a stop leaves them asleep until their time is up.
#[test]
fn block_until_stop() {
    for_each_policy(|bed| {
        bed.start();
        for result in blocked(bed, 2, || bed.stop()) {
            let error = result.expect_err("stopped");
            assert_eq!(error.kind(), ChooseErrorKind::Stopped);
        }
        bed.assert_stopped();
    });
}

#[test]
fn block_until_cancelled() {
    for_each_policy(|bed| {
        bed.start();
        let token = CancelToken::new();
        let wait = Wait::timeout(LIMIT).cancelled_by(&token);
        let error = thread::scope(|scope| {
            let chooser = scope.spawn(|| bed.list.choose(&Request::new(), wait));
            bed.await_waiting(1);
            token.trigger();
            chooser.join().expect("no panic").expect_err("cancelled")
        });
        assert_eq!(error.kind(), ChooseErrorKind::Cancelled);
        let text = format!("{:?} peer list has no peers, the wait was cancelled", bed.policy);
        assert_eq!(error.to_string(), text);
    });
}

#[test]
fn block_but_added_too_late() {
    for_each_policy(|bed| {
        bed.start();
        thread::scope(|scope| {
            let chooser = scope.spawn(|| bed.assert_times_out(NO_PEERS));
            chooser.join().expect("it failed before the peer was added");
        });
        bed.add(&["1"]);
        assert_eq!(bed.choose(), "1");
        assert_eq!(bed.list.waiting(), 0);
    });
}

#[test]
fn fail_wait() {
    for_each_policy(|bed| {
        bed.start();
        assert_all_chose(blocked(bed, 1, || bed.add(&["0"])), "0");
        bed.disconnect("0");
        bed.assert_times_out(ONE_DOWN);
        bed.add(&["1"]);
        bed.disconnect("1");
        bed.assert_times_out(
            "has 2 peers but none are responsive, timed out waiting for a connection to open",
        );
    });
}

#[test]
fn fail_fast() {
    for_each_policy(|bed| {
        let bed = Bed::with(bed.policy, |options| options.with_fail_fast(true));
        bed.begin_unavailable(&["1", "2"]);
        bed.start();
        let assert_fails = |what: &str| {
            let error = bed.choose_promptly().expect_err("nobody");
            assert_eq!(error.kind(), ChooseErrorKind::FailFast);
            let text = format!("{:?} peer list {what} (fail-fast is enabled)", bed.policy);
            assert_eq!(error.to_string(), text);
        };
        assert_fails("has no peers, did not wait for peers to be added");
        bed.add(&["1"]);
        let wait = "did not wait for a connection to open";
        assert_fails(&format!("has 1 peer but it is not responsive, {wait}"));
        bed.add(&["2"]);
        assert_fails(&format!("has 2 peers but none are responsive, {wait}"));
        bed.connect("2");
        assert_eq!(bed.choose(), "2");
    });
}

/// A default of zero refuses to wait, and not to choose.
#[test]
fn default_timeout_of_zero() {
    for_each_policy(|bed| {
        let zero = |options: peerage::ListOptions| options.with_default_timeout(Duration::ZERO);
        let bed = Bed::with(bed.policy, zero);
        bed.start();
        let choose = || bed.list.choose(&Request::new(), Wait::list_default());
        let error = choose().expect_err("nobody");
        assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
        bed.add(&["foo:peer"]);
        let pick = choose().expect("the peer");
        assert_eq!(pick.identifier(), "foo:peer");
        pick.finish(Outcome::Success);
    });
}

fn assert_waits_its_default(bed: &Bed, default: Duration) {
    bed.start();
    let error = bed.list.choose(&Request::new(), Wait::default()).expect_err("nobody");
    let ChooseErrorKind::TimedOut(waited) = error.kind() else { panic!("{error:?}") };
    assert!(waited.0 >= default, "{waited}");
}

#[test]
fn default_timeout_is_waited_for() {
    for_each_policy(|bed| {
        let bed = Bed::with(bed.policy, |options| options.with_default_timeout(SHORT));
        assert_waits_its_default(&bed, SHORT);
    });
}

/// yarpc-go documents them too, and waits for none of them.
#[test]
fn default_timeout_is_500_ms() {
    assert_waits_its_default(&Bed::new("round-robin"), Duration::from_millis(500));
}
