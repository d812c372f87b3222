//! brpc's locality-aware: at random, by weights of throughput ÷ latency, less for those whose
//! requests have been under way for longer than they should (its `docs/en/lalb.md`).

use std::collections::VecDeque;

use super::peers::Peers;
use super::{Choosing, Ended};
use crate::simulator::dice::Dice;
use crate::simulator::time::{SECOND, Time};

pub(super) struct LocalityAware {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// When the last requests ended, and their latencies.
    ends: VecDeque<(Time, f64)>,
    latency: f64,
    weight: f64,
    /// The sum of the beginnings of what is under way.
    begun: f64,
}

const KEPT: usize = 128;
/// Under way for longer than this many mean latencies is late.
const LATE: f64 = 1.5;
/// The smallest weight, as a share of the mean one.
const LEAST: f64 = 1e-3;

impl LocalityAware {
    pub(super) fn new(peers: usize) -> Self {
        Self { nodes: vec![Node::default(); peers] }
    }
}

impl Node {
    fn weight(&self, pending: f64, mean: f64, now: Time) -> f64 {
        if self.weight <= 0.0 {
            return mean;
        }
        let mut weight = self.weight;
        if pending > 0.0 {
            let late = now as f64 - self.begun / pending;
            if late >= LATE * self.latency {
                weight *= LATE * self.latency / late;
            }
        }
        weight.max(mean * LEAST)
    }
}

impl Choosing for LocalityAware {
    fn pick(&mut self, peers: &Peers, now: Time, dice: &mut Dice) -> usize {
        let known = self.nodes.iter().map(|node| node.weight).filter(|weight| *weight > 0.0);
        let (sum, count) = known.fold((0.0, 0.0), |(sum, n), weight| (sum + weight, n + 1.0));
        let mean = if count > 0.0 { sum / count } else { 1.0 };
        let mut total = 0.0;
        let cumulated = (0..peers.candidates()).map(|nth| {
            let peer = peers.candidate(nth);
            total += self.nodes[peer].weight(peers.pending(peer), mean, now);
            total
        });
        let cumulated: Vec<f64> = cumulated.collect();
        let at = dice.unit() * total;
        let nth = cumulated.partition_point(|sum| *sum <= at).min(cumulated.len() - 1);
        peers.candidate(nth)
    }

    fn sent(&mut self, peer: usize, now: Time) {
        self.nodes[peer].begun += now as f64;
    }

    fn ended(&mut self, _peers: &Peers, peer: usize, ended: &Ended) {
        let node = &mut self.nodes[peer];
        node.begun -= ended.sent as f64;
        let second = SECOND as f64;
        let latency = if ended.is_ok() { ended.latency() } else { ended.latency().max(second) };
        if node.ends.len() == KEPT {
            node.ends.pop_front();
        }
        node.ends.push_back((ended.now, latency));
        let count = node.ends.len() as f64;
        let span = (ended.now - node.ends[0].0) as f64;
        node.latency = node.ends.iter().map(|(_, latency)| latency).sum::<f64>() / count;
        let enough = node.ends.len() == KEPT || span >= second;
        let rate = if enough && span > 0.0 { (count - 1.0) * second / span } else { 1.0 };
        node.weight = rate / node.latency * second;
    }

    fn back(&mut self, peer: usize) {
        let node = &mut self.nodes[peer];
        node.ends.clear();
        node.weight = 0.0;
    }
}
