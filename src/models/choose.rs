//! The whole of a blocking choice against a status push, a cancel and a stop of the list.

use std::sync::Arc;

use loom::thread;

use crate::chooser::Chooser;
use crate::error::ChooseErrorKind;
use crate::feeding::{List, ListUpdates};
use crate::lifecycle::Lifecycle;
use crate::list::{ListOptions, PeerList};
use crate::outcome::Outcome;
use crate::peer::ConnectionStatus;
use crate::policy::{Random, Rng};
use crate::request::Request;
use crate::testing::FakeTransport;
use crate::wait::{CancelToken, Wait};

type TestList = Arc<PeerList<Random>>;

/// A running list with one peer that is not available.
fn list() -> (TestList, Arc<FakeTransport>) {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Unavailable);
    let policy = Random::new().with_rng(Rng::seeded(1));
    let list = PeerList::new(policy, transport.clone(), ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["a"])).unwrap();
    (Arc::new(list), transport)
}

fn pending(list: &TestList) -> u32 {
    list.introspect().peers.iter().map(|peer| peer.status.pending_request_count).sum()
}

#[test]
fn a_push_ends_a_wait() {
    loom::model(|| {
        let (list, transport) = list();
        let pusher = thread::spawn(move || transport.set_status("a", ConnectionStatus::Available));
        let pick = list.choose(&Request::new(), Wait::forever()).unwrap();
        assert_eq!(pending(&list), 1);
        pick.finish(Outcome::Success);
        assert_eq!(pending(&list), 0);
        pusher.join().unwrap();
    });
}

#[test]
fn a_cancelled_caller_takes_no_peer() {
    loom::model(|| {
        let (list, transport) = list();
        let token = CancelToken::new();
        let pusher = thread::spawn(move || transport.set_status("a", ConnectionStatus::Available));
        let canceller = {
            let token = token.clone();
            thread::spawn(move || token.trigger())
        };
        match list.choose(&Request::new(), Wait::forever().cancelled_by(&token)) {
            Ok(pick) => {
                assert_eq!(pending(&list), 1);
                pick.finish(Outcome::Success);
            }
            Err(error) => {
                assert_eq!(error.kind(), ChooseErrorKind::Cancelled);
                assert!(token.is_triggered());
            }
        }
        assert_eq!(pending(&list), 0);
        assert_eq!(list.waiting(), 0);
        pusher.join().unwrap();
        canceller.join().unwrap();
    });
}

#[test]
fn a_stop_ends_a_wait_and_leaves_nothing_retained() {
    loom::model(|| {
        let (list, transport) = list();
        let stopper = {
            let list = Arc::clone(&list);
            thread::spawn(move || list.stop().unwrap())
        };
        let chosen = list.choose(&Request::new(), Wait::forever());
        assert_eq!(chosen.unwrap_err().kind(), ChooseErrorKind::Stopped);
        stopper.join().unwrap();
        assert_eq!(transport.retained(), 0);
    });
}

/// A stop reads who owns the slots; the last request empties its own slot.
#[test]
fn a_stop_and_a_finish_release_the_peer_once() {
    loom::model(|| {
        let (list, transport) = list();
        transport.set_status("a", ConnectionStatus::Available);
        let pick = list.try_choose(&Request::new()).unwrap();
        let finisher = thread::spawn(move || pick.finish(Outcome::Success));
        list.stop().unwrap();
        finisher.join().unwrap();
        assert_eq!((transport.retained(), transport.releases().len()), (0, 1));
    });
}
