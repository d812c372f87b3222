//! Timing: two loops that take turns, the best of each.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// How much time to spend.
pub(crate) struct Effort {
    pub(crate) repetitions: usize,
    pub(crate) repetition: Duration,
    /// The sizes of the lists that are chosen from.
    pub(crate) sizes: &'static [usize],
    /// The size of a large list.
    pub(crate) many: usize,
    /// How often something slow is repeated.
    pub(crate) rounds: usize,
}

impl Effort {
    pub(crate) fn thorough() -> Self {
        Self {
            repetitions: 25,
            repetition: Duration::from_millis(10),
            sizes: &[10, 1_000, 10_000],
            many: 100_000,
            rounds: 5,
        }
    }

    pub(crate) fn quick() -> Self {
        Self {
            repetitions: 3,
            repetition: Duration::from_millis(1),
            sizes: &[10, 1_000],
            many: 2_000,
            rounds: 1,
        }
    }
}

/// Something to be done many times, by each of several threads.
pub(crate) trait Work: Sync {
    fn repeat(&self, times: u64);
}

impl<F: Fn(u64) + Sync> Work for F {
    fn repeat(&self, times: u64) {
        self(times);
    }
}

/// The nanoseconds of one turn of each, at best.
pub(crate) fn alternate<const N: usize>(
    works: [&dyn Work; N],
    threads: usize,
    effort: &Effort,
) -> [f64; N] {
    let times = works.map(|work| calibrate(work, effort.repetition));
    let mut best = [f64::INFINITY; N];
    for _ in 0..effort.repetitions {
        for n in 0..N {
            let took = run(works[n], times[n], threads);
            best[n] = best[n].min(took.as_nanos() as f64 / times[n] as f64);
        }
    }
    best
}

/// How many turns fill `repetition`.
fn calibrate(work: &dyn Work, repetition: Duration) -> u64 {
    let mut times = 64;
    loop {
        let took = run(work, times, 1);
        if took > repetition / 4 {
            let scale = repetition.as_secs_f64() / took.as_secs_f64();
            return ((times as f64 * scale) as u64).max(1);
        }
        times *= 4;
    }
}

/// How long `threads` take that begin together, each with all the `times`.
fn run(work: &dyn Work, times: u64, threads: usize) -> Duration {
    let alone = || {
        let begun = Instant::now();
        black_box(work).repeat(times);
        begun.elapsed()
    };
    if threads == 1 {
        return alone();
    }
    let barrier = Barrier::new(threads);
    thread::scope(|scope| {
        let begin = || {
            // The first turn of a thread seeds its generator.
            work.repeat(64);
            barrier.wait();
            alone()
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(begin)).collect();
        let took = running.into_iter().map(|thread| thread.join().expect("a benchmark thread"));
        took.max().expect("at least one thread")
    })
}
