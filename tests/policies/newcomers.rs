//! Many clients, each with a list of its own: they do not all turn to the same peer, whether they
//! begin, or a peer joins, or one comes back.

use std::sync::Arc;

use peerage::ConnectionStatus::{Available, Connecting};
use peerage::policy::{
    AnyPolicy, FewestPending, Policy, Random, Rng, RoundRobin, TwoRandomChoices,
};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PeerList, Pick, Request};

use crate::{list, next, tally};

const CLIENTS: u64 = if cfg!(miri) { 3 } else { 2_000 };
const PEERS: usize = 10;

fn names() -> Vec<String> {
    (0..PEERS).map(|peer| format!("p{peer}")).collect()
}

/// Asserts that of as many clients as there are, one in `among` has chosen what `chosen` counts.
fn assert_one_in(among: usize, chosen: u32, what: &str) {
    if cfg!(miri) {
        return;
    }
    let share = 1.0 / among as f64;
    // Six standard deviations of a binomial.
    let spread = 6.0 * (CLIENTS as f64 * share * (1.0 - share)).sqrt();
    let off = (f64::from(chosen) - CLIENTS as f64 * share).abs();
    assert!(off < spread, "{what}: {chosen} of {CLIENTS}, fair is one in {among}");
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

/// A client that has served some requests: another number than the others have.
fn client_with_a_past<P: Policy>(policy: P, number: u64) -> (PeerList<P>, Arc<FakeTransport>) {
    let (list, transport) = list(policy, PEERS);
    (0..number % 31).for_each(|_| drop(next(&list)));
    (list, transport)
}

/// The policies of a client. Generators of neighbouring seeds begin with neighbouring words, and are
/// less random together than each is alone.
fn policies(client: u64) -> [AnyPolicy; 2] {
    let seed = client.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    [
        AnyPolicy::RoundRobin(RoundRobin::new().with_rng(Rng::seeded(seed))),
        AnyPolicy::FewestPending(FewestPending::new().with_rng(Rng::seeded(seed))),
    ]
}

/// How many clients, of each policy, choose this peer next, after `happen`.
fn choose_next(peer: &str, happen: impl Fn(&PeerList, &FakeTransport)) -> [(String, u32); 2] {
    let mut chosen = [(); 2].map(|()| (String::new(), 0));
    for client in 0..CLIENTS {
        for (policy, (what, count)) in policies(client).into_iter().zip(&mut chosen) {
            policy.name().clone_into(what);
            let (list, transport) = client_with_a_past(policy, client);
            happen(&list, &transport);
            *count += u32::from(next(&list) == peer);
        }
    }
    chosen
}

#[test]
fn idle_clients_do_not_all_turn_to_a_peer_that_joins() {
    let join = |list: &PeerList, _: &FakeTransport| {
        list.update(ListUpdates::adding(["new"])).unwrap();
    };
    for (policy, chosen) in choose_next("new", join) {
        assert_one_in(PEERS + 1, chosen, &policy);
    }
}

#[test]
fn idle_clients_do_not_all_turn_to_a_peer_that_comes_back() {
    for times in [1, 5] {
        let come_back = |_: &PeerList, transport: &FakeTransport| {
            for _ in 0..times {
                transport.set_status("p3", Connecting);
                transport.set_status("p3", Available);
            }
        };
        for (policy, chosen) in choose_next("p3", come_back) {
            assert_one_in(PEERS, chosen, &format!("{policy}, back {times} times"));
        }
    }
}

/// Clients that have all done the same, as those do that are started together: the newcomer's turn
/// comes at another time in each.
#[test]
fn a_newcomer_comes_anywhere_in_the_order() {
    const QUARTERS: usize = 4;
    for (peers, served) in [(11, 4), (11, 9), (99, 30)] {
        let clients: u64 = if cfg!(miri) { 1 } else { 400 };
        let mut turns = [[0_u64; QUARTERS]; 2];
        for client in 0..clients {
            for (policy, turns) in policies(client).into_iter().zip(&mut turns) {
                let (list, _transport) = list(policy, peers);
                (0..served).for_each(|_| drop(next(&list)));
                list.update(ListUpdates::adding(["new"])).unwrap();
                let turn = (0..=peers).position(|_| next(&list) == "new").unwrap();
                turns[turn * QUARTERS / (peers + 1)] += 1;
            }
        }
        // Six standard deviations of a binomial: 6 × √(400 × 1/4 × 3/4) = 52.
        let even = |quarter: &u64| cfg!(miri) || quarter.abs_diff(clients / 4) < 52;
        assert!(turns.as_flattened().iter().all(even), "{peers} peers: {turns:?}");
    }
}

/// A batch is restarted: half of the peers are replaced, and the others reconnect.
#[test]
fn idle_clients_turn_to_all_peers_after_a_deployment() {
    for peer in ["p7", "new2"] {
        let deploy = |list: &PeerList, transport: &FakeTransport| {
            for n in 0..5 {
                list.update(ListUpdates::adding([format!("new{n}")])).unwrap();
                list.update(ListUpdates::removing([format!("p{n}")])).unwrap();
            }
            for n in 5..10 {
                transport.set_status(&format!("p{n}"), Connecting);
                transport.set_status(&format!("p{n}"), Available);
            }
        };
        for (policy, chosen) in choose_next(peer, deploy) {
            assert_one_in(PEERS, chosen, &format!("{policy}, {peer}"));
        }
    }
}

/// Only those with as few requests are a newcomer's equals.
#[test]
fn a_newcomer_is_one_of_the_idle_peers() {
    let mut chosen = 0;
    for client in 0..CLIENTS {
        let [_, fewest] = policies(client);
        let (list, _transport) = client_with_a_past(fewest, client);
        let held: Vec<Pick> = (0..6).map(|_| list.try_choose(&Request::new()).unwrap()).collect();
        list.update(ListUpdates::adding(["new"])).unwrap();
        chosen += u32::from(next(&list) == "new");
        drop(held);
    }
    assert_one_in(5, chosen, "four others are idle");
}

/// Peers that come and go on a client that sends nothing do not wear anything out.
#[test]
fn a_thousand_flaps_of_an_idle_list_leave_it_fair() {
    let flaps = if cfg!(miri) { 10 } else { 1_000 };
    let (list, transport) = list(FewestPending::new().with_rng(Rng::seeded(1)), 3);
    for n in 0..flaps {
        let name = format!("p{}", n % 3);
        transport.set_status(&name, Connecting);
        transport.set_status(&name, Available);
    }
    let turns = tally((0..30).map(|_| next(&list)));
    assert_eq!(turns.values().copied().collect::<Vec<_>>(), [10; 3]);
}
