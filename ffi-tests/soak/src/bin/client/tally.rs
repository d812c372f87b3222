//! What is counted, and how it is said.

use std::time::Duration;

use peerage::{Chooser, Outcome, Stats};
use serde_json::{Value, json};

use crate::Fed;

/// Why a choice found no peer.
#[derive(Clone, Copy)]
pub(crate) enum Missed {
    NoPeer,
    TimedOut,
    QueueFull,
    Other,
}

const MISSED: usize = Missed::Other as usize + 1;

/// Of one chooser.
#[derive(Clone, Default)]
pub(crate) struct ChooserTally {
    pub(crate) picks: u64,
    /// In the order of [`Outcome`].
    pub(crate) outcomes: [u64; Outcome::ALL.len()],
    /// In the order of [`Missed`].
    pub(crate) missed: [u64; MISSED],
}

/// Of all of them.
#[derive(Clone)]
pub(crate) struct Tally {
    pub(crate) choosers: Vec<ChooserTally>,
    calls: u64,
    good: u64,
    latencies: [u64; BUCKETS],
}

/// Sixteen buckets for each power of two of microseconds, up to an hour and more.
const BUCKETS: usize = 512;

fn bucket(micros: u64) -> usize {
    if micros < 16 {
        return micros as usize;
    }
    let power = 63 - micros.leading_zeros() as usize;
    let sixteenth = (micros >> (power - 4)) as usize & 15;
    ((power - 3) * 16 + sixteenth).min(BUCKETS - 1)
}

impl Tally {
    pub(crate) fn new(choosers: usize) -> Self {
        let choosers = vec![ChooserTally::default(); choosers];
        Self { choosers, calls: 0, good: 0, latencies: [0; BUCKETS] }
    }

    /// A call has ended, well or not.
    pub(crate) fn called(&mut self, good: bool, took: Duration) {
        self.calls += 1;
        self.good += u64::from(good);
        self.latencies[bucket(took.as_micros() as u64)] += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let sum = |to: &mut [u64], from: &[u64]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        };
        for (to, from) in self.choosers.iter_mut().zip(&other.choosers) {
            to.picks += from.picks;
            sum(&mut to.outcomes, &from.outcomes);
            sum(&mut to.missed, &from.missed);
        }
        self.calls += other.calls;
        self.good += other.good;
        sum(&mut self.latencies, &other.latencies);
    }

    /// A line for the director, with what the library says of the same.
    pub(crate) fn json(&self, event: &str, choosers: &[Fed]) -> Value {
        let chooser = |(tally, users): (&ChooserTally, &Fed)| {
            let list = users.list();
            json!({
                "name": list.introspect().name,
                "picks": tally.picks, "outcomes": tally.outcomes, "missed": tally.missed,
                "stats": stats(&list.stats()),
            })
        };
        let latencies = self.latencies.iter().enumerate().filter(|(_, count)| **count > 0);
        json!({
            "event": event, "calls": self.calls, "good": self.good,
            "latencies": latencies.collect::<Vec<_>>(),
            "choosers": self.choosers.iter().zip(choosers).map(chooser).collect::<Vec<_>>(),
        })
    }
}

fn stats(stats: &Stats) -> Value {
    let mut missed = [0; MISSED];
    for (reason, count) in stats.failures.iter() {
        missed[match reason {
            "no-peer" | "fail-fast" => Missed::NoPeer,
            "timed-out" => Missed::TimedOut,
            "queue-full" => Missed::QueueFull,
            _ => Missed::Other,
        } as usize] += count;
    }
    json!({
        "pending": stats.pending, "waiting": stats.waiting,
        "departing": stats.departing, "departing_pending": stats.departing_pending,
        "requests": stats.requests,
        "outcomes": stats.outcomes.iter().map(|(_, count)| count).collect::<Vec<_>>(),
        "missed": missed,
    })
}
