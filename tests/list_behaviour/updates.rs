//! Additions and removals: before the start, while the list runs, and after the stop.
//!
//! A list that does not run writes its members down and retains nobody, but checks them all the
//! same: adding twice and removing a stranger are errors at any time. Where yarpc-go returns a
//! transport's error as it is, this crate says in front of it which peer it is about; the
//! transport's own error is its source.

use crate::expect::{NO_PEERS, assert_failures};
use crate::harness::{Bed, for_each_policy};

const INVALID_TYPE: &str = "expected peer type () but got peer ()";

#[test]
fn retain_error() {
    for_each_policy(|bed| {
        bed.transport.fail_retain("1", Some(INVALID_TYPE));
        bed.start();
        let error = bed.update(&["1"], &[]).expect_err("refused");
        assert_failures(
            &error,
            &format!(r#"can't retain peer "1": {INVALID_TYPE}"#),
            &[INVALID_TYPE],
        );
        bed.assert_peers(&[], &[], &[]);
        bed.assert_calls(&[], &[]);
        bed.assert_times_out(NO_PEERS);
    });
}

#[test]
fn several_retain_errors() {
    for_each_policy(|bed| {
        bed.transport.fail_retain("1", Some("first"));
        bed.transport.fail_retain("2", Some("second"));
        bed.start();
        let error = bed.update(&["1", "2", "3"], &[]).expect_err("two are refused");
        let text = r#"can't retain peer "1": first; can't retain peer "2": second"#;
        assert_failures(&error, text, &["first", "second"]);
        bed.assert_peers(&["3"], &[], &[]);
        bed.assert_calls(&["3"], &[]);
        bed.assert_choices(&["3"]);
    });
}

#[test]
fn update_before_start() {
    for_each_policy(|bed| {
        bed.add(&["1"]);
        bed.assert_calls(&[], &[]);
        bed.start();
        bed.assert_peers(&["1"], &[], &[]);
        bed.assert_calls(&["1"], &[]);
    });
}

#[test]
fn update_with_two_before_start() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        bed.start();
        bed.assert_peers(&["1", "2"], &[], &[]);
        bed.assert_calls(&["1", "2"], &[]);
    });
}

/// A variant of yarpc-go's peerheap refuses an update before the start (`update timeout before
/// start`). Here no update waits for a start, and none is lost.
#[test]
fn update_start_and_choose() {
    for_each_policy(|bed| {
        bed.add(&["1", "2", "3"]);
        bed.assert_peers(&[], &[], &["1", "2", "3"]);
        bed.start();
        bed.assert_choices(&["1", "2", "3"]);
    });
}

#[test]
fn add_retain_error() {
    for_each_policy(|bed| {
        bed.transport.fail_retain("3", Some(INVALID_TYPE));
        bed.start();
        bed.add(&["1", "2"]);
        let error = bed.update(&["3"], &[]).expect_err("refused");
        assert_failures(
            &error,
            &format!(r#"can't retain peer "3": {INVALID_TYPE}"#),
            &[INVALID_TYPE],
        );
        bed.assert_peers(&["1", "2"], &[], &[]);
        bed.assert_choices(&["1", "2"]);
    });
}

#[test]
fn add_duplicate_peer() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1", "2"]);
        let error = bed.update(&["2"], &[]).expect_err("twice");
        assert_eq!(error.to_string(), r#"can't add peer "2" because is already in peerlist"#);
        bed.assert_peers(&["1", "2"], &[], &[]);
        bed.assert_calls(&["1", "2"], &[]);
        bed.assert_choices(&["1", "2"]);
    });
}

#[test]
fn remove_peer_not_in_list() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1", "2"]);
        let error = bed.update(&[], &["3"]).expect_err("a stranger");
        assert_eq!(error.to_string(), "can't remove peer (3) because it is not in peerlist");
        bed.assert_calls(&["1", "2"], &[]);
        bed.assert_choices(&["1", "2"]);
    });
}

#[test]
fn remove_release_error() {
    for_each_policy(|bed| {
        bed.transport.fail_release("2", Some("stuck"));
        bed.start();
        bed.add(&["1", "2"]);
        let error = bed.update(&[], &["2"]).expect_err("not released");
        assert_failures(&error, r#"can't release peer "2": stuck"#, &["stuck"]);
        bed.assert_peers(&["1"], &[], &[]);
        bed.assert_choices(&["1"]);
    });
}

#[test]
fn remove_unavailable_peer() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["1"]);
        bed.start();
        bed.add(&["1"]);
        bed.remove(&["1"]);
        bed.assert_peers(&[], &[], &[]);
        bed.assert_calls(&["1"], &["1"]);
        bed.assert_times_out(NO_PEERS);
    });
}

#[test]
fn update_without_start() {
    for_each_policy(|bed| {
        bed.add(&["1"]);
        bed.add(&["2"]);
        bed.remove(&["1"]);
        bed.assert_peers(&[], &[], &["2"]);
        bed.assert_calls(&[], &[]);
    });
}

#[test]
fn update_after_stop() {
    for_each_policy(|bed| {
        bed.start();
        bed.stop();
        bed.add(&["1"]);
        bed.add(&["2"]);
        bed.remove(&["1"]);
        bed.assert_peers(&[], &[], &["2"]);
        bed.assert_calls(&[], &[]);
        bed.assert_stopped();
    });
}

#[test]
fn remove_peer_not_in_list_before_start() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        let error = bed.update(&[], &["3"]).expect_err("a stranger");
        assert_eq!(error.to_string(), "can't remove peer (3) because it is not in peerlist");
        bed.assert_peers(&[], &[], &["1", "2"]);
    });
}

#[test]
fn update_before_start_and_stop() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        bed.start();
        bed.stop();
        bed.assert_peers(&[], &[], &["1", "2"]);
        bed.assert_calls(&["1", "2"], &["1", "2"]);
    });
}

#[test]
fn update_before_start_and_update_after_stop() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        bed.start();
        bed.stop();
        bed.update(&["3"], &["1"]).expect("updated");
        bed.assert_peers(&[], &[], &["2", "3"]);
        bed.assert_calls(&["1", "2"], &["1", "2"]);
    });
}

/// yarpc-go's `TestCapacity` and `TestConfigInvalidCapacity` reject 0. Here a capacity is how much
/// room is made at first, and limits nothing.
#[test]
fn capacity_is_no_limit() {
    for_each_policy(|bed| {
        for capacity in [0, 1, 20] {
            let bed = Bed::with(bed.policy, |options| options.with_capacity(capacity));
            bed.start();
            bed.add(&["1", "2", "3"]);
            bed.assert_choices(&["1", "2", "3"]);
        }
    });
}
