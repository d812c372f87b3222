//! Beyond what the word of a slot can count: what is above is noted as it passes.

use peerage::{Chooser, List, ListUpdates, Outcome, Request};

use crate::support::from_texts;
use crate::{at_rest, request, sums};

#[test]
fn a_peer_counts_on_where_its_word_begins_anew() {
    let (list, _transport) = from_texts("single", "", &["a"]);
    // Around each half and whole of 1,024 one by one, and then on.
    for count in 1..=2_100_u64 {
        request(&*list, Outcome::Success);
        if count % 512 < 3 || count % 512 > 509 {
            assert_eq!(at_rest(&*list).requests, count);
            assert_eq!(sums(&*list).0, count);
        }
    }
    for _ in 2_100..150_000 {
        request(&*list, Outcome::Success);
    }
    let stats = at_rest(&*list);
    assert_eq!((stats.requests, stats.outcomes.success), (150_000, 150_000));
    assert_eq!(sums(&*list), (150_000, stats.outcomes));
}

#[test]
fn nothing_looks_meanwhile() {
    for policy in ["round-robin", "fewest-pending-requests", "least-loaded", "hashring32"] {
        let (list, _transport) = from_texts(policy, "", &["a", "b"]);
        for round in 0..30_000 {
            request(&*list, if round % 3 == 0 { Outcome::Failure } else { Outcome::Success });
        }
        list.update(ListUpdates::new().with_removal("a")).expect("removes");
        request(&*list, Outcome::Success);
        let stats = at_rest(&*list);
        assert_eq!(stats.requests, 30_001, "{policy}");
        assert_eq!((stats.outcomes.failure, stats.outcomes.success), (10_000, 20_001), "{policy}");
    }
}

/// More in flight at once than the word counts choices.
#[test]
fn as_many_in_flight_are_counted() {
    let (list, _transport) = from_texts("round-robin", "", &["a"]);
    let held: Vec<_> =
        (0..3_000).map(|_| list.try_choose(&Request::new()).expect("a peer")).collect();
    let stats = at_rest(&*list);
    assert_eq!((stats.requests, stats.pending, stats.outcomes.total()), (3_000, 3_000, 0));
    held.into_iter().for_each(|pick| pick.finish(Outcome::Success));
    assert_eq!(at_rest(&*list).outcomes.success, 3_000);
    assert_eq!(sums(&*list).0, 3_000);
}
