//! What a transport says about its peers, and what the list makes of it.
//!
//! A notification is a hint to look, not news in itself: one that repeats what is known, that is
//! about a peer never retained, or that comes after the peer has left, changes nothing. yarpc-go
//! hands its notifications to the list; here they go to the subscriber that the transport was given
//! with the peer, and a late one is a subscriber that was kept for too long.

use std::sync::Arc;

use peerage::{ConnectionStatus, Identifier, Subscriber, identify};

use crate::expect::{NO_PEERS, ONE_DOWN};
use crate::harness::{Bed, for_each_drawing, for_each_policy, for_each_rotating};

/// Notifies the subscribers that a peer had earlier.
fn notify_late(subscribers: &[Arc<dyn Subscriber>], id: &str) {
    let id: Arc<dyn Identifier> = identify(id);
    assert!(!subscribers.is_empty());
    for subscriber in subscribers {
        subscriber.notify_status_changed(&*id);
    }
}

#[test]
fn add_unavailable_peer() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["2"]);
        bed.start();
        bed.add(&["1"]);
        bed.add(&["2"]);
        bed.assert_peers(&["1"], &["2"], &[]);
        bed.assert_choices(&["1"]);
    });
}

#[test]
fn notify_peer_is_now_available() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["1"]);
        bed.start();
        bed.add(&["1"]);
        bed.assert_times_out(ONE_DOWN);
        bed.connect("1");
        assert_eq!(bed.choose(), "1");
        bed.assert_peers(&["1"], &[], &[]);
    });
}

#[test]
fn notify_peer_is_still_available() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1", "2"]);
        bed.assert_choices(&["1", "2"]);
        bed.transport.notify("1");
        bed.assert_peers(&["1", "2"], &[], &[]);
        bed.assert_choices(&["1", "2"]);
    });
}

#[test]
fn notify_peer_is_now_unavailable() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        assert_eq!(bed.choose(), "1");
        bed.disconnect("1");
        bed.assert_times_out(ONE_DOWN);
        bed.assert_peers(&[], &["1"], &[]);
        bed.assert_calls(&["1"], &[]);
    });
}

#[test]
fn notify_peer_is_still_unavailable() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["1"]);
        bed.start();
        bed.add(&["1"]);
        bed.disconnect("1");
        bed.assert_times_out(ONE_DOWN);
        bed.assert_peers(&[], &["1"], &[]);
    });
}

/// yarpc-go takes it for a removal of a peer that was not there, and counts below zero.
#[test]
fn notify_unavailable_peer_is_connecting() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&["1"]);
        bed.start();
        bed.add(&["1"]);
        for _ in 0..2 {
            bed.transport.set_status("1", ConnectionStatus::Connecting);
            bed.assert_peers(&[], &["1"], &[]);
            bed.disconnect("1");
            bed.assert_peers(&[], &["1"], &[]);
        }
        bed.transport.set_status("1", ConnectionStatus::Connecting);
        bed.connect("1");
        bed.assert_peers(&["1"], &[], &[]);
        bed.assert_choices(&["1"]);
    });
}

#[test]
fn notify_removed_peer() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        let former = bed.transport.subscribers("1");
        bed.remove(&["1"]);
        notify_late(&former, "1");
        bed.assert_peers(&[], &[], &[]);
        bed.assert_times_out(NO_PEERS);
        bed.assert_calls(&["1"], &["1"]);
    });
}

/// The new peer has the slot that the former one had: it must not hear its news.
#[test]
fn notify_removed_peer_whose_place_is_taken() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        let former = bed.transport.subscribers("1");
        bed.remove(&["1"]);
        bed.begin_unavailable(&["2"]);
        bed.add(&["2"]);
        // What there is to see.
        bed.transport.set_status_quietly("2", ConnectionStatus::Available);
        notify_late(&former, "1");
        bed.assert_peers(&[], &["2"], &[]);
        bed.assert_times_out(ONE_DOWN);
        bed.transport.notify("2");
        bed.assert_peers(&["2"], &[], &[]);
    });
}

#[test]
fn notify_before_start() {
    for_each_policy(|bed| {
        bed.add(&["1", "2"]);
        bed.connect("1");
        bed.disconnect("2");
        bed.assert_peers(&[], &[], &["1", "2"]);
        bed.assert_calls(&[], &[]);
    });
}

#[test]
fn notify_after_stop() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1", "2"]);
        let (first, second) = (bed.transport.subscribers("1"), bed.transport.subscribers("2"));
        bed.stop();
        bed.connect("1");
        notify_late(&first, "1");
        bed.disconnect("2");
        notify_late(&second, "2");
        bed.assert_peers(&[], &[], &["1", "2"]);
        bed.assert_calls(&["1", "2"], &["1", "2"]);
        bed.assert_stopped();
    });
}

/// v: available, u: unavailable, a: added later, r: removed; in the order in which it happens.
fn stress(bed: &Bed, check: impl Fn(&[&str])) {
    bed.begin_unavailable(&["6u", "7ua", "8uav", "9uar", "10uavr"]);
    bed.start();
    bed.add(&["1v", "6u"]);
    bed.add(&["2va", "3vau", "4var", "5vaur", "7ua", "8uav", "9uar", "10uavr"]);
    check(&["1v", "2va", "3vau", "4var", "5vaur"]);

    bed.disconnect("3vau");
    bed.disconnect("5vaur");
    check(&["1v", "2va", "4var"]);

    bed.connect("8uav");
    bed.connect("10uavr");
    check(&["1v", "2va", "4var", "8uav", "10uavr"]);

    bed.remove(&["4var", "5vaur", "9uar", "10uavr"]);
    check(&["1v", "2va", "8uav"]);
    bed.assert_peers(&["1v", "2va", "8uav"], &["3vau", "6u", "7ua"], &[]);
    bed.assert_calls(
        &["1v", "2va", "3vau", "4var", "5vaur", "6u", "7ua", "8uav", "9uar", "10uavr"],
        &["4var", "5vaur", "9uar", "10uavr"],
    );
}

/// yarpc-go's order; but where a pass begins depends on when the newcomers came (see
/// `newcomers_join_the_pass_under_way`), so the passes are compared as circles.
#[test]
fn notify_peer_stress_test() {
    for_each_rotating(|bed| {
        stress(bed, |ids| {
            let pass = bed.choose_many(ids.len());
            assert_eq!(bed.choose_many(ids.len()), pass, "every pass is the same");
            let first = pass.iter().position(|id| id == ids[0]).expect("in every pass");
            let circle = [&pass[first..], &pass[..first]].concat();
            assert_eq!(circle, ids);
        });
    });
}

#[test]
fn notify_peer_stress_test_with_draws() {
    for_each_drawing(|bed| stress(bed, |ids| bed.assert_chosen(ids)));
}
