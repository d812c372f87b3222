//! Threads that choose, fail and look while members come and go: nothing is lost, and no counter goes down.

use std::array;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use peerage::testing::FakeTransport;
use peerage::{
    Chooser, ConnectionStatus, List, ListUpdates, Outcome, PeerList, Request, Stats, Wait,
};

use crate::at_rest;
use crate::support::{LIMIT, from_texts, within_time};

const WORKERS: usize = 4;
const ROUNDS: u64 = if cfg!(miri) { 20 } else { 3_000 };
const PEERS: [&str; 4] = ["a", "b", "c", "d"];

/// What the workers have done, by outcome, and in vain.
#[derive(Default)]
struct Done {
    ends: [AtomicU64; 6],
    failures: AtomicU64,
}

fn work(list: &PeerList, done: &Done, number: u64) {
    for round in 0..ROUNDS {
        let choice = match round % 4 {
            0 => list.choose(&Request::new(), Wait::timeout(LIMIT)),
            _ => list.try_choose(&Request::new()),
        };
        let Ok(pick) = choice else {
            done.failures.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        if round % 16 == 0 {
            thread::yield_now();
        }
        let outcome = Outcome::ALL[if round % 5 == 0 { (round + number) as usize % 6 } else { 0 }];
        if outcome == Outcome::Abandoned {
            drop(pick);
        } else {
            pick.finish(outcome);
        }
        done.ends[outcome as usize].fetch_add(1, Ordering::Relaxed);
    }
}

/// Takes peers out and in, and lets others flap; one always stays.
fn change(list: &PeerList, transport: &FakeTransport, is_over: &AtomicBool) {
    let mut round = 0;
    while !is_over.load(Ordering::Relaxed) {
        let peer = PEERS[1 + round % 3];
        if round % 2 == 0 {
            list.update(ListUpdates::new().with_removal(peer)).expect("removes");
            thread::yield_now();
            list.update(ListUpdates::adding([peer])).expect("adds");
        } else {
            transport.set_status(peer, ConnectionStatus::Unavailable);
            thread::yield_now();
            transport.set_status(peer, ConnectionStatus::Available);
        }
        round += 1;
    }
}

fn counters(stats: &Stats) -> [u64; 20] {
    let outcomes = stats.outcomes;
    let changes = stats.status_changes;
    let failures: u64 = stats.failures.total();
    let all = [
        stats.requests,
        outcomes.success,
        outcomes.failure,
        outcomes.overloaded,
        outcomes.cancelled,
        outcomes.not_sent,
        outcomes.abandoned,
        failures,
        stats.waits.count(),
        stats.waits.sum.as_nanos() as u64,
        changes.available,
        changes.connecting,
        changes.unavailable,
        stats.ejections,
        stats.updates.applied,
        stats.updates.failed,
    ];
    array::from_fn(|place| all.get(place).copied().unwrap_or(0))
}

/// Looks until it is over. Returns how often.
fn look(list: &PeerList, is_over: &AtomicBool) -> u64 {
    let (mut before, mut looks) = ([0; 20], 0);
    while !is_over.load(Ordering::Relaxed) {
        let stats = list.stats();
        let now = counters(&stats);
        for (place, (before, now)) in before.iter().zip(now).enumerate() {
            assert!(*before <= now, "counter {place} went from {before} to {now}");
        }
        let in_flight = stats.requests - stats.outcomes.total();
        assert!(in_flight <= 2 * WORKERS as u64, "{in_flight} in flight, of {WORKERS} threads");
        for peer in list.introspect().peers {
            assert!(peer.outcomes.total() <= peer.requests, "{peer:?}");
        }
        before = now;
        looks += 1;
    }
    looks
}

fn at_once(policy: &'static str, options: &str) {
    let (list, transport) = from_texts(policy, options, &PEERS);
    within_time(6 * LIMIT, policy, move || {
        let (done, is_over) = (Arc::new(Done::default()), Arc::new(AtomicBool::new(false)));
        let changer = {
            let (list, is_over) = (Arc::clone(&list), Arc::clone(&is_over));
            thread::spawn(move || change(&list, &transport, &is_over))
        };
        let looker = {
            let (list, is_over) = (Arc::clone(&list), Arc::clone(&is_over));
            thread::spawn(move || look(&list, &is_over))
        };
        let workers: [_; WORKERS] = array::from_fn(|number| {
            let (list, done) = (Arc::clone(&list), Arc::clone(&done));
            thread::spawn(move || work(&list, &done, number as u64))
        });
        workers.into_iter().for_each(|worker| worker.join().expect("no panic"));
        is_over.store(true, Ordering::Relaxed);
        changer.join().expect("no panic");
        assert!(looker.join().expect("no counter goes down") > 0);

        let stats = at_rest(&*list);
        let ends = done.ends.each_ref().map(|count| count.load(Ordering::Relaxed));
        let counted: Vec<_> = stats.outcomes.iter().map(|(_, count)| count).collect();
        assert_eq!(counted, ends, "{policy}");
        assert_eq!(stats.failures.total(), done.failures.load(Ordering::Relaxed), "{policy}");
        assert_eq!((stats.pending, stats.departing), (0, 0), "{policy}");
        assert_eq!(stats.updates.failed, 0);
    });
}

#[test]
fn nothing_is_lost_while_members_come_and_go() {
    for policy in [
        "round-robin",
        "random",
        "two-random-choices",
        "fewest-pending-requests",
        "least-loaded",
        "least-latency",
        "hashring32",
        "maglev",
    ] {
        at_once(policy, "");
    }
}

#[test]
fn nothing_is_lost_where_places_are_handed_over() {
    for policy in ["round-robin", "two-random-choices", "least-loaded"] {
        at_once(policy, "max-pending=1");
        at_once(policy, "max-pending=2,queue=lifo");
    }
}

#[test]
fn nothing_is_lost_where_peers_are_ejected() {
    at_once("round-robin", "eject=3");
}
