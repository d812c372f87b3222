//! Times two loops in turn, on one thread or several, and takes the best of each.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) repetitions: u32,
    pub(crate) slice: Duration,
    /// The largest number of peers; the full run's is that of the targets.
    pub(crate) many: usize,
    pub(crate) instructions: bool,
}

impl Effort {
    pub(crate) const FULL: Self = Self {
        repetitions: 40,
        slice: Duration::from_millis(10),
        many: 100_000,
        instructions: true,
    };
    pub(crate) const QUICK: Self =
        Self { repetitions: 2, slice: Duration::from_millis(1), many: 2_000, instructions: false };
}

/// Runs a loop of so many rounds.
pub(crate) trait Rounds: Fn(u64) + Sync {}
impl<F: Fn(u64) + Sync> Rounds for F {}

/// Nanoseconds per round of each, the best of all repetitions.
pub(crate) fn paired(effort: Effort, threads: usize, a: impl Rounds, b: impl Rounds) -> (f64, f64) {
    let (rounds_a, rounds_b) = (calibrate(effort, &a), calibrate(effort, &b));
    let mut best = (f64::INFINITY, f64::INFINITY);
    for _ in 0..effort.repetitions {
        best.0 = best.0.min(time(threads, rounds_a, &a));
        best.1 = best.1.min(time(threads, rounds_b, &b));
    }
    best
}

/// How many rounds fill a slice.
fn calibrate(effort: Effort, work: &impl Rounds) -> u64 {
    let mut rounds = 1_000;
    loop {
        let begun = Instant::now();
        work(rounds);
        let took = begun.elapsed();
        if took * 4 >= effort.slice {
            let scaled = rounds as f64 * effort.slice.as_secs_f64() / took.as_secs_f64();
            return (scaled as u64).max(1_000);
        }
        rounds *= 2;
    }
}

/// Nanoseconds per round while every thread does so many: of the slowest.
fn time(threads: usize, rounds: u64, work: &impl Rounds) -> f64 {
    let barrier = Barrier::new(threads);
    let one = || {
        barrier.wait();
        let begun = Instant::now();
        work(rounds);
        begun.elapsed()
    };
    let slowest = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let mine = one();
        let joined = others.into_iter().map(|other| other.join().expect("the loop does not panic"));
        joined.fold(mine, Duration::max)
    });
    slowest.as_secs_f64() * 1e9 / rounds as f64
}

/// The shortest of several runs of each of two jobs that need a new start every time.
pub(crate) fn paired_jobs(
    times: u32,
    mut a: impl FnMut() -> Duration,
    mut b: impl FnMut() -> Duration,
) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..times {
        best.0 = best.0.min(a());
        best.1 = best.1.min(b());
    }
    best
}
