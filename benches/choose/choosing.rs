//! Choose + finish of every policy.

use std::sync::Arc;

use allocation_counter::measure;
use peerage::policy::{Maglev, Policy, Priced, PricedOptions, WeightedRoundRobin};
use peerage::{
    Attributes, Chooser, Identifier, List, ListUpdates, Member, Outcome, PeerList, Request, Wait,
};

use crate::floor::Floor;
use crate::peers::{fewest_pending, filled, name, random, ring, round_robin, two_random};
use crate::table::Report;
use crate::timing::{Effort, paired};

const SIZES: [usize; 3] = [10, 1_000, 10_000];

/// A loop of requests without anything in them.
fn requests<P: Policy>(list: &PeerList<P>) -> impl Fn(u64) + Sync {
    move |rounds| {
        let request = Request::new();
        for _ in 0..rounds {
            let pick = list.choose(&request, Wait::default()).expect("peers are there");
            pick.finish(Outcome::Success);
        }
    }
}

/// A loop of requests with a key of 11 bytes, of which there are a thousand.
fn keyed<P: Policy>(list: &PeerList<P>) -> impl Fn(u64) + Sync {
    let keys: Vec<String> = (0..1_024).map(|n| format!("user-{n:06}")).collect();
    move |rounds| {
        for round in 0..rounds {
            let request = Request::new().with_shard_key(&keys[round as usize % keys.len()]);
            let pick = list.choose(&request, Wait::default()).expect("peers are there");
            pick.finish(Outcome::Success);
        }
    }
}

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    for threads in [1, 2] {
        for peers in SIZES {
            let floor = Floor::new(peers);
            let mut row = |name: &str, times: (f64, f64), target: f64| {
                let what = format!("{name}, {peers} peers, {}", count(threads));
                ratio(report, &what, times, target);
            };
            let list = filled(random(), peers).0;
            let times = paired(effort, threads, requests(&list), |n| floor.one(n));
            row("random", times, 1.75);
            let list = filled(two_random(), peers).0;
            let times = paired(effort, threads, requests(&list), |n| floor.two(n));
            row("two-random-choices", times, 1.75);
            let list = filled(round_robin(), peers).0;
            let times = paired(effort, threads, requests(&list), |n| floor.in_turn(n));
            row("round-robin", times, 1.75);
        }
    }
    fewest(report, effort);
    lookup(report, effort);
    by_weight(report, effort);
    pin(report, effort);
    allocations(report);
}

fn count(threads: usize) -> String {
    format!("{threads} thread{}", if threads == 1 { "" } else { "s" })
}

fn ratio(report: &mut Report, what: &str, (policy, floor): (f64, f64), target: f64) {
    let measured = format!("{policy:.1} ns / {floor:.1} ns");
    let ratio = if floor.is_finite() { policy / floor } else { f64::NAN };
    report.row(what, &measured, ratio, " ×", target);
}

fn fewest(report: &mut Report, effort: Effort) {
    let mut all = vec![];
    for peers in SIZES {
        let floor = Floor::new(peers);
        let list = filled(fewest_pending(), peers).0;
        let times = paired(effort, 1, requests(&list), |n| floor.in_turn(n));
        ratio(report, &format!("fewest-pending-requests, {peers} peers, 1 thread"), times, 6.0);
        all.push(times.0);
        // No target: what a lock costs that two threads want is up to the machine.
        let (policy, floor) = paired(effort, 2, requests(&list), |n| floor.in_turn(n));
        let what = format!("fewest-pending-requests, {peers} peers, 2 threads");
        let measured = format!("{policy:.1} ns / {floor:.1} ns");
        report.note(&what, &measured, &format!("{:.2} ×", policy / floor));
    }
    let (first, last) = (all[0], all[all.len() - 1]);
    let what = "fewest-pending-requests, 10,000 peers against 10";
    let measured = format!("{last:.1} ns / {first:.1} ns");
    report.note(what, &measured, &format!("{:.2} ×", last / first));
}

fn lookup(report: &mut Report, effort: Effort) {
    let floor = Floor::new(1_000);
    let list = filled(ring(100), 1_000).0;
    let times = paired(effort, 1, keyed(&list), |n| floor.one(n));
    ratio(report, "hashring32, key of 11 bytes, 1000 peers, 1 thread", times, 12.0);
}

/// Turns by weight, and a draw by weight, against a turn and a draw without.
fn by_weight(report: &mut Report, effort: Effort) {
    let mut row = |what: &str, times: (f64, f64)| {
        let measured = format!("{:.1} ns / {:.1} ns", times.0, times.1);
        report.note(what, &measured, &format!("{:.2} ×", times.0 / times.1));
    };
    for peers in SIZES {
        let turns = filled(round_robin(), peers).0;
        for (weights, differ) in [("of one weight", false), ("of two weights", true)] {
            let list = filled(WeightedRoundRobin::new(), peers).0;
            if differ {
                reweigh(&list, peers);
            }
            let times = paired(effort, 1, requests(&list), requests(&turns));
            row(
                &format!("weighted-round-robin, {peers} peers {weights}, against round-robin"),
                times,
            );
        }
        let even = filled(Priced::least_loaded(PricedOptions::new()), peers).0;
        let list = filled(Priced::least_loaded(PricedOptions::new()), peers).0;
        reweigh(&list, peers);
        let times = paired(effort, 1, requests(&list), requests(&even));
        row(&format!("least-loaded, {peers} peers of two weights, against one weight"), times);
    }
    let (ring, table) = (filled(ring(100), 1_000).0, filled(Maglev::new(), 1_000).0);
    let times = paired(effort, 1, keyed(&table), keyed(&ring));
    row("maglev, 1,000 peers, against hashring32", times);
}

/// Gives one peer in eleven thirteen times the weight of the others.
fn reweigh<P: Policy>(list: &PeerList<P>, peers: usize) {
    let weight = |n| if n % 11 == 5 { 130 } else { 10 };
    let member = |n| Member::new(name(n), Attributes::new().with_weight(weight(n)));
    let members = (0..peers).map(|n| Arc::new(member(n)) as Arc<dyn Identifier>);
    let additions: Vec<_> = members.collect();
    let updates = ListUpdates { removals: additions.clone(), additions };
    list.update(updates).expect("they are members");
}

/// Why a pin may be a compare-exchange: what it costs against an addition.
fn pin(report: &mut Report, effort: Effort) {
    let floor = Floor::new(1_000);
    for threads in [1, 2] {
        let times = paired(effort, threads, |n| floor.one_exchanged(n), |n| floor.one(n));
        let what = format!("floor, compare-exchange against addition, {}", count(threads));
        let measured = format!("{:.1} ns / {:.1} ns", times.0, times.1);
        report.note(&what, &measured, &format!("{:.2} ×", times.0 / times.1));
    }
}

fn allocations(report: &mut Report) {
    const ROUNDS: u64 = 10_000;
    let mut row = |name: &str, work: &dyn Fn(u64)| {
        work(ROUNDS);
        let counted = measure(|| work(ROUNDS)).count_total;
        let measured = format!("{counted} in {ROUNDS} rounds");
        report.row(&format!("{name}: allocations"), &measured, counted as f64, "", 0.0);
    };
    row("random", &requests(&filled(random(), 1_000).0));
    row("two-random-choices", &requests(&filled(two_random(), 1_000).0));
    row("round-robin", &requests(&filled(round_robin(), 1_000).0));
    row("fewest-pending-requests", &requests(&filled(fewest_pending(), 1_000).0));
    row("hashring32", &keyed(&filled(ring(100), 1_000).0));
}
