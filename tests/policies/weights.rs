//! Turns by weight: what is due to a peer it has had, at every moment and whatever becomes of the
//! others.

use std::collections::VecDeque;
use std::sync::Arc;

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::policy::{Rng, WeightedRoundRobin};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Identifier, List, ListUpdates, Member, Outcome, PeerList, Request,
};

use crate::{list, next, policy};

/// What each peer was due and has had, while weights change.
struct Account {
    list: PeerList<WeightedRoundRobin>,
    transport: Arc<FakeTransport>,
    /// 0: it is not available.
    weights: Vec<u16>,
    due: Vec<f64>,
    had: Vec<f64>,
    /// What it was due when it had its last turn.
    last: Vec<f64>,
    /// The largest difference between what a peer was due and has had, and the longest wait in units
    /// of what is due. Both are largest right before and after a turn of the peer.
    worst: f64,
    wait: f64,
}

pub(crate) fn weighing(peer: usize, weight: u16) -> Arc<dyn Identifier> {
    Arc::new(Member::new(format!("p{peer}"), Attributes::new().with_weight(weight)))
}

impl Account {
    fn of(weights: &[u16], seed: u64) -> Self {
        let policy = WeightedRoundRobin::new().with_rng(Rng::seeded(seed));
        let (list, transport) = list(policy, 0);
        let additions = weights.iter().enumerate().map(|(peer, &weight)| weighing(peer, weight));
        list.update(ListUpdates { additions: additions.collect(), removals: vec![] }).unwrap();
        let zeros = vec![0.0; weights.len()];
        Self {
            list,
            transport,
            weights: weights.into(),
            due: zeros.clone(),
            had: zeros.clone(),
            last: zeros,
            worst: 0.0,
            wait: 0.0,
        }
    }

    fn total(&self) -> f64 {
        self.weights.iter().map(|&weight| f64::from(weight)).sum()
    }

    fn note(&mut self, peer: usize) {
        self.worst = self.worst.max((self.due[peer] - self.had[peer]).abs());
    }

    /// So many choices.
    fn choose(&mut self, count: usize) {
        let total = self.total();
        for _ in 0..count {
            let peer: usize = next(&self.list)[1..].parse().unwrap();
            assert_ne!(self.weights[peer], 0, "p{peer} is not available");
            self.note(peer);
            for (due, &weight) in self.due.iter_mut().zip(&self.weights) {
                *due += f64::from(weight) / total;
            }
            self.had[peer] += 1.0;
            self.note(peer);
            if self.had[peer] > 1.0 {
                self.wait = self.wait.max(self.due[peer] - self.last[peer]);
            }
            self.last[peer] = self.due[peer];
        }
    }

    fn set_weight(&mut self, peer: usize, weight: u16) {
        let same = weighing(peer, weight);
        let updates = ListUpdates { additions: vec![same.clone()], removals: vec![same] };
        self.list.update(updates).unwrap();
        self.weights[peer] = weight;
    }

    fn flap(&mut self, peer: usize, choices: usize) {
        self.transport.set_status(&format!("p{peer}"), Unavailable);
        let weight = std::mem::take(&mut self.weights[peer]);
        self.choose(choices);
        self.transport.set_status(&format!("p{peer}"), Available);
        self.weights[peer] = weight;
    }
}

/// Numbers that look random.
fn scattered(n: u64) -> u64 {
    n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33
}

#[test]
#[cfg_attr(miri, ignore = "counts only")]
fn every_peer_has_what_is_due_at_every_moment() {
    let many = |n: usize, weight: fn(u64) -> u16| (0..n as u64).map(weight).collect::<Vec<_>>();
    let cases: [(&str, f64, Vec<u16>); 7] = [
        ("1000 × 10 and 100 × 128", 1.5, many(1_100, |n| if n < 1_000 { 10 } else { 128 })),
        ("the same mixed", 1.5, many(1_100, |n| if n % 11 == 5 { 128 } else { 10 })),
        ("one heavy", 2.0, many(201, |n| if n == 100 { 4_000 } else { 1 })),
        ("doubling", 2.0, many(14, |n| 1 << n)),
        ("all different", 2.0, many(100, |n| n as u16 + 1)),
        ("any", 2.5, many(150, |n| (scattered(n) % 1_000) as u16 + 1)),
        ("alike", 2.0, vec![7; 100]),
    ];
    for (name, most, weights) in cases {
        let mut account = Account::of(&weights, 7);
        account.choose((3.0 * account.total()).min(70_000.0) as usize);
        let (worst, wait) = (account.worst, account.wait);
        println!("{name}: {worst:.2} beside what is due, waits of {wait:.2}");
        assert!(worst <= most, "{name}: {worst} beside what is due");
        assert!(wait <= 2.0, "{name}: a wait of {wait} times what is due");
    }
}

