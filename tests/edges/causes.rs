//! Each cause of a failed choice, and the sentence beside it.

use std::time::Duration;

use peerage::{
    CancelToken, Cause, ChooseError, Chooser, ConnectionStatus, Lifecycle, List, ListUpdates,
    Reason, Request, Wait,
};

use crate::list;

fn fails<C: Chooser>(chooser: &C) -> ChooseError {
    chooser.try_choose(&Request::new()).unwrap_err()
}

#[test]
fn a_list_says_what_it_lacks() {
    let (list, transport) = list(0);
    assert_eq!(fails(&list).cause(), Cause::NoPeers);
    list.update(ListUpdates::adding(["a", "b"])).unwrap();
    for peer in ["a", "b"] {
        transport.set_status(peer, ConnectionStatus::Connecting);
    }
    assert_eq!(fails(&list).cause(), Cause::NoneConnected);
    let waited = list.choose(&Request::new(), Wait::timeout(Duration::from_millis(1)));
    assert_eq!(waited.unwrap_err().cause(), Cause::NoneConnected);
}

#[test]
fn peers_that_are_set_aside_are_not_said_to_be_unresponsive() {
    let (list, transport) = list(3);
    for (peer, reason) in
        [("p0", Reason::Ejected), ("p1", Reason::OutsideSubset), ("p2", Reason::Draining)]
    {
        assert!(list.set_reason(peer, reason, true));
    }
    let error = fails(&list);
    assert_eq!(error.cause(), Cause::SetAside);
    let text = error.to_string();
    assert!(text.contains("has 3 peers, 3 of them connected but set aside"), "{text}");

    // Two reasons are one peer, and a peer that is not connected is not set aside.
    assert!(list.set_reason("p0", Reason::Draining, true));
    transport.set_status("p1", ConnectionStatus::Unavailable);
    let text = fails(&list).to_string();
    assert!(text.contains("has 3 peers, 2 of them connected but set aside"), "{text}");
    transport.set_status("p1", ConnectionStatus::Available);
    list.update(ListUpdates::removing(["p0", "p1"])).unwrap();
    let text = fails(&list).to_string();
    assert!(text.contains("has 1 peer, which is connected but set aside"), "{text}");
    list.update(ListUpdates::removing(["p2"])).unwrap();
    assert_eq!(fails(&list).cause(), Cause::NoPeers);
}

#[test]
fn ends_that_are_not_for_want_of_a_peer() {
    let (list, _transport) = list(0);
    let token = CancelToken::new();
    let wait = || Wait::timeout(Duration::from_millis(1)).cancelled_by(&token);
    token.trigger();
    let error = list.choose(&Request::new(), wait()).unwrap_err();
    assert_eq!(error.cause(), Cause::CancelledBefore);
    token.reset();
    let error = list.choose(&Request::new(), wait()).unwrap_err();
    assert_eq!(error.cause(), Cause::NoPeers);
    list.stop().unwrap();
    assert_eq!(fails(&list).cause(), Cause::Stopped);
}
