//! The policies of the crate, by their shares.

use peerage::policy::{FewestPending, Random, Rng, RoundRobin, TwoRandomChoices};
use peerage::{Chooser, ConnectionStatus, List, ListUpdates, Outcome, Pick, Request};

use crate::{list, next, tally};

#[test]
fn random_is_uniform() {
    for seed in 0..5 {
        let (list, _transport) = list(Random::new().with_rng(Rng::seeded(seed)), 10);
        let tally = tally((0..20_000).map(|_| next(&list)));
        assert_eq!(tally.len(), 10);
        let chi_square: f64 =
            tally.values().map(|&n| (f64::from(n) - 2_000.0).powi(2) / 2_000.0).sum();
        // 9 degrees of freedom: mean 9, standard deviation √18, so six of them above is 34.5.
        assert!(chi_square < 34.5, "seed {seed}: {chi_square}, {tally:?}");
        // Too even would be no randomness: below this once in 10⁵.
        assert!(chi_square > 0.5, "seed {seed}: {chi_square}");
    }
}

#[test]
fn random_draws_do_not_depend_on_the_last_one() {
    let (list, _transport) = list(Random::new().with_rng(Rng::seeded(1)), 4);
    let names: Vec<_> = (0..16_000).map(|_| next(&list)).collect();
    let pairs = tally(names.windows(2).map(|pair| format!("{} {}", pair[0], pair[1])));
    assert_eq!(pairs.len(), 16);
    // 1,000 each; six standard deviations of a binomial: 6 × √(16,000 / 16 × 15/16) = 184.
    assert!(pairs.values().all(|&n| n.abs_diff(1_000) < 184), "{pairs:?}");
}

#[test]
fn two_random_choices_never_takes_the_busier_of_two() {
    for seed in 0..20 {
        let (list, _transport) = list(TwoRandomChoices::new().with_rng(Rng::seeded(seed)), 2);
        let mut held: Vec<Pick> = vec![];
        for n in 0..200 {
            let load = |name: &str| held.iter().filter(|pick| pick.identifier() == name).count();
            let loads = (load("p0"), load("p1"));
            let pick = list.try_choose(&Request::new()).unwrap();
            match pick.identifier() {
                "p0" => assert!(loads.0 <= loads.1, "{loads:?}"),
                _ => assert!(loads.1 <= loads.0, "{loads:?}"),
            }
            held.push(pick);
            if n % 5 == 4 {
                drop(held.swap_remove(n * 7 % held.len()));
                drop(held.swap_remove(n * 3 % held.len()));
            }
        }
    }
}

#[test]
fn two_random_choices_caps_the_share_of_a_peer_that_always_looks_idle() {
    let peers = 10_u32;
    let (list, _transport) = list(TwoRandomChoices::new().with_rng(Rng::seeded(3)), peers as usize);
    let mut held: Vec<Pick> = vec![];
    let (rounds, mut fast) = (20_000_u32, 0_u32);
    for n in 0..rounds {
        let pick = list.try_choose(&Request::new()).unwrap();
        if pick.identifier() == "p0" {
            fast += 1;
            pick.finish(Outcome::Failure);
        } else {
            held.push(pick);
        }
        if held.len() > 90 {
            drop(held.swap_remove(n as usize % held.len()));
        }
    }
    // Drawn in 2 of n cases, and idle, so nearly always taken. 6 × √(20,000 × 0.2 × 0.8) = 340.
    let share = 2 * rounds / peers;
    assert!(fast < share + 340, "{fast} of {rounds}");
    assert!(fast > share - 700, "{fast} of {rounds}: it was idle, and not preferred");
}

#[test]
fn two_random_choices_keeps_loads_closer_than_one_random_choice() {
    let spread = |list: &dyn Chooser| {
        let held: Vec<_> = (0..1_000).map(|_| list.try_choose(&Request::new()).unwrap()).collect();
        let tally = tally(held.iter().map(|pick| pick.identifier().to_owned()));
        tally.values().max().unwrap() - tally.values().min().unwrap()
    };
    let (two, _) = list(TwoRandomChoices::new().with_rng(Rng::seeded(5)), 10);
    let (one, _) = list(Random::new().with_rng(Rng::seeded(5)), 10);
    let (two, one) = (spread(&two), spread(&one));
    assert!(two <= 8, "{two}");
    assert!(one > 2 * two, "{one} and {two}");
}

