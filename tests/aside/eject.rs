//! Peers that fail so often in a row are left alone, and come back.

use peerage::{Chooser, ConnectionStatus, List as _, ListUpdates, Outcome, Reason, Request};

use crate::Bed;

const EJECTED: &str = "ejected";

#[test]
fn a_peer_that_fails_is_left_alone_until_one_request_succeeds() {
    for policy in ["round-robin", "random", "two-random-choices", "fewest-pending-requests"] {
        let bed = Bed::new(policy, "eject=5", &["a", "b", "c", "d"]);
        assert_eq!(bed.requests(200, &["a"]), 5, "{policy}");
        assert_eq!(bed.reasons("a").to_string(), EJECTED);
        let told = bed.told();
        assert!(told[0].starts_with("peer \"a\" is ejected for ") && told.len() == 1, "{told:?}");
        assert!(told[0].ends_with("s after 5 failures"), "{told:?}");
        // A second, and a tenth more or less.
        bed.clock.pass(890);
        assert_eq!(bed.requests(50, &["a"]), 0, "{policy}");
        bed.clock.pass(220);
        // Requests to others are what lets it be tried.
        assert_eq!(bed.requests(100, &[]), 0, "{policy}");
        assert!(bed.reasons("a").is_none());
        assert_eq!(bed.told(), ["peer \"a\" is in service again"], "{policy}");
        assert_eq!(bed.requests(400, &["a"]), 5, "it counts from nothing: {policy}");
    }
}

#[test]
fn its_key_goes_elsewhere_while_a_peer_of_a_ring_is_out() {
    let bed = Bed::new("hashring32", "eject=3", &["a", "b", "c", "d"]);
    let home = bed.list.try_choose(&Request::new().with_shard_key(b"key")).expect("a peer");
    let id = home.identifier().to_owned();
    home.finish(Outcome::Failure);
    for _ in 0..2 {
        bed.list
            .try_choose(&Request::new().with_shard_key(b"key"))
            .unwrap()
            .finish(Outcome::Failure);
    }
    let other = bed.list.try_choose(&Request::new().with_shard_key(b"key")).expect("a peer");
    assert_ne!(other.identifier(), id);
    other.finish(Outcome::Success);
    bed.clock.pass(1_100);
    bed.list.tick();
    let back = bed.list.try_choose(&Request::new().with_shard_key(b"key")).expect("a peer");
    assert_eq!(back.identifier(), id);
}

#[test]
fn a_success_ends_the_streak() {
    let bed = Bed::new("round-robin", "eject=3", &["a", "b"]);
    for round in 0..50 {
        for _ in 0..2 {
            let pick = bed.list.try_choose(&Request::new()).unwrap();
            let fails = pick.identifier() == "a" && round % 3 != 0;
            pick.finish(if fails { Outcome::Failure } else { Outcome::Success });
        }
    }
    assert_eq!(bed.told(), [""; 0]);
}

#[test]
fn one_request_at_a_time_tries_a_peer() {
    let bed = Bed::new("round-robin", "eject=2", &["a", "b"]);
    assert_eq!(bed.requests(8, &["a"]), 2);
    bed.clock.pass(1_100);
    assert!(bed.list.tick().is_none() && bed.reasons("a").is_none());
    // The probe is in flight: no other request goes there.
    let held: Vec<_> = (0..8).map(|_| bed.list.try_choose(&Request::new()).unwrap()).collect();
    let (probes, rest): (Vec<_>, Vec<_>) =
        held.into_iter().partition(|pick| pick.identifier() == "a");
    assert_eq!((probes.len(), bed.reasons("a").to_string().as_str()), (1, EJECTED));
    for pick in rest {
        pick.finish(Outcome::Success);
    }
    // One that was cancelled says nothing, so the next is a probe.
    for pick in probes {
        pick.finish(Outcome::Cancelled);
    }
    assert!(bed.reasons("a").is_none());
    bed.told();
    assert_eq!(bed.requests(8, &["a"]), 1);
    let told = bed.told();
    assert!(told.len() == 1 && told[0].ends_with("after 1 failure"), "{told:?}");
}