#[test]
#[cfg_attr(miri, ignore = "counts only")]
fn weights_that_change_lose_no_counts() {
    let mut account = Account::of(&[3, 5, 1, 8, 20, 2, 9, 1], 3);
    for n in 0..2_000 {
        account.choose(scattered(n) as usize % 23);
        account.set_weight(scattered(n) as usize % 8, (scattered(n + 9_000) % 30) as u16 + 1);
    }
    // At each change a peer's due is cut at a fraction of a turn, of which no count is kept.
    println!("{} beside what is due", account.worst);
    assert!(account.worst < 20.0, "{} beside what is due", account.worst);
}

#[test]
#[cfg_attr(miri, ignore = "counts only")]
fn a_peer_that_flaps_takes_nothing_from_the_others() {
    let mut account = Account::of(&[4, 4, 4, 4, 16, 16, 1, 1], 5);
    for n in 0..3_000 {
        account.choose(scattered(n) as usize % 5);
        account.flap(2, scattered(n + 7) as usize % 5);
    }
    let off: Vec<_> = (0..8).map(|peer| (account.due[peer] - account.had[peer]).abs()).collect();
    println!("{off:.1?}");
    // Of the two that share a fork with it, the other one may get a turn early or late at each flap.
    assert!(
        off.iter().enumerate().all(|(peer, &off)| off < 2.0 || peer == 2 || peer == 3),
        "{off:?}"
    );
    assert!(off[2] < 20.0 && off[3] < 20.0, "{off:?}");
}

#[test]
fn peers_that_join_and_leave_are_in_turn_and_out_of_it() {
    let mut account = Account::of(&[1, 2], 1);
    account.choose(30);
    for peer in 2..40 {
        let updates = ListUpdates { additions: vec![weighing(peer, 3)], removals: vec![] };
        account.list.update(updates).unwrap();
        account.weights.push(3);
        for field in [&mut account.due, &mut account.had, &mut account.last] {
            field.push(0.0);
        }
        account.choose(40);
    }
    for peer in 0..39 {
        account.list.update(ListUpdates::removing([format!("p{peer}")])).unwrap();
        account.weights[peer] = 0;
        account.choose(20);
    }
    assert!(account.had[39] > 20.0);
    assert_eq!(next(&account.list), "p39");
}

#[test]
fn clients_do_not_all_begin_with_the_same_peer() {
    let first = |seed| {
        let policy = WeightedRoundRobin::new().with_rng(Rng::seeded(seed));
        next(&list(policy, 10).0)
    };
    let mut firsts: Vec<_> = (0..40).map(first).collect();
    assert_eq!(first(3), first(3));
    firsts.sort_unstable();
    firsts.dedup();
    assert!(firsts.len() >= 6, "{firsts:?}");
}

/// Of eleven peers one is due 91.7 % of all requests.
#[test]
#[cfg_attr(miri, ignore = "counts only")]
fn a_heavy_peer_is_drawn_as_often_as_it_weighs() {
    let light = |n: usize| weighing(n, 1);
    for spec in ["two-random-choices:choices=3", "least-loaded:memory=0", "least-loaded"] {
        let (list, transport) = list(policy(spec), 0);
        let additions = (1..=10).map(light).chain([weighing(0, 110)]).collect();
        list.update(ListUpdates { additions, removals: vec![] }).unwrap();
        // So many are in flight that every peer has what it can take.
        let mut held = VecDeque::new();
        let mut had = |choices: usize| {
            let mut heavy = 0;
            for _ in 0..choices {
                let pick = list.try_choose(&Request::new()).unwrap();
                heavy += usize::from(pick.identifier() == "p0");
                held.push_back(pick);
                if held.len() > 240 {
                    held.pop_front().unwrap().finish(Outcome::Success);
                }
            }
            heavy as f64 / choices as f64
        };
        had(1_000);
        let part = had(5_000);
        assert!((0.88..0.995).contains(&part), "{spec}: {part} of all requests");
        // It goes, all others are alike, and it comes back.
        transport.set_status("p0", Unavailable);
        assert_eq!(had(1_000), 0.0, "{spec}");
        transport.set_status("p0", Available);
        had(1_000);
        assert!(had(5_000) > 0.88, "{spec}");
        // By an update it weighs what the others do.
        let same = weighing(0, 1);
        let updates = ListUpdates { additions: vec![same.clone()], removals: vec![same] };
        list.update(updates).unwrap();
        had(1_000);
        assert!((0.06..0.13).contains(&had(5_000)), "{spec}");
    }
}

/// Nearly every turn is the heavy peer's, and the choice falls to one that is looked for.
#[test]
fn what_avoids_a_heavy_peer_is_spread_over_the_others() {
    let weights: Vec<u16> = (0..20).map(|peer| if peer == 7 { 2_000 } else { 1 }).collect();
    let account = Account::of(&weights, 7);
    let avoiding = || account.list.try_choose(&Request::new().with_avoid(&["p7"])).unwrap();
    let held: Vec<_> = (0..190).map(|_| avoiding()).collect();
    for peer in account.list.introspect().peers {
        let (name, pending) = (peer.identifier, peer.status.pending_request_count);
        let may_have = if name == "p7" { 0..1 } else { 1..30 };
        assert!(may_have.contains(&pending), "{pending} on {name}");
    }
    drop(held);
}
