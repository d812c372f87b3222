//! How many may wait.

use peerage::{Cause, ChooseErrorKind, Chooser, Lifecycle, Outcome, Ready, Request, Wait};

use crate::bed::{List, Notices, caller, fill};
use crate::support::{LIMIT, from_texts, until};

const SIZES: [usize; 6] = [0, 1, 8, 9, 64, 65];

fn full(most: usize) -> (List, impl Sized, Vec<peerage::Pick>) {
    let (list, transport) =
        from_texts("random", &format!("max-pending=1,max-waiting={most}"), &["a"]);
    let held = fill(&list);
    (list, transport, held)
}

/// One more is refused, in either way to wait.
fn is_refused(list: &List, most: usize) {
    let error = list.choose(&Request::new(), Wait::timeout(LIMIT)).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (ChooseErrorKind::QueueFull(most), Cause::QueueFull));
    let who = match most {
        0 => "no caller may wait".to_owned(),
        1 => "1 caller waits already".to_owned(),
        _ => format!("{most} callers wait already"),
    };
    let text = format!(
        "\"random\" peer list has 1 peer, which is available, but has no place for another \
         request, did not wait for a request to end: {who} (max-waiting is {most})"
    );
    assert_eq!(error.to_string(), text);
    let mut notices = Notices::new();
    assert!(notices.arrives(list).is_none());
    assert_eq!(notices.next(), Some((0, Ready::QueueFull)));
    assert_eq!(notices.next(), None);
    // One that is not to wait is not refused for it.
    assert_eq!(list.try_choose(&Request::new()).unwrap_err().cause(), Cause::AtCapacity);
}

#[test]
fn so_many_notices_wait_and_one_more_is_refused_at_once() {
    for most in SIZES {
        let (list, _transport, mut held) = full(most);
        let mut notices = Notices::new();
        assert!((0..most).all(|_| notices.arrives(&list).is_some()), "{most}");
        is_refused(&list, most);
        assert_eq!(list.waiting(), most);
        if most > 0 {
            // One leaves the queue: there is room for one.
            held.pop().expect("one").finish(Outcome::Success);
            assert_eq!(notices.next().map(|(_, ready)| ready), Some(Ready::TryAgain));
            held = fill(&list);
            assert!(notices.arrives(&list).is_some());
            is_refused(&list, most);
        }
        drop(held);
    }
}

#[test]
fn so_many_callers_wait_and_one_more_is_refused_at_once() {
    for most in SIZES {
        let (list, _transport, held) = full(most);
        let callers: Vec<_> = (0..most).map(|_| caller(&list)).collect();
        // A caller waits once it has looked, so a notice may be faster, which is then taken back.
        until("all wait", || {
            let more = list.notify_ready(&Request::new(), Box::new(|_| {}));
            more.map(|id| list.cancel_notice(id)).is_none()
        });
        is_refused(&list, most);
        drop(held);
        for caller in callers {
            caller.join().expect("no panic").expect("a place");
        }
        // All have left, and there is room for as many again.
        let (_held, mut notices) = (fill(&list), Notices::new());
        assert!((0..most).all(|_| notices.arrives(&list).is_some()), "{most}");
        is_refused(&list, most);
    }
}

#[test]
fn a_notice_that_is_taken_back_and_a_stop_make_room() {
    let (list, _transport, _held) = full(1);
    for _ in 0..3 {
        let id = list.notify_ready(&Request::new(), Box::new(|_| {})).expect("it waits");
        is_refused(&list, 1);
        assert!(list.cancel_notice(id));
    }
    let mut notices = Notices::new();
    assert!(notices.arrives(&list).is_some());
    list.stop().expect("stops");
    assert_eq!(notices.next(), Some((0, Ready::Stopped)));
    // Not that the queue is full.
    let error = list.choose(&Request::new(), Wait::timeout(LIMIT)).unwrap_err();
    assert_eq!(error.cause(), Cause::Stopped);
    assert!(notices.arrives(&list).is_none());
    assert_eq!(notices.next(), Some((1, Ready::Stopped)));
}

#[test]
fn it_holds_for_any_wait() {
    let (list, _transport) = from_texts("round-robin", "max-waiting=1", &[]);
    let mut notices = Notices::new();
    assert!(notices.arrives(&list).is_some());
    let error = list.choose(&Request::new(), Wait::timeout(LIMIT)).unwrap_err();
    let text = "\"round-robin\" peer list has no peers, did not wait for peers to be added: 1 \
                caller waits already (max-waiting is 1)";
    assert_eq!(error.to_string(), text);
}

#[test]
fn one_that_is_given_has_left_its_room_to_the_next() {
    let (list, _transport, mut held) = full(1);
    let (told, answers) = std::sync::mpsc::channel();
    let again = std::sync::Arc::clone(&list);
    let notice = Box::new(move |_| {
        let pick = again.try_choose(&Request::new()).expect("the place is free");
        let mut notices = Notices::new();
        let waits = notices.arrives(&again).is_some();
        told.send((waits, notices.next())).expect("it is read");
        pick.finish(Outcome::Success);
    });
    assert!(list.notify_ready(&Request::new(), notice).is_some());
    held.pop().expect("one").finish(Outcome::Success);
    assert_eq!(answers.try_recv(), Ok((true, None)));
}
