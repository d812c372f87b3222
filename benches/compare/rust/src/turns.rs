//! Sides take turns, a slice of time each, on one thread or several; the best slice of each counts.

use std::hint;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use core_affinity::CoreId;

use crate::side::{Requests, Side};

/// How many slices are tried for each that is to count.
const PATIENCE: u32 = 4;

/// How much longer a slice is if threads share cores, so that each gets its turn several times, and
/// by how much fewer slices there are.
const SHARED: u32 = 6;
const SHARED_FEWER: u32 = 3;

/// How much of the time a thread must have had its core.
const RAN: f64 = 0.9;

/// How long a thread works between two looks at the clock.
const CHUNK: Duration = Duration::from_micros(20);

/// How long to measure, and how much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) repetitions: u32,
    pub(crate) slice: Duration,
    /// Whether a slice counts only if no thread was kept waiting. A smoke test takes what it gets.
    strict: bool,
    /// Sizes of a list.
    pub(crate) sizes: &'static [usize],
    /// Peers of a list of which one in a hundred flaps, and how often.
    pub(crate) flapping: usize,
    pub(crate) tick: Duration,
    /// Peers of a very large list, and how often it is filled and emptied.
    pub(crate) many: usize,
    pub(crate) jobs: u32,
    /// The most callers that wait at the same time.
    pub(crate) waiters: usize,
}

impl Effort {
    pub(crate) const FULL: Self = Self {
        repetitions: 20,
        slice: Duration::from_millis(8),
        strict: true,
        sizes: &[10, 1_000, 10_000],
        flapping: 10_000,
        tick: Duration::from_millis(100),
        many: 100_000,
        jobs: 7,
        waiters: 10_000,
    };
    pub(crate) const QUICK: Self = Self {
        repetitions: 1,
        slice: Duration::from_millis(1),
        strict: false,
        sizes: &[10],
        flapping: 200,
        tick: Duration::from_millis(1),
        many: 500,
        jobs: 1,
        waiters: 50,
    };
}

/// Nanoseconds per request of each side; infinite if the machine was so busy that the threads never
/// ran together.
pub(crate) fn best(effort: Effort, threads: usize, sides: &[Side]) -> Vec<f64> {
    let chunks: Vec<_> = sides.iter().map(|side| calibrate(&side.requests)).collect();
    let mut best = vec![(f64::INFINITY, 0); sides.len()];
    let fewer = if threads > cores().len() { SHARED_FEWER } else { 1 };
    let repetitions = effort.repetitions.div_ceil(fewer);
    for _ in 0..repetitions * PATIENCE {
        for ((side, &chunk), (best, counted)) in sides.iter().zip(&chunks).zip(&mut best) {
            if *counted == repetitions {
                continue;
            }
            if let Some(took) = slice(effort, threads, chunk, &side.requests) {
                *best = best.min(took);
                *counted += 1;
            }
        }
    }
    best.into_iter().map(|(best, _)| best).collect()
}

/// How many requests fill a chunk.
fn calibrate(requests: &Requests) -> u64 {
    let mut rounds = 16;
    loop {
        let begun = Instant::now();
        requests(rounds, 0);
        if begun.elapsed() >= CHUNK {
            return rounds;
        }
        rounds *= 2;
    }
}

/// What one thread did.
struct Run {
    begun: Instant,
    ended: Instant,
    rounds: u64,
    preempted: bool,
}

/// Nanoseconds per request of one thread, while all make requests. `None`: not all ran.
///
/// Each thread has a core of its own, as far as there are, and begins when all are there. A thread
/// that the machine keeps waiting lets the others meet fewer rivals at a line, and where contention
/// costs more than waiting that would be the best time of all.
fn slice(effort: Effort, threads: usize, chunk: u64, requests: &Requests) -> Option<f64> {
    let cores = cores().len().max(1);
    let shared = threads > cores;
    let length = if shared { effort.slice * SHARED } else { effort.slice };
    let missing = AtomicUsize::new(threads);
    let one = &|nth: usize| {
        pin_to(nth);
        missing.fetch_sub(1, Ordering::AcqRel);
        while missing.load(Ordering::Acquire) > 0 {
            if shared {
                thread::yield_now();
            } else {
                hint::spin_loop();
            }
        }
        let mut rounds = 0;
        // Threads far apart, so that they do not walk over the same keys side by side.
        let first = (nth as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let before = Usage::now();
        let begun = Instant::now();
        loop {
            requests(chunk, first.wrapping_add(rounds));
            rounds += chunk;
            let ended = Instant::now();
            if ended - begun >= length {
                let preempted = before.preempted_since(ended - begun);
                return Run { begun, ended, rounds, preempted };
            }
        }
    };
    let runs: Vec<Run> = thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|nth| scope.spawn(move || one(nth))).collect();
        runs.into_iter().map(|run| run.join().expect("it does not panic")).collect()
    });
    let begun = runs.iter().map(|run| run.begun);
    let ended = runs.iter().map(|run| run.ended);
    let span = ended.clone().max()?.duration_since(begun.clone().min()?);
    let together = ended.min()?.saturating_duration_since(begun.max()?);
    let ran = if shared {
        together >= span.mul_f64(0.5)
    } else {
        together >= span.mul_f64(RAN) && !runs.iter().any(|run| run.preempted)
    };
    let rounds: u64 = runs.iter().map(|run| run.rounds).sum();
    let each = span.as_secs_f64() * 1e9 * threads as f64 / rounds as f64;
    (ran || !effort.strict).then_some(each)
}

/// The machine's cores, asked before any thread is bound: a bound thread sees its own only.
fn cores() -> &'static [CoreId] {
    static CORES: OnceLock<Vec<CoreId>> = OnceLock::new();
    CORES.get_or_init(|| core_affinity::get_core_ids().unwrap_or_default())
}

/// Puts this thread on the nth core. Threads that it starts are put there too.
pub(crate) fn pin_to(nth: usize) {
    let cores = cores();
    if let Some(core) = cores.get(nth % cores.len().max(1)) {
        core_affinity::set_for_current(*core);
    }
}

/// What a thread had of the machine.
struct Usage {
    ran: Duration,
    /// How often its core was taken away. A thread that waits for a lock gives it up itself.
    preemptions: i64,
}

impl Usage {
    /// Of this thread, so far.
    #[cfg(target_os = "linux")]
    fn now() -> Self {
        // SAFETY: The numbers are plain, and all zeros are some.
        let (mut usage, mut ran): (libc::rusage, libc::timespec) = unsafe { std::mem::zeroed() };
        // SAFETY: The places are there for it to write to.
        unsafe {
            libc::getrusage(libc::RUSAGE_THREAD, &raw mut usage);
            libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut ran);
        }
        let ran = Duration::new(ran.tv_sec as u64, ran.tv_nsec as u32);
        Self { ran, preemptions: usage.ru_nivcsw }
    }

    /// Where the system does not say, every thread counts as one that ran.
    #[cfg(not(target_os = "linux"))]
    fn now() -> Self {
        Self { ran: Duration::ZERO, preemptions: 0 }
    }

    /// Whether this thread lost its core since, for a good part of the time that went by.
    fn preempted_since(&self, time: Duration) -> bool {
        let now = Self::now();
        now.preemptions > self.preemptions && now.ran - self.ran < time.mul_f64(RAN)
    }
}
