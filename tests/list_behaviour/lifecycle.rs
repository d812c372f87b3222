//! Starting and stopping: who is retained, who is released, and what a choice answers before and
//! after.
//!
//! Three answers differ from yarpc-go's, each because its own is a fault: a start that fails may be
//! tried again, a start after a stop says that it did nothing, and a choice that gives up on a list
//! that was never started names the state of the list instead of the state of a Go context.

use std::error::Error;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use peerage::{ChooseErrorKind, Lifecycle, LifecycleError, State, UpdateError};

use crate::expect::{NO_PEERS, assert_failures};
use crate::harness::{Bed, SHORT, for_each_policy};

const NO_REFERENCE: &str = r#"transport "" has no reference to peer """#;

fn peers_of(error: LifecycleError) -> UpdateError {
    match error {
        LifecycleError::Peers(error) => error,
        other => panic!("not about peers: {other:?}"),
    }
}

#[test]
fn setup() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        bed.assert_peers(&["1"], &[], &[]);
        bed.assert_calls(&["1"], &[]);
        assert!(bed.list.is_running());
    });
}

#[test]
fn setup_with_disconnected() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["2"]);
        bed.start();
        bed.add(&["1", "2"]);
        bed.assert_peers(&["1"], &["2"], &[]);
        assert!(bed.list.is_running());
    });
}

#[test]
fn start() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        assert_eq!(bed.choose(), "1");
        bed.assert_peers(&["1"], &[], &[]);
    });
}

#[test]
fn start_stop() {
    for_each_policy(|bed| {
        let available = ["1", "2", "3", "4", "5", "6"];
        let unavailable = ["7", "8", "9"];
        let all = [&available[..], &unavailable[..]].concat();
        bed.begin_unavailable(&unavailable);
        bed.start();
        bed.add(&all);
        bed.assert_peers(&available, &unavailable, &[]);
        bed.stop();
        bed.assert_stopped();
        bed.assert_peers(&[], &[], &all);
        bed.assert_calls(&all, &all);
        assert_eq!(bed.transport.retained(), 0);
    });
}

#[test]
fn start_is_idempotent() {
    for_each_policy(|bed| {
        for _ in 0..3 {
            bed.start();
        }
        bed.add(&["1"]);
        bed.start();
        assert_eq!(bed.choose(), "1");
        bed.assert_calls(&["1"], &[]);
    });
}

#[test]
fn stop_without_start() {
    for_each_policy(|bed| {
        bed.stop();
        bed.add(&["1"]);
        bed.assert_peers(&[], &[], &["1"]);
        bed.assert_calls(&[], &[]);
        bed.assert_stopped();
    });
}

/// yarpc-go answers `nil` and does nothing.
#[test]
fn start_after_stop_says_so() {
    for_each_policy(|bed| {
        bed.add(&["1"]);
        bed.stop();
        let error = bed.list.start().expect_err("stopped for good");
        assert!(matches!(error, LifecycleError::Stopped(_)), "{error:?}");
        let text = "can't be started: it was stopped, and does not start again";
        assert_eq!(error.to_string(), format!("{:?} {text}", bed.policy));
        bed.assert_calls(&[], &[]);
        assert_eq!(bed.list.state(), State::Stopped);
    });
}

