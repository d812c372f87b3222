//! What a list does when too few of its peers are available.

use std::time::{Duration, Instant};

use peerage::{
    Cause, ChooseErrorKind, Chooser, ConnectionStatus, Lifecycle as _, List as _, ListUpdates,
    Reason, Wait,
};

use crate::support::until;
use crate::{Bed, request};

#[test]
fn a_list_fails_at_once_when_too_few_are_available() {
    let bed = Bed::new("random", "panic=fail,panic-threshold=50", &["a", "b", "c"]);
    bed.requests(30, &[]);
    bed.transport.set_status("a", ConnectionStatus::Unavailable);
    bed.requests(30, &[]);
    assert_eq!(bed.told(), [""; 0]);
    assert!(bed.list.set_reason("b", Reason::Draining, true));
    assert_eq!(bed.told(), ["1 of 3 peers available: fewer than 50%"]);
    let began = Instant::now();
    for error in [
        bed.list.try_choose(&request()).unwrap_err(),
        bed.list.choose(&request(), Wait::forever()).unwrap_err(),
        bed.list.choose(&request(), Wait::timeout(Duration::from_secs(60))).unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.cause()), (ChooseErrorKind::NoPeer, Cause::BelowThreshold));
        let text = error.to_string();
        assert!(
            text.ends_with("has 3 peers, 1 of them available: below 50% it fails (panic=fail)"),
            "{text}"
        );
    }
    assert!(began.elapsed() < Duration::from_secs(30));
    // The one that leaves was part of what is missing.
    bed.list.update(ListUpdates::removing(["a"])).unwrap();
    assert_eq!(bed.told(), ["1 of 2 peers available: enough again"]);
    bed.requests(30, &[]);
    bed.list.stop().unwrap();
    assert_eq!(bed.list.try_choose(&request()).unwrap_err().cause(), Cause::Stopped);
}

#[test]
fn callers_that_wait_are_told_when_a_list_begins_to_fail() {
    let bed = Bed::new("round-robin", "panic=fail,panic-threshold=1", &["a"]);
    bed.transport.set_status("a", ConnectionStatus::Unavailable);
    bed.list.update(ListUpdates::removing(["a"])).unwrap();
    bed.told();
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| bed.list.choose(&request(), Wait::forever()).unwrap_err());
        until("it waits", || bed.list.waiting() > 0);
        // It comes as it left: not connected.
        bed.list.update(ListUpdates::adding(["a"])).unwrap();
        assert_eq!(caller.join().unwrap().cause(), Cause::BelowThreshold);
    });
    assert_eq!(bed.told(), ["0 of 1 peer available: fewer than 1%"]);
    bed.transport.set_status("a", ConnectionStatus::Available);
    bed.requests(3, &[]);
}

#[test]
fn a_list_without_peers_or_not_started_does_not_panic() {
    let bed = Bed::new("random", "panic=fail,panic-threshold=100,timeout=1ms", &[]);
    let error = bed.list.choose(&request(), Wait::list_default()).unwrap_err();
    assert_eq!(error.cause(), Cause::NoPeers);
}

#[test]
fn ejected_peers_serve_when_too_few_are_available() {
    let peers = ["a", "b", "c", "d"];
    let bed = Bed::new("random", "eject=3,panic=any,panic-threshold=60", &peers);
    bed.requests(500, &["a", "b"]);
    assert_eq!(bed.list.available(), 3, "two would be fewer than 60 %");
    bed.told();
    bed.transport.set_status("d", ConnectionStatus::Unavailable);
    assert_eq!(bed.list.available(), 3, "the one that was out serves");
    let told = bed.told();
    assert_eq!(told[0], "2 of 4 peers available: fewer than 60%");
    assert!(told[1].ends_with("is in service again"), "{told:?}");
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[2], "3 of 4 peers available: enough again");
    // Those that are not connected stay out.
    assert!(bed.requests(300, &["a", "b"]) > 100);
    assert_eq!(bed.list.available(), 3);
    assert!(bed.reasons("d").has(Reason::NotConnected));
}
