//! A peer can be chosen while there is no reason against it.

use peerage::{
    Chooser, ConnectionStatus, List as _, ListUpdates, Outcome, Reason, Reasons, Request,
};

use crate::{peer, running};

#[test]
fn each_reason_takes_a_peer_out_of_the_choice_until_it_is_taken_away() {
    let (list, transport) = running();
    list.update(ListUpdates::adding(["a", "b"])).expect("adds");
    for reason in [Reason::Ejected, Reason::OutsideSubset, Reason::Draining] {
        assert!(list.set_reason("a", reason, true));
        assert_eq!(peer(&*list, "a").reasons, Reasons::NONE.with(reason));
        assert!(!list.is_available("a") && list.is_available("b"));
        for _ in 0..9 {
            assert_eq!(list.try_choose(&Request::new()).expect("b").identifier(), "b");
        }
        // The connection is another reason: both have to go.
        transport.set_status("a", ConnectionStatus::Connecting);
        assert!(list.set_reason("a", reason, false));
        assert_eq!(peer(&*list, "a").reasons, Reasons::NONE.with(Reason::NotConnected));
        assert!(!list.is_available("a"));
        transport.set_status("a", ConnectionStatus::Available);
        assert!(list.is_available("a"));
    }
    assert_eq!(list.stats().available, 2);
}

#[test]
fn requests_in_flight_of_a_peer_that_drains_go_on() {
    let (list, transport) = running();
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let pick = list.try_choose(&Request::new()).expect("a");
    list.set_reason("a", Reason::Draining, true);
    assert_eq!(list.stats().pending, 1);
    assert!(list.try_choose(&Request::new()).is_err());
    pick.finish(Outcome::Success);
    assert_eq!((list.stats().pending, transport.releases().len()), (0, 0));
    list.update(ListUpdates::removing(["a"])).expect("removes");
    assert_eq!(transport.releases(), ["a"]);
}

#[test]
fn a_peer_that_leaves_takes_its_reasons_along() {
    let (list, _transport) = running();
    list.update(ListUpdates::adding(["a"])).expect("adds");
    list.set_reason("a", Reason::Draining, true);
    list.update(ListUpdates::removing(["a"])).expect("removes");
    assert!(!list.set_reason("a", Reason::Draining, true), "it is not in the list");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    assert!(list.is_available("a"));
}

#[test]
fn status_pages_say_why() {
    let (list, _transport) = running();
    list.update(ListUpdates::adding(["a"])).expect("adds");
    list.set_reason("a", Reason::Draining, true);
    list.set_reason("a", Reason::Ejected, true);
    assert_eq!(peer(&*list, "a").reasons.to_string(), "ejected, draining");
    assert!(!peer(&*list, "a").is_available());
    assert_eq!(list.introspect().state_text(), "Running (0/1 available)");
}
