//! What a chooser and its peers count: after a traffic that is known each number is what was done, whatever
//! the policy, and at rest all of them add up.
#![cfg(feature = "testing")]

mod ends;
mod failures;
mod far;
mod kinds;
mod peers;
mod places;
#[path = "../support/mod.rs"]
mod support;
mod threads;
mod waits;

use peerage::{Chooser, ChooserStatus, Outcome, Outcomes, Request, Stats};

/// Policies that need nothing of a request.
pub(crate) const POLICIES: [&str; 11] = [
    "round-robin",
    "weighted-round-robin",
    "random",
    "two-random-choices",
    "fewest-pending-requests",
    "least-loaded",
    "least-latency",
    "least-reported",
    "hashring32",
    "maglev",
    "single",
];

/// A request that gets a peer at once and ends so.
#[track_caller]
pub(crate) fn request(chooser: &impl Chooser, outcome: Outcome) {
    chooser.try_choose(&Request::new()).expect("a peer").finish(outcome);
}

/// The numbers of a chooser at rest, which add up.
#[track_caller]
pub(crate) fn at_rest(chooser: &impl Chooser) -> Stats {
    let ChooserStatus { stats, peers, .. } = chooser.introspect();
    let seen = chooser.stats();
    let without_age = |mut stats: Stats| {
        stats.updates.age = None;
        stats
    };
    assert_eq!(without_age(stats), without_age(seen), "the status page says the same");
    let in_flight = stats.pending + stats.departing_pending;
    assert_eq!(stats.requests, stats.outcomes.total() + in_flight, "{stats:?}");
    let kinds = stats.available + stats.connecting + stats.unavailable + stats.set_aside;
    assert_eq!(stats.peers, kinds, "{stats:?}");
    assert_eq!(stats.peers, peers.len());
    for peer in &peers {
        let pending = u64::from(peer.status.pending_request_count);
        assert_eq!(peer.requests, peer.outcomes.total() + pending, "{peer:?}");
    }
    stats
}

/// What the peers that are there have been given, and how that ended.
pub(crate) fn sums(chooser: &impl Chooser) -> (u64, Outcomes) {
    let peers = chooser.introspect().peers;
    let requests = peers.iter().map(|peer| peer.requests).sum();
    let mut all = Outcomes::default();
    for Outcomes { success, failure, overloaded, cancelled, not_sent, abandoned, .. } in
        peers.iter().map(|peer| peer.outcomes)
    {
        all.success += success;
        all.failure += failure;
        all.overloaded += overloaded;
        all.cancelled += cancelled;
        all.not_sent += not_sent;
        all.abandoned += abandoned;
    }
    (requests, all)
}
