//! By a moving mean of latencies: Finagle's peak EWMA and its kin.
//!
//! The mean moves by time: with τ = 10 s a sample that comes 10 s after the last one is 63 % of it.
//! A peak mean jumps to a sample that is above it. (Finagle `PeakEwma.scala`; linkerd2-proxy
//! `tower::load::PeakEwma` with its failure penalty; brpc #3340; mosn #2274, Envoy #32942.)

use super::exact::cheapest_of;
use super::peers::Peers;
use super::{Choosing, Ended};
use crate::simulator::dice::Dice;
use crate::simulator::time::{SECOND, Time};

pub(super) struct Latency {
    draws: usize,
    is_peak: bool,
    counts_pending: bool,
    failures: Failures,
    means: Vec<Mean>,
}

/// What a failure does to the mean.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failures {
    /// It is a sample like others.
    AreLatencies,
    /// It is a sample of so many seconds.
    AreSlow(f64),
    /// It is a sample of twice the mean, from 1 to 30 s.
    AreTimeouts,
    /// The cost is divided by the success rate, of weight 0.1.
    Divide,
}

#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    value: f64,
    at: Time,
    is_known: bool,
    failures: f64,
}

const TAU: f64 = 10.0;
/// A peer that has not answered yet and has requests: after all that have.
const UNKNOWN: f64 = 1e15;

/// What is left of a value after `passed`.
fn decay(passed: Time) -> f64 {
    (-(passed as f64) / SECOND as f64 / TAU).exp()
}

impl Latency {
    pub(super) fn new(peers: usize, draws: usize, failures: Failures) -> Self {
        let means = vec![Mean::default(); peers];
        Self { draws, is_peak: true, counts_pending: true, failures, means }
    }

    pub(super) fn without_peak(mut self) -> Self {
        self.is_peak = false;
        self
    }

    pub(super) fn without_pending(mut self) -> Self {
        self.counts_pending = false;
        self
    }

    fn cost(&self, peers: &Peers, peer: usize, now: Time) -> f64 {
        let (mean, pending) = (&self.means[peer], peers.pending(peer));
        let waiting = if self.counts_pending { pending + 1.0 } else { 1.0 };
        if !mean.is_known {
            return if pending == 0.0 { 0.0 } else { UNKNOWN + pending };
        }
        let cost = (mean.value * decay(now - mean.at)).max(1e3) * waiting;
        cost / (1.0 - mean.failures).max(1e-3)
    }
}

impl Choosing for Latency {
    fn pick(&mut self, peers: &Peers, now: Time, dice: &mut Dice) -> usize {
        cheapest_of(self.draws, peers, dice, |peer| self.cost(peers, peer, now))
    }

    fn ended(&mut self, _peers: &Peers, peer: usize, ended: &Ended) {
        let mean = &mut self.means[peer];
        let latency = ended.latency();
        let second = SECOND as f64;
        let sample = match self.failures {
            Failures::AreSlow(seconds) if ended.is_failure() => (seconds * second).max(mean.value),
            Failures::AreTimeouts if ended.is_failure() => {
                (2.0 * mean.value).max(second).max(latency).min(30.0 * second)
            }
            Failures::Divide => {
                let failed = f64::from(u8::from(ended.is_failure()));
                mean.failures += 0.1 * (failed - mean.failures);
                latency
            }
            _ => latency,
        };
        let kept = decay(ended.now - mean.at);
        mean.value = if !mean.is_known || (self.is_peak && sample > mean.value) {
            sample
        } else {
            mean.value * kept + sample * (1.0 - kept)
        };
        (mean.is_known, mean.at) = (true, ended.now);
    }

    fn back(&mut self, peer: usize) {
        self.means[peer] = Mean::default();
    }
}
