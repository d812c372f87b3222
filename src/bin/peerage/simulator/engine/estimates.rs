//! What a server answers to a probe: how long requests take at the load that it has.

use std::collections::VecDeque;

/// The latencies of requests, by how many were in flight when they came (Prequal's servers).
#[derive(Debug, Default)]
pub(super) struct Estimates {
    by_in_flight: Vec<VecDeque<f64>>,
}

const KEPT: usize = 16;
/// Loads further away than this say nothing of this one.
const NEAR: usize = 64;

impl Estimates {
    pub(super) fn add(&mut self, in_flight: u32, latency: f64) {
        let at = in_flight as usize;
        if self.by_in_flight.len() <= at {
            self.by_in_flight.resize_with(at + 1, VecDeque::new);
        }
        let latencies = &mut self.by_in_flight[at];
        if latencies.len() == KEPT {
            latencies.pop_front();
        }
        latencies.push_back(latency);
    }

    /// The median at the nearest load of which anything is known.
    pub(super) fn at(&self, in_flight: u32) -> Option<f64> {
        let at = in_flight as usize;
        let near = (0..NEAR).flat_map(|d| [at.checked_sub(d), Some(at + d)]).flatten();
        let known = near.filter_map(|at| self.by_in_flight.get(at));
        let latencies = known.into_iter().find(|latencies| !latencies.is_empty())?;
        let mut latencies: Vec<f64> = latencies.iter().copied().collect();
        latencies.sort_by(f64::total_cmp);
        Some(latencies[latencies.len() / 2])
    }
}
