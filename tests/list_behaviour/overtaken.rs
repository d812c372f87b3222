//! What overtakes a transport that takes its time to retain a peer.
//!
//! The windows that yarpc-go's concurrent cases hit by chance, held open: the transport does not
//! come back from `retain_peer` until the update, the stop or the removal in between has returned.
//! So this also shows that none of them waits for the transport.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use peerage::{Lifecycle, LifecycleError};

use crate::harness::{Bed, for_each_policy};
use crate::support::LIMIT;

/// Runs `slow`, which retains peer "1", on a thread of its own, and `event` while the transport is
/// retaining it.
fn while_retaining<T: Send>(bed: &Bed, slow: impl FnOnce() -> T + Send, event: impl FnOnce()) -> T {
    let (enter, entered) = channel();
    let (leave, left) = channel();
    let left = Mutex::new(left);
    let is_first = AtomicBool::new(true);
    bed.transport.on_retain(move |id, _| {
        if id == "1" && is_first.swap(false, Ordering::Relaxed) {
            enter.send(()).expect("awaited");
            left.lock().expect("no panic").recv_timeout(LIMIT).expect("told to go on");
        }
    });
    thread::scope(|scope| {
        let slow = scope.spawn(slow);
        entered.recv_timeout(LIMIT).expect("the transport is asked");
        event();
        leave.send(()).expect("awaited");
        slow.join().expect("no panic")
    })
}

#[test]
fn an_update_during_the_start() {
    for_each_policy(|bed| {
        bed.add(&["1"]);
        while_retaining(bed, || bed.start(), || bed.add(&["2"]));
        bed.assert_peers(&["1", "2"], &[], &[]);
        bed.assert_calls(&["1", "2"], &[]);
        bed.assert_chosen(&["1", "2"]);
    });
}

#[test]
fn a_removal_during_the_start() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        while_retaining(bed, || bed.start(), || bed.remove(&["1"]));
        bed.assert_peers(&["2"], &[], &[]);
        bed.assert_calls(&["1", "2"], &["1"]);
        bed.assert_choices(&["2"]);
    });
}

#[test]
fn a_stop_during_the_start() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        let error = while_retaining(bed, || bed.list.start(), || bed.stop()).expect_err("stopped");
        assert!(matches!(error, LifecycleError::Stopped(_)), "{error:?}");
        bed.assert_peers(&[], &[], &["1", "2"]);
        // The other was not asked for any more.
        bed.assert_calls(&["1"], &["1"]);
        bed.assert_stopped();
    });
}

#[test]
fn a_removal_during_the_addition() {
    for_each_policy(|bed| {
        bed.start();
        while_retaining(bed, || bed.add(&["1"]), || bed.remove(&["1"]));
        bed.assert_peers(&[], &[], &[]);
        bed.assert_calls(&["1"], &["1"]);
    });
}

#[test]
fn a_removal_and_another_addition_during_the_addition() {
    for_each_policy(|bed| {
        bed.start();
        while_retaining(
            bed,
            || bed.add(&["1"]),
            || {
                bed.remove(&["1"]);
                bed.add(&["1"]);
            },
        );
        bed.assert_peers(&["1"], &[], &[]);
        // The second one may have another identifier, so the transport is asked with it.
        bed.assert_calls(&["1", "1"], &["1"]);
        bed.assert_choices(&["1"]);
    });
}

#[test]
fn a_stop_during_the_addition() {
    for_each_policy(|bed| {
        bed.start();
        while_retaining(bed, || bed.add(&["1"]), || bed.stop());
        bed.assert_peers(&[], &[], &["1"]);
        bed.assert_calls(&["1"], &["1"]);
        bed.assert_stopped();
    });
}

#[test]
fn a_duplicate_during_the_addition() {
    for_each_policy(|bed| {
        bed.start();
        let duplicate = || {
            let error = bed.update(&["1"], &[]).expect_err("twice");
            assert_eq!(error.to_string(), r#"can't add peer "1" because is already in peerlist"#);
        };
        while_retaining(bed, || bed.add(&["1"]), duplicate);
        bed.assert_peers(&["1"], &[], &[]);
        bed.assert_calls(&["1"], &[]);
    });
}
