//! What a cache line costs that another core wrote last.
//!
//! Two threads hand a block of lines to and fro: one does what it does to each line of it, then the other
//! does. What the second one's pass takes, less a pass over lines that it has already, is what the lines
//! cost, in the same kind of loop as a choice: an atomic operation a round, so that rounds do not overlap.

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::model;
use crate::shapes;
use crate::shared::ONE_LINE;
use crate::threads::{Effort, cost, median, settle};

/// A block that stays in the first cache of each core.
const LINES: usize = 128;

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
    /// How much longer each of two threads takes that share no line: 1 where each has a core, more where
    /// both run on one.
    pub(crate) together: f64,
    /// For what part of the time for which another core waits for a line it is still here: so that the
    /// model's addition to one line takes what was measured.
    pub(crate) stays: f64,
    /// Whether a line that comes brings its neighbour: told by slots of 64 bytes beside those of 128.
    pub(crate) pairs: bool,
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
    /// What is usual between cores of one processor that share its last cache: for predictions where
    /// the two threads that can be measured run on one core.
    pub(crate) const USUAL: Self = Self {
        pin: 50.0,
        read: 40.0,
        upgrade: 40.0,
        add: 45.0,
        contended_add: 40.0,
        contended_exchange: 100.0,
        failures: 0.3,
        together: 1.0,
        stays: 0.4,
        pairs: true,
    };

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
        let own: [Line; 2] = Default::default();
        let private = |nth: usize, rounds: u64| {
            for _ in 0..rounds {
                touch(&own[nth % 2], Touch::Pin, &own[nth % 2]);
            }
        };
        let together = cost(effort, 2, &private) / cost(effort, 1, &private);
        let one = Line::default();
        let alone = cost(effort, 1, &|_, rounds| {
            for _ in 0..rounds {
                black_box(one.0.fetch_add(1, Ordering::Relaxed));
            }
        });
        let mut costs = Self {
            pin,
            read,
            upgrade,
            add,
            contended_add,
            contended_exchange,
            failures,
            together: together.max(1.0),
            stays: 0.0,
            pairs: shapes::fetches_pairs(effort),
        };
        costs.stays = costs.fitted(alone);
        costs
    }

    /// Halves the distance until the model says what was measured.
    fn fitted(self, alone: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..20 {
            let stays = f64::midpoint(low, high);
            let costs = Self { stays, ..self };
            let predicted = model::cost(&ONE_LINE, &costs, 1, 2, alone, 3_000);
            // The longer it stays, the more additions are made meanwhile.
            *(if predicted > self.contended_add { &mut low } else { &mut high }) = stays;
        }
        low
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
        let (failures, together) = (self.failures * 100.0, self.together);
        println!("\n{failures:.1} % of those compare-exchanges fail.");
        let stays = self.stays * 100.0;
        println!("So a line that is asked for stays for {stays:.0} % of that time.");
        if self.pairs {
            println!("A line that comes brings the other one of its 128 bytes.");
        }
        println!("Two threads that share no line take {together:.2} times as long as one.");
        if together > 1.3 {
            println!("So they run on one core, and lines need not travel.");
        }
        println!();
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
    // No neighbour after the other, which would be fetched before it is asked for. 101 and 128 share no
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
