//! Scrapes: the text for Prometheus of lists of many peers, and what it does to those who choose.
//!
//! The shortest of several counts for a scrape. A choice is timed by itself, while another thread
//! scrapes without a pause, which no Prometheus does, and without it, in turns: of each the median of
//! the repetitions' p99.9, for now and then one is all luck.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::TwoRandomChoices;
use peerage::{Chooser, MetricsOptions, Outcome, PeerList, Request, metrics_text};

use crate::peers::{BenchTransport, empty, fill, two_random};
use crate::table::Report;
use crate::timing::Effort;

/// Which scrapes are to take at most so many milliseconds.
const TARGETS: [(usize, f64); 2] = [(10_000, 5.0), (100_000, 60.0)];

pub(crate) fn rows(report: &mut Report, effort: Effort) {
    for (peers, target) in TARGETS {
        let peers = peers.min(effort.many);
        let list = filled(peers);
        let (took, length) = scrape(&list, effort, MetricsOptions::new());
        let measured = format!("{:.1} kB", length as f64 / 1e3);
        let what = format!("metrics_text, a list of {peers} peers");
        report.row(&what, &measured, took, " ms", target);
        let took = best(effort, || {
            black_box(list.introspect());
        });
        report.row(&format!("introspect, {peers} peers"), "", took, " ms", target);
        let (took, length) = scrape(&list, effort, MetricsOptions::new().with_peers(true));
        let what = format!("metrics_text with {peers} peers");
        let measured = format!("{:.1} MB", length as f64 / 1e6);
        report.note(&what, &measured, &format!("{took:.2} ms"));
    }
    disturbed(report, effort);
}

fn filled(peers: usize) -> PeerList<TwoRandomChoices> {
    let transport = BenchTransport::new(peers);
    let list = empty(two_random(), &transport);
    fill(&list, &transport);
    list
}

/// Milliseconds, and how long the text is.
fn scrape(list: &dyn Chooser, effort: Effort, options: MetricsOptions) -> (f64, usize) {
    let mut length = 0;
    let took = best(effort, || length = black_box(metrics_text([list], options)).len());
    (took, length)
}

/// The shortest of several, in milliseconds.
fn best(effort: Effort, mut work: impl FnMut()) -> f64 {
    let one = || {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    let all = std::iter::repeat_with(one).take(effort.repetitions as usize);
    all.min().unwrap_or_default().as_secs_f64() * 1e3
}

fn disturbed(report: &mut Report, effort: Effort) {
    let peers = 10_000.min(effort.many);
    let list = filled(peers);
    let (scraping, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (mut alone, mut beside) = (vec![], vec![]);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Acquire) {
                if scraping.load(Ordering::Acquire) {
                    black_box(metrics_text([&list as &dyn Chooser], MetricsOptions::new()));
                } else {
                    thread::sleep(Duration::from_millis(1));
                }
            }
        });
        for _ in 0..effort.repetitions {
            alone.push(tail(&list, effort));
            scraping.store(true, Ordering::Release);
            beside.push(tail(&list, effort));
            scraping.store(false, Ordering::Release);
        }
        over.store(true, Ordering::Release);
    });
    let (alone, beside) = (median(alone), median(beside));
    let measured = format!("{} ns, without {} ns", beside.as_nanos(), alone.as_nanos());
    let ratio = beside.as_secs_f64() / alone.as_secs_f64();
    let what = format!("p99.9 of choose + finish beside scrapes, {peers} peers");
    report.row(&what, &measured, ratio, " ×", 1.5);
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

/// p99.9 of so many choices, each with the two looks at the clock that time it.
fn tail(list: &dyn Chooser, effort: Effort) -> Duration {
    let count = effort.slice.as_micros() as usize * 5;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let begun = Instant::now();
        if let Ok(pick) = list.try_choose(&Request::new()) {
            pick.finish(Outcome::Success);
        }
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times[count * 999 / 1_000]
}
