//! gRPC's weighted round-robin (its proposal A58): weights are the servers' reported requests per
//! second ÷ utilisation, in force 10 s after the first report, renewed every second; a static stride
//! scheduler spreads them.

use super::peers::Peers;
use super::{Choosing, Ended};
use crate::simulator::dice::Dice;
use crate::simulator::time::{SECOND, Time};

pub(super) struct Orca {
    reports: Vec<Reported>,
    weights: Vec<u64>,
    renews_at: Time,
    stride: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Reported {
    since: Option<Time>,
    rate: f64,
    utilisation: f64,
}

const BLACKOUT: Time = 10 * SECOND;
/// The largest weight, and how far apart the peers begin.
const LARGEST: u64 = 65_535;
const OFFSET: u64 = LARGEST / 2;

impl Orca {
    pub(super) fn new(peers: usize) -> Self {
        let (reports, weights) = (vec![Reported::default(); peers], vec![LARGEST; peers]);
        Self { reports, weights, renews_at: 0, stride: None }
    }

    fn renew(&mut self, now: Time) {
        let weight = |reported: &Reported| {
            let is_old = reported.since.is_some_and(|since| now > since + BLACKOUT);
            if is_old && reported.utilisation > 0.0 {
                reported.rate / reported.utilisation
            } else {
                0.0
            }
        };
        let weights: Vec<f64> = self.reports.iter().map(weight).collect();
        let known: Vec<f64> = weights.iter().copied().filter(|weight| *weight > 0.0).collect();
        if known.len() < 2 {
            self.weights.fill(LARGEST);
            return;
        }
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let largest = known.iter().copied().fold(mean, f64::max);
        let scaled = |weight: f64| {
            let weight = if weight > 0.0 { weight } else { mean };
            ((weight / largest * LARGEST as f64) as u64).max(1)
        };
        self.weights = weights.into_iter().map(scaled).collect();
    }
}

impl Choosing for Orca {
    fn pick(&mut self, peers: &Peers, now: Time, dice: &mut Dice) -> usize {
        if now >= self.renews_at {
            self.renews_at = now + SECOND;
            self.renew(now);
        }
        let n = peers.len() as u64;
        let stride = self.stride.get_or_insert_with(|| dice.below(1 << 20) as u64);
        for _ in 0..100_000 {
            let (peer, turn) = (*stride % n, *stride / n);
            *stride += 1;
            let weight = self.weights[peer as usize];
            let skips = (weight * turn + peer * OFFSET) % LARGEST < LARGEST - weight;
            if !skips && peers.is_candidate(peer as usize) {
                return peer as usize;
            }
        }
        peers.candidate(dice.below(peers.candidates()))
    }

    fn ended(&mut self, _peers: &Peers, peer: usize, ended: &Ended) {
        if let Some(report) = ended.report {
            let reported = &mut self.reports[peer];
            reported.since.get_or_insert(ended.now);
            (reported.rate, reported.utilisation) = (report.rate, report.utilisation);
        }
    }

    fn back(&mut self, peer: usize) {
        self.reports[peer] = Reported::default();
    }
}
