//! Nanoseconds of a core for each round, on one thread or several.
//!
//! Threads run for a while and count their rounds. What is told is the time for which they ran on a core,
//! for each round: so threads that wait for a core, as more threads than cores do, do not pay for that.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, OnceLock};
use std::thread;
use std::time::Duration;

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) repetitions: usize,
    pub(crate) window: Duration,
    /// How many requests a modelled core makes.
    pub(crate) requests: u64,
}

impl Effort {
    pub(crate) const FULL: Self =
        Self { repetitions: 9, window: Duration::from_millis(40), requests: 3_000 };
    pub(crate) const QUICK: Self =
        Self { repetitions: 1, window: Duration::from_millis(2), requests: 200 };
}

/// Rounds between two looks at whether the time is over.
const BATCH: u64 = 128;
/// What part of the cores the threads must have had.
const SHARE: f64 = 0.9;
/// How many windows are tried for each that is to count.
const PATIENCE: usize = 4;

/// How many there are.
pub(crate) fn cores() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    // As above `CORES` in `settle`.
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// Puts the thread on a core of its own, if there are enough.
pub(crate) fn settle(nth: usize) {
    // Asked before any thread is bound: a bound thread sees its own core only.
    static CORES: OnceLock<Vec<core_affinity::CoreId>> = OnceLock::new();
    let cores = CORES.get_or_init(|| core_affinity::get_core_ids().unwrap_or_default());
    if let Some(core) = cores.get(nth % cores.len().max(1)) {
        core_affinity::set_for_current(*core);
    }
}

/// How long this thread has run.
fn run_time() -> f64 {
    // SAFETY: two numbers, for which all zeros is a value.
    let mut time: libc::timespec = unsafe { std::mem::zeroed() };
    // SAFETY: it writes to where it is told.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(status, 0, "the clock of a thread");
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// The median of the windows in which the threads had the cores to themselves. Not a number if there was
/// none: threads that run one after the other never meet at a line.
pub(crate) fn cost(effort: Effort, threads: usize, work: &(impl Fn(usize, u64) + Sync)) -> f64 {
    let enough = SHARE * threads.min(cores()) as f64 * effort.window.as_nanos() as f64;
    let mut costs = vec![];
    for _ in 0..effort.repetitions * PATIENCE {
        let (ran, rounds) = window(effort, threads, work);
        if ran >= enough {
            costs.push(ran / rounds);
        }
        if costs.len() == effort.repetitions {
            break;
        }
    }
    if costs.is_empty() {
        eprintln!("the machine is busy: a figure is missing (NaN)");
        return f64::NAN;
    }
    median(&mut costs)
}

pub(crate) fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// How long all threads ran together, and their rounds.
fn window(effort: Effort, threads: usize, work: &(impl Fn(usize, u64) + Sync)) -> (f64, f64) {
    let (begins, over) = (Barrier::new(threads + 1), AtomicBool::new(false));
    let one = |nth: usize| {
        settle(nth);
        work(nth, BATCH);
        begins.wait();
        let (begun, mut rounds) = (run_time(), 0);
        // Relaxed: a sign to stop, and nothing else hangs on it.
        while !over.load(Ordering::Relaxed) {
            work(nth, BATCH);
            rounds += BATCH;
        }
        (run_time() - begun, rounds as f64)
    };
    let one = &one;
    thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|nth| scope.spawn(move || one(nth))).collect();
        begins.wait();
        thread::sleep(effort.window);
        over.store(true, Ordering::Relaxed);
        let runs = runs.into_iter().map(|run| run.join().expect("it does not panic"));
        runs.fold((0.0, 0.0), |all, run| (all.0 + run.0, all.1 + run.1))
    })
}
