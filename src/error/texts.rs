//! Every text of a failed choice, case by case.

use std::time::Duration;

use super::{ChooseError, ChooseErrorKind, Nothing, Seen, Waited};

fn of(kind: ChooseErrorKind, peers: usize, available: usize) -> ChooseError {
    ChooseError::new(
        &"rr".into(),
        kind,
        Seen { peers, available, set_aside: 0, tried_in: 0, declined: true },
    )
}

fn error(kind: ChooseErrorKind, peers: usize, available: usize) -> String {
    of(kind, peers, available).to_string()
}

const TIMED_OUT: ChooseErrorKind = ChooseErrorKind::TimedOut(Waited(Duration::from_millis(20)));

#[test]
fn texts_follow_yarpc() {
    assert_eq!(
        error(TIMED_OUT, 0, 0),
        "\"rr\" peer list has no peers, waited for peers to be added but timed out \
         (fail-fast is not enabled): waited 20ms"
    );
    assert_eq!(
        error(ChooseErrorKind::FailFast, 0, 0),
        "\"rr\" peer list has no peers, did not wait for peers to be added \
         (fail-fast is enabled)"
    );
    assert_eq!(
        error(TIMED_OUT, 1, 0),
        "\"rr\" peer list has 1 peer but it is not responsive, timed out waiting for a \
         connection to open (fail-fast is not enabled): waited 20ms"
    );
    assert_eq!(
        error(ChooseErrorKind::FailFast, 3, 0),
        "\"rr\" peer list has 3 peers but none are responsive, did not wait for a \
         connection to open (fail-fast is enabled)"
    );
}

#[test]
fn an_offset_beyond_the_ring_is_not_blamed_on_the_peers() {
    let text = error(ChooseErrorKind::NoPeer, 3, 2);
    assert!(text.contains("3 peers, 2 of them available, but none for this request"), "{text}");
    assert_eq!(
        error(TIMED_OUT, 1, 1),
        "\"rr\" peer list has 1 peer, which is available, but not for this request, timed out \
         waiting for another one (fail-fast is not enabled): waited 20ms"
    );
}

#[test]
fn a_policy_that_waits_for_something_is_not_said_to_wait_for_another_peer() {
    let text = |peers, available, nothing| {
        of(TIMED_OUT, peers, available).with_nothing(nothing).to_string()
    };
    for (peers, nothing, said) in [
        (
            1,
            Nothing::AtCapacity,
            "1 peer, which is available, but has no place for another \
             request, timed out waiting for a request to end",
        ),
        (
            3,
            Nothing::AtCapacity,
            "3 peers, 1 of them available, but none with a place for this \
             request, timed out waiting for a request to end",
        ),
        (
            1,
            Nothing::NotReady,
            "1 peer, which is available, but the policy is not ready, timed out \
             waiting for the policy",
        ),
    ] {
        let expected =
            format!("\"rr\" peer list has {said} (fail-fast is not enabled): waited 20ms");
        assert_eq!(text(peers, 1, nothing), expected);
    }
    // What there is not comes first.
    assert_eq!(text(3, 0, Nothing::NotReady), error(TIMED_OUT, 3, 0));
    assert_eq!(text(0, 0, Nothing::AtCapacity), error(TIMED_OUT, 0, 0));
}

#[test]
fn a_peer_that_comes_too_late_is_not_said_to_be_for_other_requests() {
    let late = |peers, available| {
        let seen = Seen { peers, available, set_aside: 0, tried_in: 0, declined: false };
        ChooseError::new(&"rr".into(), TIMED_OUT, seen).to_string()
    };
    assert_eq!(
        late(1, 1),
        "\"rr\" peer list has 1 peer, which is available, but only now, timed out waiting for a \
         connection to open (fail-fast is not enabled): waited 20ms"
    );
    assert_eq!(
        late(3, 1),
        "\"rr\" peer list has 3 peers, 1 of them available, but only now, timed out waiting for \
         a connection to open (fail-fast is not enabled): waited 20ms"
    );
}

#[test]
fn a_wait_that_is_cancelled_says_nothing_of_why_there_was_no_peer() {
    for (peers, available, text) in [
        (0, 0, "has no peers"),
        (1, 0, "has 1 peer but it is not responsive"),
        (1, 1, "has 1 peer, which is available"),
        (3, 2, "has 3 peers, 2 of them available"),
    ] {
        assert_eq!(
            of(ChooseErrorKind::Cancelled, peers, available).early().in_wait().to_string(),
            format!("\"rr\" peer list {text}, the wait was cancelled")
        );
    }
}

#[test]
fn a_wait_that_was_over_before_it_began_is_not_blamed_on_the_peers() {
    for (peers, available) in [(0, 0), (1, 0), (1, 1), (3, 2)] {
        assert_eq!(
            of(ChooseErrorKind::Cancelled, peers, available).early().to_string(),
            "\"rr\" peer list did not choose: the wait was cancelled before it began"
        );
    }
    let timed_out = ChooseErrorKind::TimedOut(Waited(Duration::ZERO));
    assert_eq!(
        of(timed_out, 1, 0).early().to_string(),
        "\"rr\" peer list has 1 peer but it is not responsive, did not wait for a connection \
         to open: the deadline had passed before"
    );
    for available in [1, 3] {
        let seen = Seen { peers: 3, available, set_aside: 0, tried_in: 0, declined: false };
        assert_eq!(
            ChooseError::new(&"rr".into(), timed_out, seen).early().to_string(),
            "\"rr\" peer list did not choose: the deadline had passed before it began"
        );
    }
}

#[test]
fn a_chooser_of_ones_own_is_not_said_to_have_no_peers() {
    let text = |kind| ChooseError::of("own", kind).to_string();
    assert_eq!(
        text(ChooseErrorKind::NoPeer),
        "\"own\" chooser has no peer for the request, did not wait (not asked to)"
    );
    assert_eq!(
        text(ChooseErrorKind::FailFast),
        "\"own\" chooser has no peer for the request, did not wait for one (fail-fast is \
         enabled)"
    );
    assert_eq!(
        text(TIMED_OUT),
        "\"own\" chooser has no peer for the request, timed out waiting for one (fail-fast is \
         not enabled): waited 20ms"
    );
    assert_eq!(
        text(ChooseErrorKind::Cancelled),
        "\"own\" chooser has no peer for the request, the wait was cancelled"
    );
}

/// Whatever is counted, one is one.
#[test]
fn no_text_counts_one_peer_as_many() {
    let kinds =
        [ChooseErrorKind::NoPeer, ChooseErrorKind::FailFast, TIMED_OUT, ChooseErrorKind::Cancelled];
    for kind in kinds {
        for available in [0, 1] {
            let error = of(kind, 1, available);
            for error in [error.clone(), error.early()] {
                assert!(!error.to_string().contains("1 peers"), "{error}");
            }
        }
    }
}