/// In yarpc-go the list is in error for good, and the peers that could be retained stay so.
#[test]
fn start_with_retain_error_can_be_tried_again() {
    for_each_policy(|bed| {
        bed.transport.fail_retain("2", Some("refused"));
        bed.add(&["1", "2", "3"]);
        let error = peers_of(bed.list.start().expect_err("2 is refused"));
        assert_failures(&error, r#"can't retain peer "2": refused"#, &["refused"]);
        assert_eq!(bed.list.state(), State::Idle);
        bed.assert_calls(&["1", "3"], &["1", "3"]);
        bed.assert_peers(&[], &[], &["1", "2", "3"]);

        bed.transport.fail_retain("2", None);
        bed.start();
        bed.assert_peers(&["1", "2", "3"], &[], &[]);
        // In which order, a start that failed does not promise.
        bed.assert_chosen(&["1", "2", "3"]);
    });
}

#[test]
fn stop_with_release_error() {
    for_each_policy(|bed| {
        bed.transport.fail_release("1", Some(NO_REFERENCE));
        bed.start();
        bed.add(&["1"]);
        let error = bed.list.stop().expect_err("1 is not released");
        let text = format!(r#"can't release peer "1": {NO_REFERENCE}"#);
        assert_eq!(error.to_string(), text);
        assert_failures(&peers_of(error), &text, &[NO_REFERENCE]);
        bed.assert_peers(&[], &[], &["1"]);
        bed.assert_stopped();
    });
}

#[test]
fn stop_is_idempotent() {
    for_each_policy(|bed| {
        bed.transport.fail_release("1", Some(NO_REFERENCE));
        bed.start();
        bed.add(&["1"]);
        let together = Barrier::new(3);
        let stop = || {
            together.wait();
            bed.list.stop().expect_err("1 is not released").to_string()
        };
        let errors: Vec<String> = thread::scope(|scope| {
            let stops: Vec<_> = (0..3).map(|_| scope.spawn(stop)).collect();
            stops.into_iter().map(|stop| stop.join().expect("no panic")).collect()
        });
        assert_eq!(errors, vec![format!(r#"can't release peer "1": {NO_REFERENCE}"#); 3]);
        bed.assert_calls(&["1"], &["1"]);
        assert!(!bed.list.is_running());
    });
}

#[test]
fn stop_with_several_release_errors() {
    for_each_policy(|bed| {
        bed.transport.fail_release("1", Some("first"));
        bed.transport.fail_release("3", Some("second"));
        bed.start();
        bed.add(&["1", "2", "3"]);
        let error = peers_of(bed.list.stop().expect_err("two are not released"));
        let text = r#"can't release peer "1": first; can't release peer "3": second"#;
        assert_failures(&error, text, &["first", "second"]);
        bed.assert_calls(&["1", "2", "3"], &["1", "2", "3"]);
        bed.assert_peers(&[], &[], &["1", "2", "3"]);
        assert!(!bed.list.is_running());
    });
}

#[test]
fn start_with_available_and_unavailable() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["3", "4"]);
        bed.add(&["1", "2", "3", "4"]);
        bed.assert_calls(&[], &[]);
        bed.start();
        bed.assert_peers(&["1", "2"], &["3", "4"], &[]);
        bed.assert_calls(&["1", "2", "3", "4"], &[]);
    });
}

#[test]
fn stop_with_available_and_unavailable() {
    for_each_policy(|bed| {
        let all = ["1", "2", "3", "4"];
        bed.begin_unavailable(&["3", "4"]);
        bed.start();
        bed.add(&all);
        bed.stop();
        bed.assert_peers(&[], &[], &all);
        bed.assert_calls(&all, &all);
    });
}

/// yarpc-go: `context finished while waiting for instance to start: context deadline exceeded`.
fn assert_not_started(bed: &Bed, limit: Duration) {
    let error = bed.choose_within(limit).expect_err("not started");
    assert_eq!(error.kind(), ChooseErrorKind::NotRunning(State::Idle));
    let why = "gave up waiting for it to start, current state is \"idle\"";
    let text = format!("{:?} peer list is not running: {why}", bed.policy);
    assert_eq!(error.to_string(), text);
    assert!(error.source().is_none());
}

#[test]
fn choose_before_start() {
    for_each_policy(|bed| {
        assert_not_started(bed, SHORT);
        assert_not_started(bed, SHORT);
        assert_eq!(bed.list.state(), State::Idle);
    });
}

/// yarpc-go's `TestWaitForNeverStarted`: with fail-fast, which does not shorten this wait, and with
/// no time at all.
#[test]
fn wait_for_never_started() {
    for_each_policy(|bed| {
        let bed = Bed::with(bed.policy, |options| options.with_fail_fast(true));
        assert_not_started(&bed, Duration::ZERO);
        assert_not_started(&bed, SHORT);
    });
}

#[test]
fn start_choose_no_peers() {
    for_each_policy(|bed| {
        bed.start();
        bed.assert_times_out(NO_PEERS);
        assert!(bed.list.is_running());
    });
}
