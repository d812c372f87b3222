//! Callers that wait are served when the time of an ejected peer is over.

use std::time::{Duration, Instant};

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Cause, Chooser, ConnectionStatus, Lifecycle, List as _, ListOptions, ListUpdates, Outcome,
    PeerList, Request, Wait,
};

#[test]
fn a_caller_that_waits_gets_the_peer_when_its_time_is_over() {
    // By the system's clock.
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_eject(1).with_shuffle(false);
    let list = PeerList::new(RoundRobin::new(), transport.clone(), options);
    list.start().unwrap();
    list.update(ListUpdates::adding(["a", "b"])).unwrap();
    for _ in 0..2 {
        let pick = list.try_choose(&Request::new()).unwrap();
        let is_a = pick.identifier() == "a";
        pick.finish(if is_a { Outcome::Failure } else { Outcome::Success });
    }
    let began = Instant::now();
    assert!(!list.is_available("a"));
    transport.set_status("b", ConnectionStatus::Unavailable);

    let error = list.choose(&Request::new(), Wait::timeout(Duration::from_millis(20))).unwrap_err();
    assert_eq!(error.cause(), Cause::SetAside);
    let text = error.to_string();
    assert!(text.contains("the first of them is tried again in "), "{text}");

    let pick = list.choose(&Request::new(), Wait::timeout(Duration::from_secs(20))).unwrap();
    assert_eq!(pick.identifier(), "a");
    let took = began.elapsed();
    assert!(took > Duration::from_millis(850) && took < Duration::from_secs(5), "{took:?}");
    pick.finish(Outcome::Failure);
    assert!(list.is_available("a"), "no other is left");
}
