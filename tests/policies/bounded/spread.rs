//! Where requests go that one peer may not have.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use peerage::policy::{AnyPolicy, Rng};
use peerage::{
    Attributes, Chooser, ConnectionStatus, List, ListUpdates, Member, Outcome, Pick, Request,
};

use super::choose;
use crate::{BOUND_1, list, next, pending, policy, tally};

/// Keys of which the `n`th is asked for 1 / n as often as the first.
struct Zipf {
    rng: Rng,
    until: Vec<f64>,
}

impl Zipf {
    fn new(keys: u32) -> Self {
        let mut sum = 0.0;
        let until = (1..=keys).map(|n| {
            sum += 1.0 / f64::from(n);
            sum
        });
        Self { until: until.collect(), rng: Rng::seeded(1) }
    }

    fn next(&self) -> String {
        let all = self.until[self.until.len() - 1];
        let drawn = self.rng.next() as f64 / u64::MAX as f64 * all;
        format!("key {}", self.until.partition_point(|&until| until < drawn))
    }
}

#[test]
fn a_ring_with_popular_keys_stays_below_the_bound() {
    // How many requests are in flight, and how many of a hundred are to be at the key's own peer.
    for (in_flight, at_home) in [(40, 55..70), (400, 72..85)] {
        let (bounded, _transport) = list(policy("hashring32:bound=1.25"), 20);
        let (plain, _transport) = list(policy("hashring32"), 20);
        let keys = Zipf::new(10_000);
        let mut held = VecDeque::new();
        let mut counts = [BTreeMap::<String, u32>::new(), BTreeMap::new()];
        let (picks, mut home, mut worst) = (20_000, 0, 0);
        for _ in 0..picks {
            if held.len() == in_flight {
                let both: [Pick; 2] = held.pop_front().unwrap();
                for (pick, counts) in both.into_iter().zip(&mut counts) {
                    *counts.get_mut(pick.identifier()).unwrap() -= 1;
                    pick.finish(Outcome::Success);
                }
            }
            let key = keys.next();
            let request = Request::new().with_shard_key(&key);
            let both = [&bounded, &plain].map(|list| list.try_choose(&request).unwrap());
            let [here, there] = [0, 1].map(|n| {
                let count = counts[n].entry(both[n].identifier().to_owned()).or_default();
                *count += 1;
                *count
            });
            let limit = (1_250 * (held.len() + 1)).div_ceil(1_000 * 20);
            assert!(here as usize <= limit, "{here} of {} in flight", held.len() + 1);
            home += usize::from(both[0].identifier() == both[1].identifier());
            worst = worst.max(there);
            held.push_back(both);
        }
        // Without the bound one peer has many times the mean.
        assert!(worst as usize > 3 * in_flight / 20, "{worst}");
        assert!(at_home.contains(&(home * 100 / picks)), "{in_flight} in flight: {home}");
    }
}

