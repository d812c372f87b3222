//! One-shot notices: given once, at once if there is no reason to wait, and taken back at will.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use peerage::testing::FakeTransport;
use peerage::{Chooser, ConnectionStatus, Lifecycle, List, ListUpdates, Notice, Ready, Request};
use peerage::{Single, identify};

use crate::{idle, running};

fn notice() -> (Notice, Receiver<Ready>) {
    let (sender, receiver) = channel();
    (Box::new(move |ready| sender.send(ready).unwrap()), receiver)
}

fn quiet(receiver: &Receiver<Ready>) -> bool {
    receiver.try_recv() == Err(TryRecvError::Empty)
}

/// Given, and dropped with its sender.
fn over(receiver: &Receiver<Ready>) -> bool {
    receiver.try_recv() == Err(TryRecvError::Disconnected)
}

#[test]
fn a_notice_is_given_at_once_on_this_thread_if_a_peer_is_there() {
    let (list, _transport) = running(&["a"]);
    let (me, ran_on) = (thread::current().id(), Arc::new(Mutex::new(None)));
    let seen = Arc::clone(&ran_on);
    let notice = move |ready| *seen.lock().unwrap() = Some((ready, thread::current().id()));
    assert_eq!(list.notify_ready(&Request::new(), Box::new(notice)), None);
    assert_eq!(*ran_on.lock().unwrap(), Some((Ready::TryAgain, me)));
    assert_eq!(list.introspect().peers[0].status.pending_request_count, 0, "it takes no peer");
    assert_eq!(list.waiting(), 0);
}

#[test]
fn a_notice_is_no_request_to_the_peer() {
    let transport = FakeTransport::watching_requests();
    let single = Single::new(identify("a"), transport.clone());
    single.start().unwrap();
    let (notice, given) = notice();
    assert_eq!(single.notify_ready(&Request::new(), notice), None);
    assert_eq!(given.try_recv(), Ok(Ready::TryAgain));
    assert_eq!(transport.peer("a").started(), 0);
}

#[test]
fn a_notice_is_given_once() {
    let (list, transport) = running(&["a"]);
    transport.set_status("a", ConnectionStatus::Unavailable);
    let (notice, given) = notice();
    let id = list.notify_ready(&Request::new(), notice).unwrap();
    assert!(quiet(&given));
    assert_eq!(list.waiting(), 1);
    transport.set_status("a", ConnectionStatus::Connecting);
    assert!(quiet(&given), "there is nothing to choose");
    transport.set_status("a", ConnectionStatus::Available);
    assert_eq!(given.try_recv(), Ok(Ready::TryAgain));
    assert!(over(&given));
    assert!(!list.cancel_notice(id), "too late");
    assert_eq!(list.waiting(), 0);
}

#[test]
fn a_notice_that_is_taken_back_is_not_given() {
    let (list, _transport) = running(&[]);
    let ((first, first_given), (second, second_given)) = (notice(), notice());
    let first = list.notify_ready(&Request::new(), first).unwrap();
    let second = list.notify_ready(&Request::new(), second).unwrap();
    assert_ne!(first, second);
    assert!(list.cancel_notice(first));
    assert!(!list.cancel_notice(first), "only once");
    list.update(ListUpdates::adding(["a"])).unwrap();
    assert!(over(&first_given));
    assert_eq!(second_given.try_recv(), Ok(Ready::TryAgain));
}

#[test]
fn a_start_gives_the_notices_of_those_who_came_early() {
    let (list, _transport) = idle(&["a"]);
    let (notice, given) = notice();
    assert!(list.notify_ready(&Request::new(), notice).is_some());
    assert!(quiet(&given));
    list.start().unwrap();
    assert_eq!(given.try_recv(), Ok(Ready::TryAgain));
}

#[test]
fn a_stop_gives_all_notices_and_whoever_comes_later_is_told_at_once() {
    let (list, _transport) = running(&[]);
    let (early, given) = notice();
    assert!(list.notify_ready(&Request::new(), early).is_some());
    list.stop().unwrap();
    assert_eq!(given.try_recv(), Ok(Ready::Stopped));
    let (late, given) = notice();
    assert_eq!(list.notify_ready(&Request::new(), late), None);
    assert_eq!(given.try_recv(), Ok(Ready::Stopped));
}

#[test]
fn a_notice_may_ask_for_another_and_choose() {
    let (list, transport) = running(&["a"]);
    transport.set_status("a", ConnectionStatus::Unavailable);
    let (sender, chosen) = channel();
    let inner = Arc::clone(&list);
    let notice = move |_| {
        let pick = inner.try_choose(&Request::new()).unwrap();
        let again = sender.clone();
        let id = inner.notify_ready(&Request::new(), Box::new(move |_| again.send(None).unwrap()));
        assert_eq!(id, None, "a peer is there");
        sender.send(Some(pick.identifier().to_owned())).unwrap();
    };
    assert!(list.notify_ready(&Request::new(), Box::new(notice)).is_some());
    transport.set_status("a", ConnectionStatus::Available);
    // One after the other, before the report returns.
    assert_eq!(chosen.try_iter().collect::<Vec<_>>(), [Some("a".to_owned()), None]);
}
