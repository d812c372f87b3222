//! Who is chosen, and in which order.
//!
//! The rotations of round-robin and fewest-pending-requests are yarpc-go's. Its random lists are
//! asserted there for one seed of Go's generator; here for what holds with any: every available
//! peer has its turn, nobody else has, and a seed repeats its sequence.

use std::collections::BTreeSet;

use peerage::{ChooseErrorKind, Chooser, Outcome, Pick, Request, Wait};

use crate::harness::{Bed, for_each_drawing, for_each_policy, for_each_rotating};
use crate::support::LIMIT;

fn hold(bed: &Bed) -> Pick {
    bed.list.choose(&Request::new(), Wait::timeout(LIMIT)).expect("a peer")
}

const SIX: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

#[test]
fn start_many_and_choose() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&SIX);
        bed.assert_peers(&SIX, &[], &[]);
        bed.assert_choices(&SIX);
    });
}

#[test]
fn start_many_and_choose_without_finishing() {
    for_each_rotating(|bed| {
        bed.start();
        bed.add(&SIX);
        let picks: Vec<Pick> = (0..7).map(|_| hold(bed)).collect();
        let chosen: Vec<&str> = picks.iter().map(Pick::identifier).collect();
        assert_eq!(chosen, ["1", "2", "3", "4", "5", "6", "1"]);
    });
}

#[test]
fn a_seed_repeats_its_choices() {
    for_each_drawing(|bed| {
        let again = Bed::new(bed.policy);
        for bed in [bed, &again] {
            bed.start();
            bed.add(&SIX);
        }
        let chosen = bed.choose_many(100);
        assert_eq!(chosen, again.choose_many(100));
        // A sequence, not one number over and over: each of six is missing from 100 draws once in
        // 80 million.
        assert_eq!(chosen.iter().collect::<BTreeSet<_>>().len(), SIX.len());
    });
}

/// The two are distinct: of two peers the less loaded one is always among them.
#[test]
fn of_two_peers_the_less_loaded_is_chosen() {
    for policy in ["two-random-choices", "fewest-pending-requests"] {
        let bed = Bed::new(policy);
        bed.start();
        bed.add(&["1", "2"]);
        let held = hold(&bed);
        let other = if held.identifier() == "1" { "2" } else { "1" };
        assert_eq!(bed.choose_many(100), vec![other; 100], "{policy}");
        held.finish(Outcome::Success);
        bed.assert_chosen(&["1", "2"]);
    }
}

#[test]
fn start_then_add() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1"]);
        bed.add(&["2"]);
        bed.assert_choices(&["1", "2"]);
        bed.assert_peers(&["1", "2"], &[], &[]);
    });
}

#[test]
fn start_remove() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1", "2"]);
        bed.remove(&["1"]);
        bed.assert_choices(&["2"]);
        bed.assert_peers(&["2"], &[], &[]);
        bed.assert_calls(&["1", "2"], &["1"]);
    });
}

fn add_many_and_remove_many(bed: &Bed) {
    bed.start();
    bed.add(&["1", "2", "3-r", "4-r"]);
    bed.add(&["5-a-r", "6-a-r", "7-a", "8-a"]);
    bed.remove(&["5-a-r", "6-a-r", "3-r", "4-r"]);
    bed.assert_peers(&["1", "2", "7-a", "8-a"], &[], &[]);
}

#[test]
fn start_add_many_and_remove_many() {
    for_each_policy(|bed| {
        add_many_and_remove_many(bed);
        bed.assert_choices(&["1", "2", "7-a", "8-a"]);
        bed.assert_calls(
            &["1", "2", "3-r", "4-r", "5-a-r", "6-a-r", "7-a", "8-a"],
            &["3-r", "4-r", "5-a-r", "6-a-r"],
        );
    });
}

/// yarpc-go asserts `2 1 8-a 7-a 2` for its seed 0. What every seed has in common: each update is
/// shuffled for itself, so its peers stay together; the order repeats; and seeds differ.
#[test]
fn start_add_many_and_remove_many_with_shuffle() {
    for_each_rotating(|bed| {
        let rotation = |seed| {
            let shuffled = |options: peerage::ListOptions| options.with_shuffle(true);
            let bed = Bed::with(bed.policy, |options| shuffled(options).with_seed(seed));
            add_many_and_remove_many(&bed);
            let chosen = bed.choose_many(8);
            assert_eq!(chosen[..4], chosen[4..], "seed {seed}");
            chosen[..4].to_vec()
        };
        let mut orders = BTreeSet::new();
        for seed in 0..32 {
            let order = rotation(seed);
            assert_eq!(order, rotation(seed), "seed {seed}");
            let mut updates = [order[..2].to_vec(), order[2..].to_vec()];
            updates.iter_mut().for_each(|update| update.sort_unstable());
            assert_eq!(updates, [["1", "2"], ["7-a", "8-a"]], "seed {seed}");
            orders.insert(order);
        }
        assert_eq!(orders.len(), 4, "every order of either update: {orders:?}");
    });
}

/// yarpc-go's `TestShuffle`: what was written down before the start is shuffled by it.
#[test]
fn the_start_shuffles() {
    for_each_rotating(|bed| {
        let mut orders = BTreeSet::new();
        for seed in 0..64 {
            let bed = Bed::with(bed.policy, |options| options.with_shuffle(true).with_seed(seed));
            bed.add(&["1.2.3.4:1234", "4.3.2.1:4321", "1.1.1.1:1111"]);
            bed.start();
            orders.insert(bed.choose_many(3));
        }
        assert_eq!(orders.len(), 6, "all orders of three: {orders:?}");
    });
}

/// yarpc-go's fewest-pending-requests puts a newcomer at a random place in the rotation (`random
/// insertion`), so that the clients of a new peer do not all turn to it at once. So does this one
/// (`tests/policies/clients/newcomers.rs`), unless it is to keep the order of arrival, as here.
#[test]
fn newcomers_in_order_come_last_among_the_least_loaded() {
    let bed = Bed::new("fewest-pending-requests");
    bed.start();
    for id in ["1", "2", "3"] {
        bed.add(&[id]);
    }
    assert_eq!(bed.choose_many(4), ["1", "2", "3", "1"]);
    bed.add(&["4", "5"]);
    assert_eq!(bed.choose_many(6), ["2", "3", "1", "4", "5", "2"]);
}

/// In yarpc-go a newcomer of a round-robin list waits for a full pass. Here it comes at the end of
/// the pass that is under way, if the order of arrival is kept, and from then on keeps its place.
#[test]
fn newcomers_join_the_pass_under_way() {
    let bed = Bed::new("round-robin");
    bed.start();
    bed.add(&["1", "2", "3"]);
    assert_eq!(bed.choose_many(4), ["1", "2", "3", "1"]);
    bed.add(&["4"]);
    assert_eq!(bed.choose_many(7), ["2", "3", "4", "1", "2", "3", "4"]);
}

/// yarpc-go's peerheap refuses to choose without a deadline (`no blocking with no context
/// deadline`). Here the list has a default, and not to wait is a call of its own.
#[test]
fn no_blocking_unless_asked() {
    for_each_policy(|bed| {
        bed.start();
        let error = bed.list.try_choose(&Request::new()).expect_err("nobody");
        assert_eq!(error.kind(), ChooseErrorKind::NoPeer);
        let text = format!("{:?} peer list has no peers, did not wait (not asked to)", bed.policy);
        assert_eq!(error.to_string(), text);
    });
}