#[test]
fn a_probe_that_does_not_end_is_joined_by_another() {
    let bed = Bed::new("round-robin", "eject=2", &["a", "b"]);
    assert_eq!(bed.requests(8, &["a"]), 2);
    bed.clock.pass(1_100);
    bed.list.tick();
    let picks: Vec<_> = (0..4).map(|_| bed.list.try_choose(&Request::new()).unwrap()).collect();
    assert_eq!(bed.reasons("a").to_string(), EJECTED);
    bed.clock.pass(1_100);
    bed.list.tick();
    assert!(bed.reasons("a").is_none());
    assert_eq!(bed.requests(4, &[]), 0);
    assert_eq!(bed.told().last().unwrap(), "peer \"a\" is in service again");
    // What ends late does no harm.
    picks.into_iter().for_each(|pick| pick.finish(Outcome::Success));
    assert!(bed.reasons("a").is_none());
}

#[test]
fn the_time_doubles_while_probes_fail() {
    let bed = Bed::new("round-robin", "eject=2", &["a", "b"]);
    assert_eq!(bed.requests(8, &["a"]), 2);
    for seconds in [1_u64, 2, 4, 8, 16, 30, 30] {
        let left = bed.list.tick().expect("it is out").as_millis() as u64;
        assert!((seconds * 900..=seconds * 1_100).contains(&left), "{left} of {seconds} s");
        let status = bed.list.introspect();
        assert_eq!(status.peers[0].ejected_for.expect("it is out").as_millis() as u64, left);
        bed.clock.pass(left - 1);
        assert_eq!(bed.requests(8, &["a"]), 0);
        bed.clock.pass(1);
        assert_eq!(bed.requests(8, &["a"]), 1);
    }
    bed.clock.pass(33_000);
    bed.requests(8, &[]);
    assert_eq!((bed.list.tick(), bed.requests(8, &["a"])), (None, 2));
    assert!(bed.list.tick().expect("it is out").as_millis() <= 1_100, "it began anew");
}

#[test]
fn at_most_half_are_out_and_never_the_last() {
    let peers = ["a", "b", "c", "d", "e"];
    let bed = Bed::new("random", "eject=3", &peers);
    bed.requests(1_000, &peers);
    assert_eq!(bed.list.available(), 3);
    bed.list.update(ListUpdates::removing(["a", "b", "c", "d"])).unwrap();
    bed.clock.pass(1_100);
    bed.requests(1_000, &peers);
    assert!(bed.reasons("e").is_none());

    // The other one has gone: the one that is tried serves.
    let bed = Bed::new("round-robin", "eject=3", &["a", "b"]);
    assert_eq!(bed.requests(20, &["a"]), 3);
    bed.transport.set_status("b", ConnectionStatus::Unavailable);
    assert!(bed.list.try_choose(&Request::new()).is_err());
    bed.clock.pass(1_100);
    assert_eq!(bed.requests(20, &["a"]), 20, "a choice that finds nothing looks at the clock");
}

#[test]
fn a_peer_that_leaves_takes_its_streak_along() {
    let bed = Bed::new("round-robin", "eject=3", &["a", "b"]);
    assert_eq!(bed.requests(20, &["a"]), 3);
    bed.list.update(ListUpdates::removing(["a"])).unwrap();
    bed.list.update(ListUpdates::adding(["a"])).unwrap();
    assert!(bed.reasons("a").is_none());
    bed.clock.pass(1_100);
    assert_eq!(bed.requests(20, &["a"]), 3, "the old one's time is over and means nothing");
}

