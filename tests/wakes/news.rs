//! News of peers, by notices, which can be counted.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use peerage::policy::{AskAgain, Choice, Dense, HashRing32, HashRing32Options, IndexRef, Nothing};
use peerage::policy::{Roster, RoundRobin};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, Lifecycle, List as _, ListOptions, ListUpdates, PeerList, Policy,
    Ready, Request,
};

use crate::support::until;

/// One more than any constant of the code.
const WAITERS: usize = 130;

fn running<P: Policy>(policy: P, ids: &[&str]) -> (PeerList<P>, Arc<FakeTransport>) {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Unavailable);
    let list = PeerList::new(policy, transport.clone(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(ids.iter().copied())).expect("adds");
    (list, transport)
}

/// Registers a notice, which must wait.
fn notice(list: &impl Chooser, request: &Request<'_>, given: &Arc<AtomicUsize>) {
    let given = Arc::clone(given);
    let notice = Box::new(move |ready| {
        assert_eq!(ready, Ready::TryAgain);
        given.fetch_add(1, Ordering::Relaxed);
    });
    assert!(list.notify_ready(request, notice).is_some(), "nothing can be chosen");
}

#[test]
fn one_peer_is_news_for_all_who_wait_for_any() {
    let (list, transport) = running(RoundRobin::new(), &["a", "b"]);
    let given = Arc::new(AtomicUsize::new(0));
    for _ in 0..WAITERS {
        notice(&list, &Request::new(), &given);
    }
    // Additions that make no peer available, and peers that stop connecting, are no news.
    list.update(ListUpdates::adding(["c", "d"])).expect("adds");
    transport.set_status("a", ConnectionStatus::Connecting);
    transport.set_status("a", ConnectionStatus::Unavailable);
    assert_eq!((given.load(Ordering::Relaxed), list.waiting()), (0, WAITERS));
    transport.set_status("b", ConnectionStatus::Available);
    assert_eq!((given.load(Ordering::Relaxed), list.waiting()), (WAITERS, 0));
}

#[test]
fn a_request_that_needs_more_peers_sleeps_until_there_are_so_many() {
    let options = HashRing32Options { offset_header: Some("x".into()), ..Default::default() };
    let (list, transport) = running(HashRing32::new(options), &["a", "b", "c"]);
    let headers = [("x", "2")];
    let request = Request::new().with_shard_key("k").with_headers(&headers);
    transport.set_status("a", ConnectionStatus::Available);
    let given = Arc::new(AtomicUsize::new(0));
    for _ in 0..WAITERS {
        notice(&list, &request, &given);
    }
    for _ in 0..100 {
        transport.set_status("b", ConnectionStatus::Available);
        transport.set_status("b", ConnectionStatus::Unavailable);
    }
    assert_eq!((given.load(Ordering::Relaxed), list.waiting()), (0, WAITERS), "one is missing");
    transport.set_status("b", ConnectionStatus::Available);
    transport.set_status("c", ConnectionStatus::Available);
    assert_eq!((given.load(Ordering::Relaxed), list.waiting()), (WAITERS, 0));
}

/// Has nothing until it is told to.
#[derive(Debug, Default)]
struct Gated {
    peers: Dense,
    open: AtomicBool,
    asked: AtomicUsize,
    ask_again: Mutex<Option<AskAgain>>,
}

impl Policy for Gated {
    fn name(&self) -> &str {
        "gated"
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    fn attached(&self, ask_again: AskAgain) {
        *self.ask_again.lock().expect("no panic") = Some(ask_again);
    }

    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if !self.open.load(Ordering::Acquire) {
            return Err(Nothing::NotReady);
        }
        self.peers.pin_still(roster, 0, &[])
    }
}

#[test]
fn a_policy_that_is_not_ready_is_asked_again_when_it_says_so() {
    let (list, transport) = running(Gated::default(), &["a", "b"]);
    let given = Arc::new(AtomicUsize::new(0));
    for _ in 0..WAITERS {
        notice(&list, &Request::new(), &given);
    }
    let asked = || list.policy().asked.load(Ordering::Relaxed);
    for id in ["a", "b"] {
        transport.set_status(id, ConnectionStatus::Available);
    }
    assert_eq!((given.load(Ordering::Relaxed), asked()), (0, WAITERS), "peers are not its trouble");
    let blocked = std::thread::scope(|scope| {
        let blocked = scope.spawn(|| list.choose(&Request::new(), peerage::Wait::forever()));
        until("all wait", || list.waiting() > WAITERS);
        list.policy().open.store(true, Ordering::Release);
        let ask_again = list.policy().ask_again.lock().expect("no panic").clone();
        ask_again.expect("attached").ask_again();
        blocked.join().expect("no panic")
    });
    assert!(blocked.is_ok());
    assert_eq!((given.load(Ordering::Relaxed), list.waiting()), (WAITERS, 0));
    let error = {
        list.policy().open.store(false, Ordering::Release);
        list.try_choose(&Request::new()).expect_err("not ready")
    };
    assert_eq!(error.nothing(), Some(Nothing::NotReady));
}
