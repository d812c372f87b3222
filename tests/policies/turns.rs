//! `round-robin`: every peer once per pass, while peers join and leave.

use std::collections::BTreeMap;
use std::thread;

use peerage::policy::{Rng, RoundRobin};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};

use crate::{list, next, tally};

#[test]
fn every_peer_has_one_turn_per_pass() {
    for policy in [RoundRobin::new(), RoundRobin::in_order()] {
        let (list, _transport) = list(policy, 5);
        let first: Vec<_> = (0..5).map(|_| next(&list)).collect();
        let mut sorted = first.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, ["p0", "p1", "p2", "p3", "p4"]);
        for _ in 0..3 {
            let pass: Vec<_> = (0..5).map(|_| next(&list)).collect();
            assert_eq!(pass, first);
        }
    }
}

#[test]
fn the_order_of_arrival_can_be_kept() {
    let (list, _transport) = list(RoundRobin::in_order(), 5);
    let pass: Vec<_> = (0..5).map(|_| next(&list)).collect();
    assert_eq!(pass, ["p0", "p1", "p2", "p3", "p4"]);
}

#[test]
fn a_peer_in_the_middle_that_leaves_changes_no_turn() {
    for served in 0..5 {
        let (list, _transport) = list(RoundRobin::in_order(), 5);
        let mut names: Vec<_> = (0..served).map(|_| next(&list)).collect();
        list.update(ListUpdates::removing(["p2"])).unwrap();
        names.extend((served..12).map(|_| next(&list)));
        let rotation = ["p0", "p1", "p2", "p3", "p4"].into_iter().cycle().enumerate();
        let turns = rotation.filter(|&(turn, name)| turn < served || name != "p2");
        let turns: Vec<_> = turns.map(|(_, name)| name).take(12).collect();
        assert_eq!(names, turns, "removed after {served}");
    }
}

#[test]
fn a_newcomer_in_order_comes_at_the_end_of_the_pass() {
    for served in 0..7 {
        let (list, _transport) = list(RoundRobin::in_order(), 3);
        (0..served).for_each(|_| drop(next(&list)));
        list.update(ListUpdates::adding(["p3"])).unwrap();
        let rest = ["p0", "p1", "p2", "p3"].into_iter().cycle().skip(served % 3).take(8);
        let names: Vec<_> = (0..8).map(|_| next(&list)).collect();
        assert_eq!(names, rest.collect::<Vec<_>>(), "added after {served}");
    }
}

/// The pass is over if all that are left have had their turn, whichever of the others leaves last.
#[test]
fn a_pass_ends_with_the_last_of_those_that_are_left() {
    for leaving in [["p3", "p4", "p5"], ["p5", "p4", "p3"], ["p4", "p3", "p5"]] {
        for served in 3..6 {
            let (list, _transport) = list(RoundRobin::in_order(), 6);
            (0..served).for_each(|_| drop(next(&list)));
            for name in leaving {
                list.update(ListUpdates::removing([name])).unwrap();
            }
            let names: Vec<_> = (0..4).map(|_| next(&list)).collect();
            assert_eq!(names, ["p0", "p1", "p2", "p0"], "{leaving:?} after {served}");
        }
    }
}

/// Of many peers some stay and all others come and go, at random, a few hundred at a time. Those that
/// stay have all had the same number of turns, give or take that of the pass under way.
#[test]
fn turns_stay_even_while_others_join_and_leave() {
    for seed in 0..if cfg!(miri) { 1 } else { 20 } {
        let (list, _transport) = list(RoundRobin::new().with_rng(Rng::seeded(seed)), 20);
        let rng = Rng::seeded(seed ^ 0xabc);
        let (mut turns, mut joined) = (BTreeMap::new(), vec![]);
        for n in 0..if cfg!(miri) { 100 } else { 3_000 } {
            match rng.below(4) {
                0 => {
                    let name = format!("q{n}");
                    list.update(ListUpdates::adding([&name])).unwrap();
                    joined.push(name);
                }
                1 if !joined.is_empty() => {
                    let gone = joined.swap_remove(rng.below(joined.len()));
                    list.update(ListUpdates::removing([gone])).unwrap();
                }
                // All at once, now and then: many more vacancies than are borne.
                2 if rng.below(100) == 0 => {
                    list.update(ListUpdates::removing(joined.drain(..))).unwrap();
                }
                _ => *turns.entry(next(&list)).or_insert(0) += 1,
            }
            let staying = |n: u32| turns.get(&format!("p{n}")).copied().unwrap_or(0);
            let (least, most) = ((0..20).map(staying).min(), (0..20).map(staying).max());
            assert!(most.unwrap() - least.unwrap() <= 1, "seed {seed}, step {n}: {turns:?}");
        }
    }
}

#[test]
fn turns_stay_even_while_others_leave_in_order() {
    let (list, _transport) = list(RoundRobin::in_order(), 40);
    let mut names = vec![];
    for n in 0..30 {
        names.extend((0..3).map(|_| next(&list)));
        list.update(ListUpdates::removing([format!("p{n}")])).unwrap();
    }
    let tally = tally(names);
    let turns: Vec<_> =
        (30..40).map(|n| tally.get(&format!("p{n}")).copied().unwrap_or(0)).collect();
    assert!(turns.iter().max().unwrap() - turns.iter().min().unwrap() <= 1, "{turns:?}");
}

/// Several threads share the turns: together they serve each peer once per pass, also over a long
/// run of peers that are away.
#[test]
fn threads_share_the_turns() {
    const EACH: usize = if cfg!(miri) { 60 } else { 6_000 };
    let (list, transport) = list(RoundRobin::in_order(), 100);
    for n in 20..60 {
        transport.set_status(&format!("p{n}"), peerage::ConnectionStatus::Connecting);
    }
    let names = thread::scope(|scope| {
        let choose = || (0..EACH).map(|_| next(&list)).collect::<Vec<_>>();
        let choosers: Vec<_> = (0..4).map(|_| scope.spawn(choose)).collect();
        choosers.into_iter().flat_map(|chooser| chooser.join().unwrap()).collect::<Vec<_>>()
    });
    let tally = tally(names);
    assert_eq!(tally.len(), 60);
    assert!(tally.values().all(|&turns| turns as usize == EACH * 4 / 60), "{tally:?}");
}

/// One of ten thousand peers is available: to find it takes a few steps, not ten thousand.
#[test]
fn a_choice_among_many_that_are_away_is_cheap() {
    const PEERS: usize = if cfg!(miri) { 200 } else { 10_000 };
    let transport = FakeTransport::with_initial_status(peerage::ConnectionStatus::Connecting);
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding((0..PEERS).map(|n| format!("p{n}")))).unwrap();
    let time = || {
        let choices = |_| {
            let began = std::time::Instant::now();
            for _ in 0..1_000 {
                list.try_choose(&Request::new()).unwrap().finish(Outcome::Success);
            }
            began.elapsed()
        };
        (0..5).map(choices).min().unwrap()
    };
    transport.set_status("p7", peerage::ConnectionStatus::Available);
    assert_eq!(next(&list), "p7");
    let alone = time();
    (0..PEERS).for_each(|n| {
        transport.set_status(&format!("p{n}"), peerage::ConnectionStatus::Available);
    });
    let among_all = time();
    // Looking at ten thousand holes would take a thousand times as long.
    assert!(alone < among_all * 60, "{alone:?}, {among_all:?}");
}
