//! Prequal (Wydrowski and others, NSDI 2024), with the constants of the open implementations.
//!
//! Each request sends three probes, to random servers. A pool keeps the last 16 answers for a second.
//! Of those at or below the quantile of requests in flight, the one of the lowest latency is taken;
//! if there is none, the one of the fewest in flight. What is taken counts as one more in flight, and
//! is used again a little; each request also drops the oldest answer or the worst in turn.

use std::collections::VecDeque;

use super::peers::Peers;
use super::{Choosing, Probed};
use crate::simulator::dice::Dice;
use crate::simulator::time::{SECOND, Time};

pub(super) struct Prequal {
    quantile: f64,
    pool: Vec<Answer>,
    /// In flight in the last answers, which the quantile is of.
    loads: VecDeque<f64>,
    drops_oldest: bool,
    uses: f64,
}

#[derive(Debug, Clone, Copy)]
struct Answer {
    peer: usize,
    in_flight: f64,
    latency: f64,
    at: Time,
    uses: f64,
}

const PROBES: usize = 3;
const POOL: usize = 16;
const LOADS: usize = 128;

impl Prequal {
    pub(super) fn new(peers: usize, quantile: f64) -> Self {
        // Reuse of the paper, with δ = 1 and one removal a request.
        let share = POOL as f64 / peers.max(POOL + 1) as f64;
        let uses = (2.0 / ((1.0 - share) * PROBES as f64 - 1.0)).clamp(1.0, 8.0);
        Self { quantile, pool: vec![], loads: VecDeque::new(), drops_oldest: false, uses }
    }

    /// In flight above this is hot.
    fn threshold(&self) -> f64 {
        let mut loads: Vec<f64> = self.loads.iter().copied().collect();
        loads.sort_by(f64::total_cmp);
        let at = (loads.len() as f64 * self.quantile) as usize;
        loads.get(at.min(loads.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }

    fn lowest(
        &self,
        is_one: impl Fn(&Answer) -> bool,
        by: impl Fn(&Answer) -> f64,
    ) -> Option<usize> {
        let answers = self.pool.iter().enumerate().filter(|(_, answer)| is_one(answer));
        answers.min_by(|a, b| by(a.1).total_cmp(&by(b.1))).map(|(at, _)| at)
    }

    /// Forgets one answer: the oldest, or the worst.
    fn shrink(&mut self, threshold: f64) {
        if self.pool.len() <= 2 {
            return;
        }
        self.drops_oldest = !self.drops_oldest;
        let worst = || {
            let hot = self.lowest(|a| a.in_flight > threshold, |a| -a.in_flight);
            hot.or_else(|| self.lowest(|_| true, |a| -a.latency))
        };
        let at = if self.drops_oldest { Some(0) } else { worst() };
        if let Some(at) = at {
            self.pool.remove(at);
        }
    }
}

impl Choosing for Prequal {
    fn pick(&mut self, peers: &Peers, now: Time, dice: &mut Dice) -> usize {
        self.pool.retain(|answer| now - answer.at < SECOND && peers.is_candidate(answer.peer));
        if self.pool.len() < 2 {
            return peers.candidate(dice.below(peers.candidates()));
        }
        let threshold = self.threshold();
        let cold = self.lowest(|a| a.in_flight <= threshold, |a| a.latency);
        let best = cold.or_else(|| self.lowest(|_| true, |a| a.in_flight)).unwrap_or(0);
        let answer = &mut self.pool[best];
        let peer = answer.peer;
        answer.in_flight += 1.0;
        answer.uses -= 1.0;
        if answer.uses < 1.0 && dice.unit() >= answer.uses {
            self.pool.remove(best);
        }
        self.shrink(threshold);
        peer
    }

    fn probes(&self) -> usize {
        PROBES
    }

    fn probed(&mut self, peer: usize, probe: Probed) {
        if self.loads.len() == LOADS {
            self.loads.pop_front();
        }
        self.loads.push_back(probe.in_flight);
        if self.pool.len() == POOL {
            self.pool.remove(0);
        }
        let (in_flight, latency) = (probe.in_flight, probe.latency);
        self.pool.push(Answer { peer, in_flight, latency, at: probe.now, uses: self.uses });
    }
}
