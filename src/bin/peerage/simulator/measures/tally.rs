//! Counts while a run goes on.

use hdrhistogram::Histogram;

use super::trace::{SLICE, Trace, histogram};
use crate::simulator::engine::Server;
use crate::simulator::time::{SECOND, Time};
use crate::simulator::world::{Arrival, World};

/// What is counted. Calls of the warm-up are not, but for the slices of time.
#[derive(Debug)]
pub(crate) struct Measures {
    pub(crate) calls: u64,
    pub(crate) answered: u64,
    /// Answered within their deadline.
    pub(crate) in_time: u64,
    /// Microseconds from arrival to answer.
    pub(crate) latency: Histogram<u64>,
    /// Nanoseconds of all answered calls.
    pub(crate) total: f64,
    pub(crate) attempts: u64,
    pub(crate) to_bad: u64,
    pub(crate) failed: u64,
    pub(crate) longest_queue: u32,
    pub(crate) by_server: Vec<u64>,
    /// The most in flight at the watched server, and the mean of the others meanwhile.
    pub(crate) peak: f64,
    pub(crate) others: f64,
    /// Of all attempts and of those to bad servers, the number in each slice of time.
    pub(crate) sent: Vec<(u64, u64)>,
    pub(crate) trace: Option<Trace>,
}

/// The counts of a run that goes on.
pub(crate) struct Tally {
    measures: Measures,
    deadline: Time,
    bad: Vec<bool>,
    warm: usize,
    arrived: usize,
    watch: Option<(u32, Time, Time)>,
    others: (f64, f64),
}

impl Tally {
    pub(crate) fn new(world: &World, traces: bool) -> Self {
        let mut bad = vec![false; world.servers];
        world.bad.list().iter().for_each(|server| bad[*server] = true);
        let watch = world.watch.as_ref();
        let measures = Measures {
            calls: 0,
            answered: 0,
            in_time: 0,
            latency: histogram(),
            total: 0.0,
            attempts: 0,
            to_bad: 0,
            failed: 0,
            longest_queue: 0,
            by_server: vec![0; world.servers],
            peak: 0.0,
            others: 0.0,
            sent: vec![],
            trace: traces.then(|| Trace::new(world.clients, world.servers)),
        };
        Self {
            measures,
            deadline: world.deadline.map_or(Time::MAX, |deadline| deadline.0),
            bad,
            warm: (world.calls as f64 * world.warm) as usize,
            arrived: 0,
            watch: watch.map(|watch| (watch.server as u32, watch.from.0, watch.until.0)),
            others: (0.0, 0.0),
        }
    }

    /// A call has arrived; whether it counts.
    pub(crate) fn arrived(&mut self, now: Time, servers: &[Server]) -> bool {
        self.arrived += 1;
        let counts = self.arrived > self.warm;
        self.measures.calls += u64::from(counts);
        if let Some((watched, from, until)) = self.watch {
            // Arrivals are a Poisson process, so they see the mean; every eighth is enough.
            if (from..until).contains(&now) && self.arrived % 8 == 0 {
                let up = servers.iter().enumerate();
                let up = up.filter(|(at, s)| *at != watched as usize && !s.conditions.is_down);
                let (sum, n) = up
                    .fold((0.0, 0.0), |(sum, n), (_, s)| (sum + f64::from(s.in_flight()), n + 1.0));
                self.others.0 += sum / n;
                self.others.1 += 1.0;
            }
        }
        if let Some(trace) = &mut self.measures.trace {
            trace.at(now, || servers.iter().map(Server::in_flight).collect());
        }
        counts
    }

    pub(crate) fn sent(&mut self, now: Time, client: u32, server: u32, counts: bool) {
        let (measures, is_bad) = (&mut self.measures, self.bad[server as usize]);
        let at = (now / SLICE) as usize;
        if measures.sent.len() <= at {
            measures.sent.resize(at + 1, (0, 0));
        }
        measures.sent[at].0 += 1;
        measures.sent[at].1 += u64::from(is_bad);
        if counts {
            measures.attempts += 1;
            measures.to_bad += u64::from(is_bad);
            measures.by_server[server as usize] += 1;
            if let Some(trace) = &mut measures.trace {
                trace.matrix[client as usize][server as usize] += 1;
            }
        }
    }

    pub(crate) fn answered(&mut self, now: Time, arrival: &Arrival, counts: bool) {
        let (measures, took) = (&mut self.measures, now - arrival.at);
        let micros = took / 1000;
        if let Some(slice) = measures.trace.as_mut().map(|trace| trace.at(now, Vec::new)) {
            slice.latency.saturating_record(micros);
        }
        if counts {
            measures.answered += 1;
            measures.in_time += u64::from(took <= self.deadline);
            measures.latency.saturating_record(micros);
            measures.total += took as f64;
        }
    }

    pub(crate) fn failed(&mut self, counts: bool) {
        self.measures.failed += u64::from(counts);
    }

    /// A server has so many requests.
    pub(crate) fn in_flight(&mut self, now: Time, server: u32, in_flight: u32) {
        self.measures.longest_queue = self.measures.longest_queue.max(in_flight);
        if let Some((watched, from, until)) = self.watch {
            if server == watched && (from..until).contains(&now) {
                self.measures.peak = self.measures.peak.max(f64::from(in_flight));
            }
        }
    }

    /// No more is counted.
    pub(crate) fn close(mut self) -> Measures {
        self.measures.others = self.others.0 / self.others.1.max(1.0);
        self.measures
    }
}

impl Measures {
    /// Seconds from `well` until the bad servers have four fifths of their share again.
    pub(crate) fn back_after(&self, well: Time, due: f64) -> f64 {
        let first = (well / SLICE) as usize;
        // Two slices at a time: half a second.
        let pairs = self.sent.get(first..).unwrap_or_default().chunks_exact(2);
        let shares = pairs.map(|pair| {
            let (all, bad) = (pair[0].0 + pair[1].0, pair[0].1 + pair[1].1);
            bad as f64 / all.max(1) as f64
        });
        let at = shares.enumerate().find(|(_, share)| *share > 0.8 * due);
        at.map_or(f64::INFINITY, |(at, _)| (2 * at) as f64 * SLICE as f64 / SECOND as f64)
    }
}
