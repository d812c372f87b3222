//! Whom clients choose that begin.

use std::sync::Arc;

use peerage::ConnectionStatus::{Available, Connecting};
use peerage::policy::{
    AnyPolicy, FewestPending, Policy, Random, Rng, RoundRobin, TwoRandomChoices,
};
use peerage::testing::FakeTransport;
use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};

use super::{CLIENTS, PEERS, assert_one_in, policies};
use crate::{list, next, tally};

fn names() -> Vec<String> {
    (0..PEERS).map(|peer| format!("p{peer}")).collect()
}

/// How the peers of a client come.
#[derive(Debug, Clone, Copy)]
enum Come {
    InOneUpdate,
    OneByOne,
    Backwards,
    /// In one update, connecting one by one, the last first.
    ConnectingOneByOne,
}

fn client<P: Policy>(policy: P, come: Come) -> (PeerList<P>, Arc<FakeTransport>) {
    let initial = if matches!(come, Come::ConnectingOneByOne) { Connecting } else { Available };
    let transport = FakeTransport::with_initial_status(initial);
    // What the list itself shuffles is what comes in one update: that is not enough.
    let options = ListOptions::new().with_shuffle(false);
    let list = PeerList::new(policy, transport.clone(), options);
    list.start().unwrap();
    let mut one_by_one = names();
    match come {
        Come::InOneUpdate => list.update(ListUpdates::adding(names())).unwrap(),
        Come::OneByOne | Come::Backwards => {
            if matches!(come, Come::Backwards) {
                one_by_one.reverse();
            }
            for name in one_by_one {
                list.update(ListUpdates::adding([name])).unwrap();
            }
        }
        Come::ConnectingOneByOne => {
            list.update(ListUpdates::adding(names())).unwrap();
            names().iter().rev().for_each(|name| transport.set_status(name, Available));
        }
    }
    (list, transport)
}

const WAYS: [Come; 4] =
    [Come::InOneUpdate, Come::OneByOne, Come::Backwards, Come::ConnectingOneByOne];

fn first_choices_spread(policy: impl Fn() -> AnyPolicy) {
    for come in WAYS {
        let chosen = tally((0..CLIENTS).map(|_| next(&client(policy(), come).0)));
        for name in names() {
            let chosen = chosen.get(&name).copied().unwrap_or(0);
            assert_one_in(PEERS, chosen, &format!("{come:?}, {name}"));
        }
    }
}

#[test]
fn the_first_choices_by_round_robin_are_spread() {
    first_choices_spread(|| AnyPolicy::RoundRobin(RoundRobin::new()));
}

#[test]
fn the_first_choices_by_fewest_pending_requests_are_spread() {
    first_choices_spread(|| AnyPolicy::FewestPending(FewestPending::new()));
}

#[test]
fn the_first_choices_by_random_are_spread() {
    first_choices_spread(|| AnyPolicy::Random(Random::new()));
}

#[test]
fn the_first_choices_by_two_random_choices_are_spread() {
    first_choices_spread(|| AnyPolicy::TwoRandomChoices(TwoRandomChoices::new()));
}

#[test]
fn a_seed_repeats_the_order() {
    let choices = |policy: AnyPolicy, come| {
        let (list, _transport) = client(policy, come);
        (0..3 * PEERS).map(|_| next(&list)).collect::<Vec<_>>()
    };
    for come in WAYS {
        let policies: [fn(Rng) -> AnyPolicy; 2] = [
            |rng| AnyPolicy::RoundRobin(RoundRobin::new().with_rng(rng)),
            |rng| AnyPolicy::FewestPending(FewestPending::new().with_rng(rng)),
        ];
        for policy in policies {
            let of_seed = |seed| choices(policy(Rng::seeded(seed)), come);
            assert_eq!(of_seed(1), of_seed(1));
            assert!((2..8).any(|seed| of_seed(seed) != of_seed(1)), "{come:?}");
        }
    }
}

/// Of many peers those that come together stay together, in each client from another peer on.
#[test]
fn the_first_choices_among_many_peers_are_spread() {
    const MANY: usize = if cfg!(miri) { 70 } else { 300 };
    const QUARTERS: usize = 4;
    let clients: u64 = if cfg!(miri) { 1 } else { 400 };
    for one_by_one in [false, true] {
        // By policy, by which choice it is, by quarter.
        let mut chosen = [[[0_u64; QUARTERS]; 3]; 2];
        for client in 0..clients {
            for (policy, chosen) in policies(client).into_iter().zip(&mut chosen) {
                let (list, _transport) = list(policy, if one_by_one { 0 } else { MANY });
                for n in 0..if one_by_one { MANY } else { 0 } {
                    list.update(ListUpdates::adding([format!("p{n}")])).unwrap();
                }
                for quarters in chosen {
                    let peer: usize = next(&list)[1..].parse().unwrap();
                    quarters[peer * QUARTERS / MANY] += 1;
                }
            }
        }
        // Six standard deviations of a binomial: 6 × √(400 × 1/4 × 3/4) = 52.
        let even = |quarter: &u64| cfg!(miri) || quarter.abs_diff(clients / 4) < 52;
        assert!(chosen.as_flattened().as_flattened().iter().all(even), "{chosen:?}");
    }
}
