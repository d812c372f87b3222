//! The policies of the crate, by their shares.

use peerage::policy::{FewestPending, Random, Rng, TwoRandomChoices};
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
    let (list, _transport) = list(FewestPending::in_order(), 4);
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
    // All have three now: each gets one.
    let fourth: Vec<_> = (0..3).map(|_| choose()).collect();
    assert_eq!(tally(fourth.iter().map(|pick| pick.identifier().to_owned())).len(), 3);
    drop(held);
}

/// More requests in flight than there are levels, and then loads on either side of the last.
#[test]
fn fewest_pending_is_exact_beyond_a_thousand_requests() {
    let (list, _transport) = list(FewestPending::new(), 3);
    let choose = || list.try_choose(&Request::new()).unwrap();
    let mut held: Vec<Pick> = (0..3 * 1_030).map(|_| choose()).collect();
    let load = |held: &[Pick]| {
        let tally = tally(held.iter().map(|pick| pick.identifier().to_owned()));
        (0..3).map(|n| tally[&format!("p{n}")]).collect::<Vec<_>>()
    };
    assert_eq!(load(&held), [1_030; 3]);
    // p1 goes down to 1,020, and is the only one to get requests until it has as many again.
    for _ in 0..10 {
        let of_p1 = held.iter().position(|pick| pick.identifier() == "p1").unwrap();
        held.swap_remove(of_p1).finish(Outcome::Success);
    }
    for _ in 0..10 {
        held.push(choose());
        assert_eq!(held.last().unwrap().identifier(), "p1");
    }
    held.extend((0..3).map(|_| choose()));
    assert_eq!(load(&held), [1_031; 3]);
}

/// A request that was never sent, because its caller no longer wanted the peer, is not in flight.
#[test]
fn fewest_pending_counts_no_choice_that_was_taken_back() {
    let (list, _transport) = list(FewestPending::new(), 2);
    for _ in 0..5 {
        // A notice looks whether there is a peer, and takes none.
        let notice = Box::new(|_| ());
        assert_eq!(list.notify_ready(&Request::new(), notice), None);
        let both = [(); 2].map(|()| list.try_choose(&Request::new()).unwrap());
        assert_ne!(both[0].identifier(), both[1].identifier());
    }
}