#[test]
fn a_key_overflows_to_the_same_peers_in_every_process() {
    // Two lists with other seeds: nothing is drawn.
    let names = |seed| {
        let policy = AnyPolicy::from_spec(&"hashring32:bound=1".parse().unwrap(), Some(seed));
        let (list, _transport) = list(policy, 20);
        let held: Vec<Pick> = (0..20).map(|_| choose(&list)).collect();
        held.iter().map(|pick| pick.identifier().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(1), names(2));
    // The order for the key "popular" over p0 to p19.
    assert_eq!(names(1)[..5], ["p10", "p5", "p7", "p1", "p4"]);
}

/// The largest number in flight at `p0`, which is five times as slow, over the mean of the others:
/// 100 peers that work on one request at a time, at 0.7 of what they can do.
fn peak_at_a_slow_peer(spec: &str) -> f64 {
    let (list, _transport) = list(policy(spec), 100);
    let rng = Rng::seeded(3);
    let exponential =
        |mean: f64| -mean * (1.0 - rng.next() as f64 / u64::MAX as f64).max(1e-9).ln();
    let mut free_at = vec![0.0_f64; 100];
    let mut ends: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    let mut held: Vec<Option<Pick>> = vec![];
    let (mut now, mut in_flight, mut at_slow) = (0.0, 0_u32, 0_u32);
    let (mut peak, mut others, mut picks) = (0, 0.0, 0.0);
    for n in 0..60_000 {
        now += exponential(10.0 / 0.7 / 100.0);
        while let Some(&Reverse((_, which))) = ends.peek().filter(|end| end.0.0 as f64 <= now * 1e6)
        {
            ends.pop();
            let pick: Pick = held[which].take().unwrap();
            in_flight -= 1;
            at_slow -= u32::from(pick.identifier() == "p0");
            pick.finish(Outcome::Success);
        }
        let pick = list.try_choose(&Request::new()).unwrap();
        let peer: usize = pick.identifier()[1..].parse().unwrap();
        let service = exponential(if peer == 0 { 50.0 } else { 10.0 });
        free_at[peer] = free_at[peer].max(now) + service;
        ends.push(Reverse(((free_at[peer] * 1e6) as u64, held.len())));
        held.push(Some(pick));
        in_flight += 1;
        at_slow += u32::from(peer == 0);
        // When the others have as many as they will.
        if n > 10_000 {
            peak = peak.max(at_slow);
            others += f64::from(in_flight - at_slow) / 99.0;
            picks += 1.0;
        }
    }
    f64::from(peak) / (others / picks)
}

#[test]
fn a_slow_peer_does_not_collect_requests() {
    for rule in ["round-robin", "random"] {
        let plain = peak_at_a_slow_peer(rule);
        assert!(plain > 20.0, "{rule}: {plain}");
        let bounded = peak_at_a_slow_peer(&format!("{rule}:bound=1.25"));
        assert!(bounded <= 3.0, "{rule}: {bounded}");
    }
}

#[test]
fn round_robin_with_a_bound_that_binds_not_takes_turns() {
    let (list, _transport) = list(policy("round-robin:bound=1000"), 5);
    let first: Vec<String> = (0..5).map(|_| next(&list)).collect();
    for _ in 0..10 {
        assert_eq!((0..5).map(|_| next(&list)).collect::<Vec<_>>(), first);
    }
    assert_eq!(tally(first).len(), 5);
}

/// Otherwise the peer after a full one would have its turns beside its own.
#[test]
fn the_turn_of_a_peer_that_is_passed_over_is_over() {
    let (list, _transport) = list(policy("round-robin:bound=1"), 4);
    let held = choose(&list);
    // One in flight of four: the limit is 1, and whoever has one is passed over.
    let counts = tally((0..300).map(|_| next(&list)));
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [100; 3]);
    drop(held);
}

/// Weights are of the peers that can be chosen, and as they are now.
#[test]
fn a_share_is_by_weight_where_weights_differ() {
    for spec in BOUND_1 {
        let (list, transport) = list(policy(spec), 0);
        let weights = [1, 2, 4, 9];
        let member =
            |(n, weight)| Member::new(format!("p{n}"), Attributes::new().with_weight(weight));
        list.update(ListUpdates::adding_members(weights.into_iter().enumerate().map(member)))
            .unwrap();
        let held = |count| (0..count).map(|_| choose(&list)).collect::<Vec<Pick>>();
        let all = held(160);
        assert_eq!(pending(&list), [10, 20, 40, 90], "{spec}");
        drop(all);
        transport.set_status("p3", ConnectionStatus::Unavailable);
        let all = held(70);
        assert_eq!(pending(&list), [10, 20, 40, 0], "{spec}");
        drop(all);
        // Alike, as those that weigh something else are away.
        let alike = ListUpdates::adding_members((0..3).map(|n| member((n, 5))));
        let alike = (0..3).fold(alike, |updates, n| updates.with_removal(format!("p{n}")));
        list.update(alike).unwrap();
        let all = held(30);
        assert_eq!(pending(&list), [10, 10, 10, 0], "{spec}");
        drop(all);
        transport.set_status("p3", ConnectionStatus::Available);
        let all = held(24);
        assert_eq!(pending(&list), [5, 5, 5, 9], "{spec}");
        drop(all);
    }
}
