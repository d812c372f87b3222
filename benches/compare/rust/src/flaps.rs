//! How long single requests take on one thread: while nothing changes, and while peers flap.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::line::Line;
use crate::side::{Flip, Requests, Side};
use crate::turns::{self, Effort};
use crate::{floor, ours, pingora_lists, tower_balance};

/// How often each side has its turn.
const TURNS: u32 = 4;

/// How many ticks a turn takes, calm and flapping.
const CALM_TICKS: u32 = 2;
const FLAP_TICKS: u32 = 4;

/// What is asked of the times.
const QUANTILES: [(f64, &str, &str); 3] = [
    (0.5, "calm-p50-ns", "flap-p50-ns"),
    (0.99, "calm-p99-ns", "flap-p99-ns"),
    (0.999, "calm-p999-ns", "flap-p999-ns"),
];

/// Prints quantiles of the times of single requests, the best of several turns.
///
/// At every tick the peers that went at the last one come back, and one in a hundred goes. Each time
/// has a look at the clock in it, which the floor's has too.
pub(crate) fn print(effort: Effort) {
    let peers = effort.flapping;
    let mut sides = ours::sides(peers);
    sides.extend(pingora_lists::sides(peers));
    sides.extend(tower_balance::sides(peers, 1));
    sides.extend(floor::sides(peers));
    let mut best = vec![([f64::INFINITY; 3], [f64::INFINITY; 3]); sides.len()];
    for _ in 0..if effort.jobs == 1 { 1 } else { TURNS } {
        for (side, (calm, flap)) in sides.iter().zip(&mut best) {
            better(calm, &turn(effort.tick * CALM_TICKS, &side.requests));
            if let Some(flip) = &side.flip {
                better(flap, &flapping(effort, side, flip));
            }
        }
    }
    for (Side { name, flip, .. }, (calm, flap)) in sides.iter().zip(&best) {
        for (nth, (_, calm_figure, flap_figure)) in QUANTILES.into_iter().enumerate() {
            let print = |figure, value| {
                Line { work: "flaps", name: *name, peers, threads: 1, figure, value }.print();
            };
            print(calm_figure, calm[nth]);
            if flip.is_some() {
                print(flap_figure, flap[nth]);
            }
        }
    }
}

fn better(best: &mut [f64; 3], times: &Histogram<u64>) {
    for (best, (quantile, ..)) in best.iter_mut().zip(QUANTILES) {
        *best = best.min(times.value_at_quantile(quantile) as f64);
    }
}

/// Single requests for so long, on a core of their own.
fn turn(length: Duration, requests: &Requests) -> Histogram<u64> {
    let work = || {
        turns::pin_to(0);
        let mut times = Histogram::new_with_max(60_000_000_000, 3).expect("up to a minute");
        let all = Instant::now();
        for nth in 0.. {
            let begun = Instant::now();
            requests(1, nth);
            let ended = Instant::now();
            times.saturating_record((ended - begun).as_nanos() as u64);
            if ended - all >= length {
                break;
            }
        }
        times
    };
    thread::scope(|scope| scope.spawn(work).join().expect("it does not panic"))
}

/// The same, while another thread has peers flap.
fn flapping(effort: Effort, side: &Side, flip: &Flip) -> Histogram<u64> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let flapper = scope.spawn(|| {
            turns::pin_to(1);
            flap(effort, flip, &stop);
        });
        let times = turn(effort.tick * FLAP_TICKS, &side.requests);
        stop.store(true, Ordering::Release);
        flapper.thread().unpark();
        times
    })
}

/// Has other peers flap at each tick, until it is told to stop; then all are back.
fn flap(effort: Effort, flip: &Flip, stop: &AtomicBool) {
    let each = effort.flapping / 100;
    let mut gone = 0..0;
    let mut due = Instant::now();
    while !stop.load(Ordering::Acquire) {
        let now = Instant::now();
        if now < due {
            thread::park_timeout(due - now);
            continue;
        }
        due += effort.tick;
        gone.clone().for_each(flip);
        let next = gone.end % effort.flapping;
        gone = next..(next + each).min(effort.flapping);
        gone.clone().for_each(flip);
    }
    gone.for_each(flip);
}
