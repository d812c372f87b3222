//! How long a choice waits, and what ends the wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::{Choice, Nothing, Policy, Roster, RoundRobin};
use peerage::testing::FakeTransport;
use peerage::{ChooseErrorKind, Chooser, ConnectionStatus, Lifecycle, List};
use peerage::{ListOptions, ListUpdates, PeerList, Request, State, Wait};

use crate::support::{LIMIT, until};
use crate::{idle, running};

const SHORT: Duration = Duration::from_millis(20);

fn waited(kind: ChooseErrorKind) -> Duration {
    match kind {
        ChooseErrorKind::TimedOut(waited) => waited.0,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn kind(list: &dyn Chooser, wait: Wait<'_>) -> ChooseErrorKind {
    list.choose(&Request::new(), wait).unwrap_err().kind()
}

#[test]
fn a_timeout_is_waited_for() {
    let (list, _transport) = running(&[]);
    let begun = Instant::now();
    let waited = waited(kind(&*list, Wait::timeout(SHORT)));
    assert!(waited >= SHORT && begun.elapsed() >= waited);
}

#[test]
fn an_instant_is_waited_for() {
    let (list, _transport) = running(&[]);
    let end = Instant::now() + SHORT;
    waited(kind(&*list, Wait::until(end)));
    assert!(Instant::now() >= end);
}

#[test]
fn the_default_is_the_list_s() {
    let options = ListOptions::new().with_default_timeout(SHORT);
    let list = PeerList::new(RoundRobin::new(), FakeTransport::new(), options);
    list.start().unwrap();
    for wait in [Wait::default(), Wait::list_default()] {
        let waited = waited(kind(&list, wait));
        assert!(waited >= SHORT && waited < LIMIT);
    }
}

#[test]
fn no_time_is_no_wait() {
    let (list, _transport) = running(&[]);
    assert_eq!(kind(&*list, Wait::timeout(Duration::ZERO)), ChooseErrorKind::NoPeer);
    assert_eq!(list.try_choose(&Request::new()).unwrap_err().kind(), ChooseErrorKind::NoPeer);
}

/// A deadline that has passed is a time-out, as it is for the caller that has set it.
#[test]
fn an_instant_that_has_passed_is_a_wait_that_was_over_before_it_began() {
    let (list, transport) = running(&["a"]);
    transport.set_status("a", ConnectionStatus::Unavailable);
    let late = list.choose(&Request::new(), Wait::until(Instant::now())).unwrap_err();
    assert_eq!(waited(late.kind()), Duration::ZERO);
    assert_eq!(
        late.to_string(),
        "\"users\" peer list has 1 peer but it is not responsive, did not wait for a connection to \
         open: the deadline had passed before"
    );
    let (idle, _transport) = idle(&["a"]);
    let kind = kind(&*idle, Wait::until(Instant::now()));
    assert_eq!(kind, ChooseErrorKind::NotRunning(State::Idle), "which no wait would have mended");
}

#[test]
fn a_peer_that_is_there_is_handed_out_even_if_the_time_is_over() {
    let (list, _transport) = running(&["a"]);
    assert!(list.choose(&Request::new(), Wait::timeout(Duration::ZERO)).is_ok());
    assert!(list.choose(&Request::new(), Wait::until(Instant::now())).is_ok());
}

#[test]
fn a_timeout_beyond_all_clocks_is_for_ever() {
    let (list, _transport) = running(&[]);
    thread::scope(|scope| {
        let wait = Wait::timeout(Duration::MAX);
        let waiter = scope.spawn({
            let list = &list;
            move || list.choose(&Request::new(), wait).map(drop)
        });
        until("a waiter", || list.waiting() == 1);
        list.update(ListUpdates::adding(["a"])).unwrap();
        waiter.join().unwrap().unwrap();
    });
}

#[test]
fn whoever_waits_for_ever_gets_the_peer_that_becomes_available() {
    let (list, transport) = running(&["a"]);
    transport.set_status("a", ConnectionStatus::Connecting);
    thread::scope(|scope| {
        let wait = || list.choose(&Request::new(), Wait::forever()).map(drop);
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(wait)).collect();
        until("three waiters", || list.waiting() == 3);
        transport.set_status("a", ConnectionStatus::Available);
        for waiter in waiters {
            waiter.join().unwrap().unwrap();
        }
    });
    assert_eq!(list.waiting(), 0);
}

#[test]
fn a_stop_ends_every_wait() {
    let (list, _transport) = running(&[]);
    thread::scope(|scope| {
        let wait = || kind(&*list, Wait::forever());
        let waiters: Vec<_> = (0..3).map(|_| scope.spawn(wait)).collect();
        until("three waiters", || list.waiting() == 3);
        list.stop().unwrap();
        for waiter in waiters {
            assert_eq!(waiter.join().unwrap(), ChooseErrorKind::Stopped);
        }
    });
    assert_eq!(kind(&*list, Wait::forever()), ChooseErrorKind::Stopped);
}

/// Has nothing, and the second time it is asked, which is in the wait, it lets the caller's time pass
/// and makes the peer available.
#[derive(Debug)]
struct Late(AtomicUsize, Arc<FakeTransport>);

impl Policy for Late {
    fn name(&self) -> &str {
        "late"
    }

    fn choose<'r>(&'r self, _: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        if self.0.fetch_add(1, Ordering::Relaxed) == 1 {
            thread::sleep(2 * SHORT);
            self.1.set_status("a", ConnectionStatus::Available);
        }
        Err(Nothing::Unavailable)
    }
}

#[test]
fn a_peer_that_comes_too_late_is_not_said_to_be_for_other_requests() {
    let transport = FakeTransport::with_initial_status(ConnectionStatus::Connecting);
    let policy = Late(AtomicUsize::new(0), transport.clone());
    let list = PeerList::new(policy, transport, ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["a"])).unwrap();
    let error = list.choose(&Request::new(), Wait::timeout(SHORT)).unwrap_err();
    assert!(waited(error.kind()) >= SHORT);
    let text = error.to_string();
    assert!(text.contains("has 1 peer, which is available, but only now, timed out"), "{text}");
    assert_eq!((error.peers(), error.available()), (1, 1));
}

/// In many rounds, because the waiter may look again before the start has quite returned.
#[test]
fn fail_fast_waits_for_the_start_and_for_nothing_else() {
    for _ in 0..500 {
        let options = ListOptions::new().with_fail_fast(true);
        let list = PeerList::new(RoundRobin::new(), FakeTransport::new(), options);
        thread::scope(|scope| {
            let waiter = scope.spawn(|| kind(&list, Wait::timeout(LIMIT)));
            until("a waiter", || list.waiting() == 1);
            list.start().unwrap();
            assert_eq!(waiter.join().unwrap(), ChooseErrorKind::FailFast);
        });
        assert_eq!(kind(&list, Wait::forever()), ChooseErrorKind::FailFast);
    }
}

#[test]
fn a_list_that_is_not_started_is_waited_for() {
    let (list, _transport) = idle(&["a"]);
    let not_running = ChooseErrorKind::NotRunning(State::Idle);
    assert_eq!(kind(&*list, Wait::timeout(Duration::ZERO)), not_running);
    assert_eq!(kind(&*list, Wait::timeout(SHORT)), not_running);
    assert_eq!(list.try_choose(&Request::new()).unwrap_err().kind(), not_running);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| list.choose(&Request::new(), Wait::timeout(LIMIT)).map(drop));
        until("a waiter", || list.waiting() == 1);
        list.start().unwrap();
        waiter.join().unwrap().unwrap();
    });
}
