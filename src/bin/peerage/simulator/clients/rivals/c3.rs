//! C3 (Suresh and others, NSDI 2015): the lowest Ψ = R − S + q̂³ · S of all, with R the latency, S
//! the service time and q̂ = 1 + clients · pending + the reported queue, each a mean of weight 0.1.
//! Every client knows how many clients there are. It has no rule for failures.

use super::exact::cheapest_of_all;
use super::peers::Peers;
use super::{Choosing, Ended};
use crate::simulator::dice::Dice;
use crate::simulator::time::Time;

pub(super) struct C3 {
    clients: f64,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    latency: f64,
    service: f64,
    queue: f64,
    is_known: bool,
}

const WEIGHT: f64 = 0.1;

impl C3 {
    pub(super) fn new(peers: usize, clients: usize) -> Self {
        Self { clients: clients as f64, nodes: vec![Node::default(); peers] }
    }
}

impl Choosing for C3 {
    fn pick(&mut self, peers: &Peers, _now: Time, dice: &mut Dice) -> usize {
        cheapest_of_all(peers, dice, |peer| {
            let node = &self.nodes[peer];
            if !node.is_known {
                return f64::NEG_INFINITY;
            }
            let queue = 1.0 + peers.pending(peer) * self.clients + node.queue;
            node.latency - node.service + queue.powi(3) * node.service
        })
    }

    fn ended(&mut self, _peers: &Peers, peer: usize, ended: &Ended) {
        let node = &mut self.nodes[peer];
        let latency = ended.latency();
        if let Some(report) = ended.report {
            node.queue += WEIGHT * (f64::from(report.in_flight) - node.queue);
            node.service = mean(node.service, report.service, node.service > 0.0);
        }
        node.latency = mean(node.latency, latency, node.is_known);
        node.is_known = true;
    }

    fn back(&mut self, peer: usize) {
        self.nodes[peer] = Node::default();
    }
}

fn mean(old: f64, sample: f64, is_known: bool) -> f64 {
    if is_known { old + WEIGHT * (sample - old) } else { sample }
}
