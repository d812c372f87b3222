//! Ejection of peers that fail: Envoy's and gRPC's outlier detection.

use super::Ended;
use super::peers::Peers;
use crate::simulator::dice::Dice;
use crate::simulator::time::{SECOND, Time};

pub(super) struct Ejection {
    rule: Rule,
    /// Seconds of the first time out; the second is as long again, and so on.
    base: f64,
    /// Each time is twice as long instead, at most this many seconds.
    doubles_to: Option<f64>,
    /// Whether one request goes before all.
    probes: bool,
    /// At most this share is out at once.
    cap: f64,
    nodes: Vec<Node>,
    next_sweep: Time,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    InARow(u32),
    SuccessRate,
}

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    in_a_row: u32,
    times_out: u32,
    ended: u32,
    ok: u32,
}

const LONGEST: f64 = 300.0;
const SWEEP: Time = 10 * SECOND;
/// With fewer requests in a sweep the success rate of a peer does not count.
const REQUESTS: u32 = 100;
/// With fewer peers whose rates count none is ejected for its rate.
const HOSTS: usize = 5;
/// So many deviations below the mean is an outlier.
const DEVIATIONS: f64 = 1.9;

impl Ejection {
    fn new(rule: Rule, base: f64, cap: f64) -> Self {
        Self { rule, base, doubles_to: None, probes: false, cap, nodes: vec![], next_sweep: 0 }
    }

    /// Five failures in a row: out for 30 s, then 60 s, and so on; a tenth of the peers at most.
    pub(super) fn envoy() -> Self {
        Self::new(Rule::InARow(5), 30.0, 0.1)
    }

    /// A success rate far below the mean.
    pub(super) fn grpc() -> Self {
        Self::new(Rule::SuccessRate, 30.0, 0.1)
    }

    /// Five in a row: out for 1 s, doubling to 30 s, one request before all; half at most.
    pub(super) fn probing() -> Self {
        let ejection = Self::new(Rule::InARow(5), 1.0, 0.5);
        Self { doubles_to: Some(30.0), probes: true, ..ejection }
    }

    pub(super) fn ended(&mut self, peers: &mut Peers, at: usize, ended: &Ended, dice: &mut Dice) {
        self.nodes.resize(peers.len(), Node::default());
        let (node, peer) = (&mut self.nodes[at], peers.get_mut(at));
        node.ended += 1;
        let was_probing = std::mem::take(&mut peer.is_probing);
        if ended.is_ok() {
            node.ok += 1;
            node.in_a_row = 0;
            if was_probing {
                node.times_out = node.times_out.saturating_sub(1);
            }
        } else if ended.is_failure() {
            node.in_a_row += 1;
            let is_out = peer.out_until > ended.now;
            let too_many = matches!(self.rule, Rule::InARow(n) if node.in_a_row >= n);
            if (too_many && !is_out) || was_probing {
                self.eject(peers, at, ended.now, dice);
            }
        }
        if matches!(self.rule, Rule::SuccessRate) && ended.now >= self.next_sweep {
            self.next_sweep = ended.now + SWEEP;
            self.sweep(peers, ended.now, dice);
        }
    }

    fn sweep(&mut self, peers: &mut Peers, now: Time, dice: &mut Dice) {
        let busy = self.nodes.iter().enumerate().filter(|(_, node)| node.ended >= REQUESTS);
        let rate = |node: &Node| f64::from(node.ok) / f64::from(node.ended);
        let rates: Vec<_> = busy.map(|(at, node)| (at, rate(node))).collect();
        if rates.len() >= HOSTS {
            let n = rates.len() as f64;
            let mean = rates.iter().map(|(_, rate)| rate).sum::<f64>() / n;
            let variance = rates.iter().map(|(_, rate)| (rate - mean).powi(2)).sum::<f64>() / n;
            let least = mean - DEVIATIONS * variance.sqrt();
            for (at, _) in rates.iter().filter(|(_, rate)| *rate < least && mean - rate > 1e-9) {
                self.eject(peers, *at, now, dice);
            }
        }
        for (at, node) in self.nodes.iter_mut().enumerate() {
            (node.ended, node.ok) = (0, 0);
            if peers.get(at).out_until <= now {
                node.times_out = node.times_out.saturating_sub(1);
            }
        }
    }

    fn eject(&mut self, peers: &mut Peers, at: usize, now: Time, dice: &mut Dice) {
        let n = peers.len();
        let out = (0..n).filter(|peer| peers.get(*peer).out_until > now).count();
        if out + 1 > ((n as f64 * self.cap) as usize).max(1) || out + 1 >= n {
            return;
        }
        let node = &mut self.nodes[at];
        node.times_out += 1;
        node.in_a_row = 0;
        let seconds = match self.doubles_to {
            Some(most) => (self.base * 2_f64.powi(node.times_out as i32 - 1)).min(most),
            None => (self.base * f64::from(node.times_out)).min(LONGEST),
        };
        let jitter = 0.9 + 0.2 * dice.unit();
        let peer = peers.get_mut(at);
        peer.out_until = now + (seconds * jitter * SECOND as f64) as Time;
        peer.is_probing = self.probes;
    }
}
