//! The least that a choice can cost: a bare loop over n cache lines.
//!
//! To count a request in flight somebody has to add 1 to a number and later subtract it again, and
//! the numbers of different peers must not share a cache line. A policy has to look at those it
//! compares, and has to draw them, or to take a ticket. That is all these loops do: there is no
//! status, no peer that could leave, no error.

use std::cell::Cell;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

/// One peer of the floor.
#[derive(Default)]
#[repr(align(64))]
struct Line(AtomicU64);

pub(crate) struct Floor {
    lines: Box<[Line]>,
    ticket: Line,
}

impl Floor {
    pub(crate) fn new(peers: usize) -> Self {
        Self { lines: (0..peers).map(|_| Line::default()).collect(), ticket: Line::default() }
    }

    /// One random line.
    pub(crate) fn random(&self, times: u64) {
        for _ in 0..times {
            let line = &self.lines[scale(draw() as u32, self.lines.len())].0;
            black_box(line.load(Ordering::Relaxed));
            Self::count(line);
        }
    }

    /// The lower of two different random lines.
    pub(crate) fn two_random(&self, times: u64) {
        for _ in 0..times {
            let bits = draw();
            let first = scale(bits as u32, self.lines.len());
            let mut second = scale((bits >> 32) as u32, self.lines.len() - 1);
            second += usize::from(second >= first);
            let (first, second) = (&self.lines[first].0, &self.lines[second].0);
            let first_is_lower = first.load(Ordering::Relaxed) <= second.load(Ordering::Relaxed);
            Self::count(if first_is_lower { first } else { second });
        }
    }

    /// The next line, by a counter that all threads share.
    pub(crate) fn round_robin(&self, times: u64) {
        for _ in 0..times {
            let ticket = self.ticket.0.fetch_add(1, Ordering::Relaxed);
            let line = &self.lines[(ticket % self.lines.len() as u64) as usize].0;
            black_box(line.load(Ordering::Relaxed));
            Self::count(line);
        }
    }

    fn count(line: &AtomicU64) {
        black_box(line).fetch_add(1, Ordering::Acquire);
        black_box(line).fetch_sub(1, Ordering::Release);
    }
}

thread_local! {
    static WORD: Cell<u64> = const { Cell::new(1) };
}

/// 64 random bits, by the generator that the policies use.
fn draw() -> u64 {
    WORD.with(|cell| {
        let word = cell.get().wrapping_add(0xa076_1d64_78bd_642f);
        cell.set(word);
        let product = u128::from(word) * u128::from(word ^ 0xe703_7ed1_a0b4_28db);
        (product >> 64) as u64 ^ product as u64
    })
}

fn scale(bits: u32, n: usize) -> usize {
    ((u64::from(bits) * n as u64) >> 32) as usize
}
