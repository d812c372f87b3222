//! Whose turn it is.

use std::sync::Arc;
use std::time::Duration;

use peerage::{Chooser, ListOptions, Outcome, Pick, Ready, Request};

use crate::bed::{List, Notices, caller, fill};
use crate::support::{Hand, from_texts, until, with_options};

/// Who is told by `count` ends, one after another.
fn served(list: &List, notices: &Notices, held: &mut Option<Pick>, count: usize) -> Vec<usize> {
    (0..count)
        .map(|_| {
            held.take().expect("one in flight").finish(Outcome::Success);
            let (number, ready) = notices.next().expect("one place serves one");
            assert_eq!((ready, notices.next()), (Ready::TryAgain, None), "and no more");
            *held = list.try_choose(&Request::new()).ok();
            number
        })
        .collect()
}

#[test]
fn fifo_serves_the_oldest_and_lifo_the_newest_however_long_they_wait() {
    for (queue, expected) in [("fifo", [0, 1, 2, 3]), ("lifo", [3, 2, 1, 0])] {
        let clock = Arc::new(Hand::default());
        let options: ListOptions = format!("max-pending=1,queue={queue}").parse().expect("options");
        let (list, _transport) = with_options("random", options.with_clock(clock.clone()), &["a"]);
        let (mut held, mut notices) = (fill(&list).pop(), Notices::new());
        assert!((0..4).all(|_| notices.arrives(&list).is_some()));
        let mut order = served(&list, &notices, &mut held, 2);
        clock.pass(1_000);
        order.extend(served(&list, &notices, &mut held, 2));
        assert_eq!(order, expected, "{queue}");
    }
}

#[test]
fn adaptive_serves_the_newest_once_the_queue_has_not_drained_for_100_ms() {
    let clock = Arc::new(Hand::default());
    let options = ListOptions::new().with_max_pending(1).with_clock(clock.clone());
    let (list, _transport) = with_options("round-robin", options, &["a"]);
    let (mut held, mut notices) = (fill(&list).pop(), Notices::new());
    let arrive = |notices: &mut Notices, count| {
        assert!((0..count).all(|_| notices.arrives(&list).is_some()));
    };
    clock.pass(5_000);
    arrive(&mut notices, 4);
    assert_eq!(served(&list, &notices, &mut held, 1), [0]);
    clock.pass(99);
    arrive(&mut notices, 1);
    assert_eq!(served(&list, &notices, &mut held, 1), [1], "not yet");
    clock.pass(1);
    assert_eq!(served(&list, &notices, &mut held, 1), [4], "100 ms after the first one came");
    arrive(&mut notices, 1);
    assert_eq!(served(&list, &notices, &mut held, 3), [5, 3, 2], "until it has drained");
    arrive(&mut notices, 3);
    assert_eq!(served(&list, &notices, &mut held, 3), [6, 7, 8], "and then from the start");
    // It drained; that a request was in flight all the time does not count.
    clock.pass(1_000);
    arrive(&mut notices, 2);
    assert_eq!(served(&list, &notices, &mut held, 2), [9, 10]);
}

#[test]
fn the_systems_clock_is_taken_without_one() {
    let (list, _transport) = from_texts("random", "max-pending=1", &["a"]);
    let (mut held, mut notices) = (fill(&list).pop(), Notices::new());
    assert!((0..3).all(|_| notices.arrives(&list).is_some()));
    // Longer than 100 ms and the step of a coarse clock.
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(served(&list, &notices, &mut held, 3), [2, 1, 0]);
}

#[test]
fn one_that_gives_up_is_passed_over() {
    for (queue, first, then) in [("fifo", 0, 2), ("lifo", 2, 0)] {
        let (list, _transport) =
            from_texts("random", &format!("max-pending=1,queue={queue}"), &["a"]);
        let (mut held, mut notices) = (fill(&list).pop(), Notices::new());
        let ids = [(); 3].map(|()| notices.arrives(&list).expect("it waits"));
        assert!(list.cancel_notice(ids[1]));
        assert_eq!(served(&list, &notices, &mut held, 2), [first, then], "{queue}");
    }
}

#[test]
fn a_notice_that_is_taken_back_too_late_passes_its_place_on() {
    for (queue, first, then) in [("fifo", 0, 1), ("lifo", 2, 1)] {
        let (list, _transport) =
            from_texts("random", &format!("max-pending=1,queue={queue}"), &["a"]);
        let (held, mut notices) = (fill(&list).pop(), Notices::new());
        let ids = [(); 3].map(|()| notices.arrives(&list).expect("it waits"));
        held.expect("one in flight").finish(Outcome::Success);
        assert_eq!(notices.next(), Some((first, Ready::TryAgain)));
        assert!(!list.cancel_notice(ids[first]), "it was given");
        assert_eq!(notices.next(), Some((then, Ready::TryAgain)));
    }
}

#[test]
fn blocked_callers_and_notices_stand_in_one_queue() {
    let (list, _transport) = from_texts("random", "max-pending=1,queue=lifo", &["a"]);
    let (held, mut notices) = (fill(&list).pop(), Notices::new());
    let blocked = caller(&list);
    until("it waits", || list.waiting() == 1);
    assert!(notices.arrives(&list).is_some());
    held.expect("one in flight").finish(Outcome::Success);
    assert_eq!(notices.next(), Some((0, Ready::TryAgain)), "the newest");
    // What the notice leaves is the caller's, from the next end on at the latest.
    if let Ok(pick) = list.try_choose(&Request::new()) {
        pick.finish(Outcome::Success);
    }
    blocked.join().expect("no panic").expect("a place");
}
