//! Each request is counted once: the bound is of what is in flight, of all peers together.

use std::thread;

use peerage::policy::Rng;
use peerage::{Chooser, ConnectionStatus, List, ListUpdates, Outcome, Pick, Request};

use super::choose;
use crate::{BOUND_1, list, pending, policy};

#[test]
fn a_bound_of_one_spreads_exactly_and_leaves_a_peer_always() {
    for spec in BOUND_1 {
        let (list, _transport) = list(policy(spec), 7);
        let mut held = vec![];
        for n in 1..=700_u32 {
            held.push(choose(&list));
            let most = pending(&list).into_iter().max().unwrap();
            assert_eq!(most, n.div_ceil(7), "{spec}, {n} in flight");
        }
        assert_eq!(pending(&list), [100; 7], "{spec}");
        // In another order than they came.
        while held.len() > 7 {
            held.swap_remove(held.len() / 3).finish(Outcome::Success);
        }
        let all: u32 = pending(&list).iter().sum();
        assert_eq!(all, 7);
    }
}

#[test]
fn choices_that_are_taken_back_or_impossible_do_not_count() {
    for spec in BOUND_1 {
        let (list, transport) = list(policy(spec), 4);
        let request = Request::new().with_shard_key("key");
        for _ in 0..50 {
            let pick = list.try_choose(&request.with_avoid(&["p0", "p1", "p2"])).unwrap();
            assert_eq!(pick.identifier(), "p3", "{spec}");
            pick.finish(Outcome::Success);
        }
        for n in 0..4 {
            transport.set_status(&format!("p{n}"), ConnectionStatus::Unavailable);
        }
        for _ in 0..50 {
            list.try_choose(&request).unwrap_err();
        }
        for n in 0..4 {
            transport.set_status(&format!("p{n}"), ConnectionStatus::Available);
        }
        // The total is 0 again: with one too many, two could go to one peer.
        let held: Vec<Pick> = (0..4).map(|_| choose(&list)).collect();
        assert_eq!(pending(&list), [1; 4], "{spec}");
        drop(held);
    }
}

/// All that may be chosen are above the bound then, and the rule has its way.
#[test]
fn choices_above_the_bound_that_avoid_a_peer_count_once() {
    for spec in BOUND_1 {
        let (list, _transport) = list(policy(spec), 2);
        let request = Request::new().with_shard_key("popular");
        for _ in 0..50 {
            let avoiding = || list.try_choose(&request.with_avoid(&["p0"])).unwrap();
            let held = [avoiding(), avoiding(), avoiding()];
            assert_eq!(pending(&list), [0, 3], "{spec}");
            drop(held);
        }
        // With a total that is too low the bound would be, and no peer would be below it.
        let held: Vec<Pick> = (0..100).map(|_| choose(&list)).collect();
        assert_eq!(pending(&list), [50; 2], "{spec}");
        drop(held);
    }
}

#[test]
fn requests_of_peers_that_have_left_end_as_others_do() {
    for spec in BOUND_1 {
        let (list, _transport) = list(policy(spec), 4);
        let held: Vec<Pick> = (0..40).map(|_| choose(&list)).collect();
        list.update(ListUpdates::removing(["p0", "p1"])).unwrap();
        drop(choose(&list));
        drop(held);
        let held: Vec<Pick> = (0..2).map(|_| choose(&list)).collect();
        assert_eq!(pending(&list), [1; 2], "{spec}");
        drop(held);
    }
}

#[test]
fn threads_lose_no_count() {
    for spec in BOUND_1 {
        let (list, transport) = list(policy(spec), 4);
        thread::scope(|scope| {
            for seed in 0..4 {
                let list = &list;
                scope.spawn(move || {
                    let rng = Rng::seeded(seed);
                    let mut held = vec![];
                    for _ in 0..3_000 {
                        // Up to 600 of all threads: beyond what is counted at one place.
                        if held.len() < 150 && rng.below(5) > 1 {
                            held.extend(
                                list.try_choose(&Request::new().with_shard_key("key")).ok(),
                            );
                        } else if let Some(pick) = held.pop() {
                            pick.finish(Outcome::Success);
                        }
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..50 {
                    transport.set_status("p0", ConnectionStatus::Unavailable);
                    transport.set_status("p0", ConnectionStatus::Available);
                }
            });
        });
        assert_eq!(pending(&list), [0; 4], "{spec}");
        let held: Vec<Pick> = (0..8).map(|_| choose(&list)).collect();
        assert_eq!(pending(&list), [2; 4], "{spec}");
        drop(held);
    }
}