#[test]
fn fewest_pending_takes_a_minimum_and_among_equals_the_least_recently_chosen() {
    let (list, _transport) = list(FewestPending::new(), 4);
    let choose = || list.try_choose(&Request::new()).unwrap();
    let mut held: Vec<Pick> = (0..8).map(|_| choose()).collect();
    let names: Vec<_> = held.iter().map(Pick::identifier).collect();
    assert_eq!(names, ["p0", "p1", "p2", "p3", "p0", "p1", "p2", "p3"]);
    // p2 has one left, then p1 too; p2 was chosen after p1.
    held.remove(6).finish(Outcome::Success);
    held.remove(5).finish(Outcome::Success);
    let (first, second) = (choose(), choose());
    assert_eq!((first.identifier(), second.identifier()), ("p1", "p2"));
    // All have two: p0 was chosen the longest ago, then p3.
    let rest: Vec<_> = (0..4).map(|_| choose()).collect();
    let names: Vec<_> = rest.iter().map(Pick::identifier).collect();
    assert_eq!(names, ["p0", "p3", "p1", "p2"]);
}

#[test]
fn fewest_pending_counts_on_while_a_peer_is_away() {
    let (list, transport) = list(FewestPending::new(), 2);
    let choose = || list.try_choose(&Request::new()).unwrap();
    let held: Vec<_> = (0..6).map(|_| choose()).collect();
    transport.set_status("p0", ConnectionStatus::Connecting);
    transport.set_status("p0", ConnectionStatus::Available);
    list.update(ListUpdates::adding(["p2"])).unwrap();
    let newcomer: Vec<_> = (0..3).map(|_| choose()).collect();
    assert!(newcomer.iter().all(|pick| pick.identifier() == "p2"), "the others have three");
    assert_eq!(choose().identifier(), "p0");
    drop(held);
}

#[test]
fn round_robin_gives_every_peer_one_turn_per_pass() {
    let (list, _transport) = list(RoundRobin::new(), 5);
    for _ in 0..3 {
        let pass: Vec<_> = (0..5).map(|_| next(&list)).collect();
        assert_eq!(pass, ["p0", "p1", "p2", "p3", "p4"]);
    }
}

#[test]
fn round_robin_keeps_its_order_when_a_peer_in_the_middle_leaves() {
    for served in 0..5 {
        let (list, _transport) = list(RoundRobin::new(), 5);
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
fn round_robin_gives_a_newcomer_the_end_of_the_pass() {
    let (list, transport) = list(RoundRobin::new(), 3);
    assert_eq!(next(&list), "p0");
    list.update(ListUpdates::adding(["p3"])).unwrap();
    let names: Vec<_> = (0..7).map(|_| next(&list)).collect();
    assert_eq!(names, ["p1", "p2", "p3", "p0", "p1", "p2", "p3"]);
    // A peer that comes back is a newcomer.
    assert_eq!(next(&list), "p0");
    transport.set_status("p0", ConnectionStatus::Unavailable);
    transport.set_status("p0", ConnectionStatus::Available);
    let names: Vec<_> = (0..5).map(|_| next(&list)).collect();
    assert_eq!(names, ["p1", "p2", "p3", "p0", "p1"]);
}

#[test]
fn round_robin_stays_even_while_peers_come_and_go() {
    let (list, _transport) = list(RoundRobin::new(), 40);
    let mut names = vec![];
    for n in 0..30 {
        names.extend((0..3).map(|_| next(&list)));
        list.update(ListUpdates::removing([format!("p{n}")])).unwrap();
    }
    // Whoever stayed all the time has had as many turns as the others who did, give or take one.
    let tally = tally(names);
    let turns: Vec<_> =
        (30..40).map(|n| tally.get(&format!("p{n}")).copied().unwrap_or(0)).collect();
    assert!(turns.iter().max().unwrap() - turns.iter().min().unwrap() <= 1, "{turns:?}");
}
