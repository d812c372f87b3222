//! Whom clients choose to whom a peer comes, for the first time or again.

use std::sync::Arc;

use peerage::ConnectionStatus::{Available, Connecting};
use peerage::policy::{FewestPending, Policy, Rng};
use peerage::testing::FakeTransport;
use peerage::{Chooser, List, ListUpdates, PeerList, Pick, Request};

use super::{CLIENTS, PEERS, assert_one_in, policies};
use crate::{list, next, tally};

/// A client that has served some requests: another number than the others have.
fn client_with_a_past<P: Policy>(policy: P, number: u64) -> (PeerList<P>, Arc<FakeTransport>) {
    let (list, transport) = list(policy, PEERS);
    (0..number % 31).for_each(|_| drop(next(&list)));
    (list, transport)
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
