//! Peers with a limit of requests: their words begin elsewhere, and places are handed from one request to
//! the next.

use std::sync::Arc;
use std::thread;

use peerage::{Chooser, List, ListUpdates, Outcome, Request, Wait};

use crate::support::{LIMIT, from_texts, until};
use crate::{POLICIES, at_rest, request, sums};

#[test]
fn a_limit_changes_no_count() {
    for policy in POLICIES {
        let (list, _transport) = from_texts(policy, "max-pending=2", &["a", "b"]);
        for _ in 0..700 {
            request(&*list, Outcome::Success);
        }
        let held: Vec<_> =
            std::iter::from_fn(|| list.try_choose(&Request::new()).ok()).take(9).collect();
        let stats = at_rest(&*list);
        let pending = held.len() as u64;
        // Of those that name no peer some find two places, and some four.
        assert!((2..=4).contains(&pending), "{policy}: {pending}");
        assert_eq!((stats.requests, stats.pending), (700 + pending, pending), "{policy}");
        assert_eq!(stats.failures.total(), 1, "{policy}");
        held.into_iter().for_each(|pick| pick.finish(Outcome::Overloaded));
        let stats = at_rest(&*list);
        assert_eq!((stats.outcomes.success, stats.outcomes.overloaded), (700, pending), "{policy}");
        assert_eq!(sums(&*list), (stats.requests, stats.outcomes), "{policy}");
    }
}

/// A place that is handed over is a request of its own, as each that waits for one.
#[test]
fn a_place_that_is_handed_over_is_another_request() {
    for policy in POLICIES {
        let (list, _transport) = from_texts(policy, "max-pending=1", &["a"]);
        let mut held = list.try_choose(&Request::new()).expect("a peer");
        for round in 1..=20_u64 {
            let waiter = {
                let list = Arc::clone(&list);
                thread::spawn(move || list.choose(&Request::new(), Wait::timeout(LIMIT)))
            };
            until("it waits", || list.stats().waiting == 1);
            held.finish(if round % 2 == 0 { Outcome::Failure } else { Outcome::Success });
            held = waiter.join().expect("no panic").expect("the place");
            let stats = at_rest(&*list);
            assert_eq!((stats.requests, stats.pending), (round + 1, 1), "{policy}");
            assert_eq!(stats.outcomes.total(), round, "{policy}");
            // One that is in the queue and looks once more before it sleeps may find the place then.
            assert!(stats.waits.count() <= round, "{policy}");
            assert_eq!(sums(&*list), (round + 1, stats.outcomes), "{policy}");
        }
        held.finish(Outcome::Success);
        assert_eq!(at_rest(&*list).outcomes.failure, 10, "{policy}");
    }
}

#[test]
fn the_places_of_a_peer_that_leaves_stay_counted() {
    let (list, _transport) = from_texts("round-robin", "max-pending=3", &["a"]);
    let held: Vec<_> = (0..3).map(|_| list.try_choose(&Request::new()).expect("a place")).collect();
    list.update(ListUpdates::new().with_removal("a")).expect("removes");
    let stats = at_rest(&*list);
    assert_eq!((stats.requests, stats.departing_pending, stats.departing), (3, 3, 1));
    held.into_iter().for_each(|pick| pick.finish(Outcome::Success));
    let stats = at_rest(&*list);
    assert_eq!((stats.requests, stats.departing, stats.outcomes.success), (3, 0, 3));
}
