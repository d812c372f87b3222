//! What it costs to add a hundred thousand peers at once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use peerage::policy::Policy;

use crate::peers::{
    BenchTransport, empty, fewest_pending, fill, name, random, ring, round_robin, two_random,
};
use crate::table::Report;
use crate::timing::{Effort, paired_jobs};

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    addition(report, effort, "random", random);
    addition(report, effort, "two-random-choices", two_random);
    addition(report, effort, "round-robin", round_robin);
    addition(report, effort, "fewest-pending-requests", fewest_pending);
    ring_addition(report, effort);
}

/// All peers in one update, against the same identifiers put into a hash map.
fn addition<P: Policy>(report: &mut Report, effort: Effort, name: &str, policy: impl Fn() -> P) {
    let names = names(effort.many);
    let times = paired_jobs(
        effort.repetitions.min(7),
        || {
            let transport = BenchTransport::new(effort.many);
            let list = empty(policy(), &transport);
            let begun = Instant::now();
            fill(&list, &transport);
            begun.elapsed()
        },
        || time_map(&names),
    );
    let what = format!("{name}: {} peers in one update, against a HashMap", effort.many);
    let measured = format!("{:.1} ms / {:.1} ms", ms(times.0), ms(times.1));
    report.row(&what, &measured, ms(times.0) / ms(times.1), " ×", 4.0);
}

/// A ring has a hundred points a peer to hash and sort, so it is held against a map of points; what
/// it is against a map of identifiers is told beside.
fn ring_addition(report: &mut Report, effort: Effort) {
    const POINTS: u32 = 100;
    let names = names(effort.many);
    let times = paired_jobs(
        effort.repetitions.min(2),
        || {
            let transport = BenchTransport::new(effort.many);
            let list = empty(ring(POINTS), &transport);
            let begun = Instant::now();
            fill(&list, &transport);
            begun.elapsed()
        },
        || {
            let begun = Instant::now();
            let mut map = HashMap::new();
            for (member, name) in names.iter().enumerate() {
                for replica in 0..POINTS {
                    let point = format!("{name}{replica}");
                    map.insert(peerage::policy::fingerprint32(point.as_bytes()), member);
                }
            }
            let took = begun.elapsed();
            drop(map);
            took
        },
    );
    let what = format!(
        "hashring32: {} peers in one update, against a HashMap of their {} points",
        effort.many,
        effort.many * POINTS as usize
    );
    let measured = format!("{:.0} ms / {:.0} ms", ms(times.0), ms(times.1));
    report.row(&what, &measured, ms(times.0) / ms(times.1), " ×", 6.0);
    let identifiers = time_map(&names);
    let what = "hashring32: the same, against a HashMap of the identifiers";
    let measured = format!("{:.0} ms / {:.1} ms", ms(times.0), ms(identifiers));
    report.note(what, &measured, &format!("{:.0} ×", ms(times.0) / ms(identifiers)));
}

fn time_map(names: &[String]) -> Duration {
    let begun = Instant::now();
    let mut map = HashMap::new();
    for name in names {
        map.insert(name.clone(), ());
    }
    let took = begun.elapsed();
    drop(map);
    took
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(name).collect()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
