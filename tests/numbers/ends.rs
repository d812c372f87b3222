//! Requests, and how they end.

use std::time::Duration;

use peerage::{Chooser, Finish, Lifecycle, List, ListUpdates, Outcome, Outcomes, Request};

use crate::support::from_texts;
use crate::{POLICIES, at_rest, request, sums};

#[test]
fn a_chooser_begins_with_nothing() {
    let (list, _transport) = from_texts("random", "", &[]);
    let stats = at_rest(&*list);
    assert_eq!((stats.requests, stats.outcomes), (0, Outcomes::default()));
    assert_eq!((stats.waits.count(), stats.failures.total()), (0, 0));
    assert_eq!((stats.ejections, stats.status_changes), (0, Default::default()));
}

#[test]
fn each_end_is_counted_once_as_what_it_was() {
    for policy in POLICIES {
        let (list, _transport) = from_texts(policy, "", &["a", "b", "c"]);
        (0..500).for_each(|_| request(&*list, Outcome::Success));
        for (times, outcome) in (1..).zip(&Outcome::ALL[1..5]) {
            (0..times).for_each(|_| request(&*list, *outcome));
        }
        // Dropped without an outcome, and told so.
        drop(list.try_choose(&Request::new()).expect("a peer"));
        request(&*list, Outcome::Abandoned);
        let timed = Finish::new(Outcome::Failure).with_latency(Duration::from_millis(3));
        list.try_choose(&Request::new()).expect("a peer").finish(timed.with_in_flight(7));
        let held = list.try_choose(&Request::new()).expect("a peer");

        let stats = at_rest(&*list);
        let ends: Vec<_> = stats.outcomes.iter().map(|(_, count)| count).collect();
        assert_eq!(ends, [500, 2, 2, 3, 4, 2], "{policy}");
        assert_eq!((stats.requests, stats.pending), (514, 1), "{policy}");
        assert_eq!(stats.failures.total(), 0, "{policy}");
        assert_eq!(sums(&*list), (514, stats.outcomes), "{policy}");
        drop(held);
        assert_eq!(at_rest(&*list).outcomes.abandoned, 3, "{policy}");
    }
}

#[test]
fn requests_of_peers_that_have_left_stay_counted() {
    for policy in POLICIES {
        let (list, _transport) = from_texts(policy, "", &["a", "b"]);
        (0..100).for_each(|_| request(&*list, Outcome::Success));
        request(&*list, Outcome::Overloaded);
        let held = list.try_choose(&Request::new()).expect("a peer");
        let left = list.update(ListUpdates::new().with_removal("a").with_removal("b"));
        left.expect("removes");
        let stats = at_rest(&*list);
        assert_eq!((stats.peers, stats.pending, stats.departing_pending), (0, 0, 1), "{policy}");
        assert_eq!((stats.requests, stats.outcomes.total()), (102, 101), "{policy}");
        held.finish(Outcome::Failure);
        // They come back and begin anew; the list does not.
        list.update(ListUpdates::adding(["a", "b"])).expect("adds");
        assert_eq!(sums(&*list), (0, Outcomes::default()), "{policy}");
        request(&*list, Outcome::Success);
        let stats = at_rest(&*list);
        assert_eq!((stats.departing, stats.requests), (0, 103), "{policy}");
        assert_eq!((stats.outcomes.success, stats.outcomes.failure), (101, 1), "{policy}");
        assert_eq!(sums(&*list).0, 1, "{policy}");
    }
}

#[test]
fn a_stop_forgets_nothing() {
    let (list, _transport) = from_texts("two-random-choices", "", &["a", "b"]);
    (0..10).for_each(|_| request(&*list, Outcome::Success));
    let held = list.try_choose(&Request::new()).expect("a peer");
    list.stop().expect("stops");
    assert_eq!(at_rest(&*list).requests, 11);
    held.finish(Outcome::NotSent);
    let stats = at_rest(&*list);
    assert_eq!((stats.requests, stats.outcomes.not_sent, stats.departing), (11, 1, 0));
}

/// A notice that is given at once has found a peer, and takes none.
#[test]
fn a_choice_that_is_taken_back_is_no_request() {
    for policy in POLICIES {
        let (list, _transport) = from_texts(policy, "", &["a", "b"]);
        request(&*list, Outcome::Success);
        for _ in 0..50 {
            assert_eq!(list.notify_ready(&Request::new(), Box::new(|_| {})), None, "{policy}");
        }
        let stats = at_rest(&*list);
        assert_eq!((stats.requests, stats.outcomes.success), (1, 1), "{policy}");
        assert_eq!(sums(&*list), (1, stats.outcomes), "{policy}");
    }
}