#[test]
fn a_status_flap_and_other_attributes_keep_a_peer_out() {
    let bed = Bed::new("round-robin", "eject=3", &["a", "b"]);
    assert_eq!(bed.requests(20, &["a"]), 3);
    bed.transport.set_status("a", ConnectionStatus::Unavailable);
    assert_eq!(bed.reasons("a").to_string(), "not connected, ejected");
    bed.transport.set_status("a", ConnectionStatus::Available);
    let heavier = peerage::Member::new("a", peerage::Attributes::new().with_weight(9));
    let both = ListUpdates::removing(["a"]);
    let both = ListUpdates { additions: vec![std::sync::Arc::new(heavier)], ..both };
    bed.list.update(both).unwrap();
    assert_eq!(bed.reasons("a").to_string(), EJECTED);
    bed.clock.pass(1_100);
    assert_eq!(bed.requests(20, &["a"]), 1, "it is tried with one request");
}

#[test]
fn what_a_user_sets_and_takes_away_is_obeyed() {
    let bed = Bed::new("round-robin", "eject=3", &["a", "b"]);
    assert_eq!(bed.requests(20, &["a"]), 3);
    assert!(bed.list.set_reason("a", Reason::Ejected, false));
    assert_eq!((bed.list.tick(), bed.requests(20, &["a"])), (None, 3));
    // A user's own stays until it is taken away.
    let bed = Bed::new("round-robin", "eject=3", &["a", "b"]);
    bed.list.set_reason("a", Reason::Ejected, true);
    bed.clock.pass(60_000);
    assert_eq!((bed.list.tick(), bed.requests(20, &["a"])), (None, 0));
}

#[test]
fn policies_that_price_peers_ignore_it() {
    for policy in ["least-loaded", "least-latency", "two-random-choices:errors=on"] {
        let bed = Bed::new(policy, "eject=2", &["a", "b"]);
        bed.requests(300, &["a"]);
        assert_eq!(bed.told(), [""; 0], "{policy}");
        assert!(bed.reasons("a").is_none());
    }
}

#[test]
fn many_threads_agree_on_one_probe_at_a_time() {
    let bed = Bed::new("random", "eject=5", &["a", "b", "c"]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    bed.requests(1, &["a"]);
                    bed.clock.pass(1);
                }
            });
        }
    });
    // 8 s: the first streak, and probes at about 1, 3 and 7 s, each of one request or, if threads meet,
    // of a few.
    let told = bed.told();
    assert!((3..=5).contains(&told.len()), "{told:?}");
    bed.clock.pass(33_000);
    bed.requests(30, &[]);
    assert!(bed.reasons("a").is_none());
}

#[test]
fn the_last_peer_serves_though_its_requests_take_all_its_places() {
    for (policy, places) in [("round-robin", 1), ("random", 2), ("fewest-pending-requests", 1)] {
        let bed = Bed::new(policy, &format!("eject=3,max-pending={places}"), &["a", "b"]);
        bed.transport.set_status("b", ConnectionStatus::Unavailable);
        for _ in 0..10 {
            let picks: Vec<_> =
                std::iter::from_fn(|| bed.list.try_choose(&Request::new()).ok()).collect();
            assert_eq!(picks.len(), places, "{policy}");
            picks.into_iter().for_each(|pick| pick.finish(Outcome::Failure));
        }
        assert_eq!((bed.list.available(), bed.told().len()), (1, 0), "{policy}");

        // Nor is it kept to one request when it is tried.
        bed.requests(1, &[]);
        bed.transport.set_status("b", ConnectionStatus::Available);
        assert_eq!(bed.requests(20, &["a"]), 3, "{policy}");
        bed.clock.pass(1_200);
        bed.transport.set_status("b", ConnectionStatus::Unavailable);
        let probe = bed.list.try_choose(&Request::new()).expect("the last one");
        assert_eq!((probe.identifier(), bed.list.available()), ("a", 1), "{policy}");
        probe.finish(Outcome::Failure);
        assert!(bed.reasons("a").is_none(), "{policy}");
    }
}
