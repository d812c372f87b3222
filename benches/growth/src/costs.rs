//! What a cache line costs that another core wrote last.
//!
//! Two threads hand a block of lines to and fro: one does what it does to each line of it, then the other
//! does. What the second one's pass takes, less a pass over lines that it has already, is what the lines
//! cost, in the same kind of loop as a choice: an atomic operation a round, so that rounds do not overlap.

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::threads::{Effort, cost, median, settle};

/// A block that stays in the first cache of each core.
const LINES: usize = 256;

#[repr(align(128))]
#[derive(Default)]
struct Line(AtomicU64);

/// Nanoseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs {
    /// A line that another core wrote last is read, and then written by a compare-exchange.
    pub(crate) pin: f64,
    /// It is read.
    pub(crate) read: f64,
    /// A line that both have read is written.
    pub(crate) upgrade: f64,
    /// It is added to, without a look before.
    pub(crate) add: f64,
    /// One addition to the one line that two cores add to without a break, for each core.
    pub(crate) contended_add: f64,
    /// The same of a compare-exchange until it succeeds, and how many of them fail.
    pub(crate) contended_exchange: f64,
    pub(crate) failures: f64,
}

/// What a thread does to a line.
#[derive(Clone, Copy)]
enum Touch {
    /// Load, compare-exchange, subtraction.
    Pin,
    /// Load, and an atomic operation on a line of its own.
    Read,
    /// Addition and subtraction.
    Add,
}

impl Costs {
    pub(crate) fn measure(effort: Effort) -> Self {
        let (pin, _) = handed(effort, Touch::Pin, Touch::Pin);
        let (read, upgrade) = handed(effort, Touch::Pin, Touch::Read);
        let (add, _) = handed(effort, Touch::Add, Touch::Add);
        let line = Line::default();
        let contended_add = cost(effort, 2, &|_, rounds| {
            for _ in 0..rounds {
                black_box(line.0.fetch_add(1, Ordering::Relaxed));
            }
        });
        let (tried, failed) = (Line::default(), Line::default());
        let contended_exchange = cost(effort, 2, &|_, rounds| {
            let mut failures = 0;
            for _ in 0..rounds {
                while !exchange(&line.0) {
                    failures += 1;
                }
            }
            tried.0.fetch_add(rounds + failures, Ordering::Relaxed);
            failed.0.fetch_add(failures, Ordering::Relaxed);
        });
        let failures = failed.0.into_inner() as f64 / tried.0.into_inner().max(1) as f64;
        Self { pin, read, upgrade, add, contended_add, contended_exchange, failures }
    }

    pub(crate) fn print(&self) {
        println!("| what | ns |\n|---|---|");
        for (what, figure) in [
            (
                "load + compare-exchange + subtraction, a line that another core wrote last",
                self.pin,
            ),
            ("load of such a line", self.read),
            (
                "load + compare-exchange + subtraction, a line that both cores have read",
                self.upgrade,
            ),
            ("addition + subtraction, a line that another core wrote last", self.add),
            ("addition to one line, two threads at once, for each thread", self.contended_add),
            ("load + compare-exchange of one line, the same", self.contended_exchange),
        ] {
            println!("| {what} | {figure:.1} |");
        }
        println!("\n{:.1} % of those compare-exchanges fail.\n", self.failures * 100.0);
    }
}

fn exchange(word: &AtomicU64) -> bool {
    let seen = word.load(Ordering::Relaxed);
    word.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Relaxed).is_ok()
}

fn touch(line: &Line, how: Touch, own: &Line) {
    match how {
        Touch::Pin => {
            black_box(exchange(&line.0));
            black_box(line.0.fetch_sub(1, Ordering::AcqRel));
        }
        Touch::Read => {
            black_box(line.0.load(Ordering::Relaxed));
            black_box(own.0.fetch_add(1, Ordering::AcqRel));
        }
        Touch::Add => {
            black_box(line.0.fetch_add(1, Ordering::AcqRel));
            black_box(line.0.fetch_sub(1, Ordering::AcqRel));
        }
    }
}

/// The first thread does `first` to each line, the second one `second`, and then the first `first` again.
/// What a line costs the second more than one that it has, and what it costs the first after that.
fn handed(effort: Effort, first: Touch, second: Touch) -> (f64, f64) {
    let block: Vec<Line> = (0..LINES).map(|_| Line::default()).collect();
    let (block, turn) = (&block, &AtomicUsize::new(0));
    let passes = effort.repetitions * 40;
    let wait = &|wanted: usize| {
        while turn.load(Ordering::Acquire) != wanted {
            spin_loop();
        }
    };
    // No neighbour after the other, which would be fetched before it is asked for. 101 and 256 share no
    // factor.
    let pass = &|how: Touch, own: &Line| {
        let begun = Instant::now();
        for n in 0..LINES {
            touch(&block[n * 101 % LINES], how, own);
        }
        begun.elapsed().as_nanos() as f64 / LINES as f64
    };
    let (mut there, mut back) = thread::scope(|scope| {
        let other = scope.spawn(move || {
            settle(1);
            let own = Line::default();
            let mut there = vec![];
            for n in 0..passes {
                wait(2 * n + 1);
                let come = pass(second, &own);
                there.push(come - pass(second, &own));
                turn.store(2 * n + 2, Ordering::Release);
            }
            there
        });
        // A thread of its own too: the one that is here already stays free.
        let this = scope.spawn(move || {
            settle(0);
            let own = Line::default();
            let mut back = vec![];
            for n in 0..passes {
                wait(2 * n);
                let come = pass(first, &own);
                back.push(come - pass(first, &own));
                turn.store(2 * n + 1, Ordering::Release);
            }
            back
        });
        (other.join().expect("it does not panic"), this.join().expect("it does not panic"))
    });
    // The first pass of all is over lines that no thread has written.
    back.remove(0);
    (median(&mut there).max(0.0), median(&mut back).max(0.0))
}
