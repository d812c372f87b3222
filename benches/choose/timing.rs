//! Times two loops in turn, on one thread or several, and takes the best of each.

use std::hint;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use core_affinity::CoreId;

/// How much of the time all threads must have run for a repetition to count.
const OVERLAP: f64 = 0.8;

/// How many repetitions are tried for each that is to count.
const PATIENCE: u32 = 4;

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

/// Nanoseconds per round of each, the best of all repetitions; infinite if the machine was so busy
/// that the threads never ran together.
pub(crate) fn paired(effort: Effort, threads: usize, a: impl Rounds, b: impl Rounds) -> (f64, f64) {
    let (rounds_a, rounds_b) = (calibrate(effort, &a), calibrate(effort, &b));
    let mut best = (f64::INFINITY, f64::INFINITY);
    let mut counted = 0;
    for _ in 0..effort.repetitions * PATIENCE {
        let (a, b) = (time(threads, rounds_a, &a), time(threads, rounds_b, &b));
        if let (Some(a), Some(b)) = (a, b) {
            best = (best.0.min(a), best.1.min(b));
            counted += 1;
        }
        if counted == effort.repetitions {
            break;
        }
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

/// Nanoseconds per round while every thread does so many. `None`: they did not run at the same time.
///
/// Each thread has a core of its own and spins until all are there. Still one may be kept waiting by
/// the rest of the machine; threads that run one after the other never meet at a line, and where
/// contention costs more than waiting that would be the best time of all.
fn time(threads: usize, rounds: u64, work: &impl Rounds) -> Option<f64> {
    let missing = AtomicUsize::new(threads);
    // Asked before any thread is bound: a bound thread sees its own core only.
    static CORES: OnceLock<Vec<CoreId>> = OnceLock::new();
    let cores = CORES.get_or_init(|| core_affinity::get_core_ids().unwrap_or_default());
    let one = &|nth: usize| {
        if let Some(core) = cores.get(nth % cores.len().max(1)) {
            core_affinity::set_for_current(*core);
        }
        missing.fetch_sub(1, Ordering::AcqRel);
        while missing.load(Ordering::Acquire) > 0 {
            hint::spin_loop();
        }
        let begun = Instant::now();
        work(rounds);
        (begun, Instant::now())
    };
    let runs: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|nth| scope.spawn(move || one(nth))).collect();
        let mine = one(0);
        let others = others.into_iter().map(|other| other.join().expect("it does not panic"));
        others.chain([mine]).collect()
    });
    let begun = runs.iter().map(|run| run.0);
    let ended = runs.iter().map(|run| run.1);
    let span = ended.clone().max()?.duration_since(begun.clone().min()?);
    let shared = ended.min()?.saturating_duration_since(begun.max()?);
    (shared >= span.mul_f64(OVERLAP)).then(|| span.as_secs_f64() * 1e9 / rounds as f64)
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
