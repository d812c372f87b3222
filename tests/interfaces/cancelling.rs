//! Waits that a token ends.

use std::thread;

use peerage::{CancelToken, ChooseErrorKind, Chooser, ConnectionStatus, List, ListUpdates};
use peerage::{Request, Wait};

use crate::running;
use crate::support::until;
use crate::waits::kind;

#[test]
fn a_cancelled_caller_is_told_so_and_nothing_else() {
    let (list, transport) = running(&["a"]);
    let token = CancelToken::new();
    token.trigger();
    let text = || {
        let wait = Wait::forever().cancelled_by(&token);
        list.choose(&Request::new(), wait).unwrap_err().to_string()
    };
    let before = "\"users\" peer list did not choose: the wait was cancelled before it began";
    assert_eq!(text(), before, "a peer is there");
    transport.set_status("a", ConnectionStatus::Unavailable);
    assert_eq!(text(), before, "none is");

    let token = CancelToken::new();
    let error = thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let wait = Wait::forever().cancelled_by(&token);
            list.choose(&Request::new(), wait).unwrap_err()
        });
        until("a waiter", || list.waiting() == 1);
        token.trigger();
        waiter.join().unwrap()
    });
    assert_eq!(
        error.to_string(),
        "\"users\" peer list has 1 peer but it is not responsive, the wait was cancelled"
    );
}

#[test]
fn a_trigger_ends_the_waits_of_its_token_and_no_others() {
    let (list, _transport) = running(&[]);
    let (token, other) = (CancelToken::new(), CancelToken::new());
    thread::scope(|scope| {
        let cancelled: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| kind(&*list, Wait::forever().cancelled_by(&token))))
            .collect();
        let wait = Wait::forever().cancelled_by(&other);
        let patient = scope.spawn({
            let list = &list;
            move || list.choose(&Request::new(), wait).map(drop)
        });
        until("three waiters", || list.waiting() == 3);
        token.trigger();
        for waiter in cancelled {
            assert_eq!(waiter.join().unwrap(), ChooseErrorKind::Cancelled);
        }
        assert_eq!(list.waiting(), 1);
        list.update(ListUpdates::adding(["a"])).unwrap();
        patient.join().unwrap().unwrap();
    });
}

#[test]
fn a_triggered_token_takes_no_peer_not_even_one_that_is_there() {
    let (list, transport) = running(&["a", "b"]);
    let token = CancelToken::new();
    let wait = Wait::default().cancelled_by(&token);
    assert_eq!(list.choose(&Request::new(), wait).unwrap().identifier(), "a");
    token.clone().trigger();
    for wait in [wait, Wait::forever().cancelled_by(&token)] {
        assert_eq!(kind(&*list, wait), ChooseErrorKind::Cancelled);
    }
    let pending = |peer: &peerage::PeerStatus| peer.status.pending_request_count;
    assert!(list.introspect().peers.iter().all(|peer| pending(peer) == 0));
    assert_eq!(
        list.try_choose(&Request::new()).unwrap().identifier(),
        "b",
        "nobody's turn is lost"
    );
    assert_eq!(transport.retained(), 2);
}
