//! The least that a policy could do: bare loops over as many cache lines as there are peers.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

/// A peer's count, on a cache line of its own.
#[repr(align(64))]
struct Line(AtomicU64);

pub(crate) struct Floor {
    lines: Vec<Line>,
    cursor: Line,
}

/// A generator as cheap as the library's (Steele, Lea and Flood, with wyrand's multiply).
struct Draw(u64);

impl Draw {
    fn new() -> Self {
        let unique: u64 = 0;
        Self(std::ptr::from_ref(&unique) as u64)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.0) * u128::from(self.0 ^ 0xe703_7ed1_a0b4_28db);
        (product >> 64) as u64 ^ product as u64
    }
}

fn scale(bits: u32, n: usize) -> usize {
    ((u64::from(bits) * n as u64) >> 32) as usize
}

impl Floor {
    pub(crate) fn new(peers: usize) -> Self {
        let lines = (0..peers).map(|_| Line(AtomicU64::new(0))).collect();
        Self { lines, cursor: Line(AtomicU64::new(0)) }
    }

    fn count(line: &Line) {
        black_box(line.0.fetch_add(1, Ordering::AcqRel));
        black_box(line.0.fetch_sub(1, Ordering::AcqRel));
    }

    /// One line is drawn.
    pub(crate) fn one(&self, rounds: u64) {
        let mut draw = Draw::new();
        for _ in 0..rounds {
            let line = &self.lines[scale(draw.bits() as u32, self.lines.len())];
            black_box(line.0.load(Ordering::Relaxed));
            Self::count(line);
        }
    }

    /// The same with a compare-exchange in place of the addition, as a pin is.
    pub(crate) fn one_exchanged(&self, rounds: u64) {
        let mut draw = Draw::new();
        for _ in 0..rounds {
            let line = &self.lines[scale(draw.bits() as u32, self.lines.len())];
            let mut seen = line.0.load(Ordering::Relaxed);
            while let Err(now) =
                line.0.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Relaxed)
            {
                seen = now;
            }
            black_box(line.0.fetch_sub(1, Ordering::AcqRel));
        }
    }

    /// Two are, and the lesser is counted.
    pub(crate) fn two(&self, rounds: u64) {
        let mut draw = Draw::new();
        let n = self.lines.len();
        for _ in 0..rounds {
            let bits = draw.bits();
            let first = scale(bits as u32, n);
            let second = scale((bits >> 32) as u32, n - 1);
            let second = second + usize::from(second >= first);
            let (a, b) = (&self.lines[first], &self.lines[second]);
            let less = a.0.load(Ordering::Relaxed) <= b.0.load(Ordering::Relaxed);
            Self::count(if less { a } else { b });
        }
    }

    /// A shared counter instead of a draw.
    pub(crate) fn in_turn(&self, rounds: u64) {
        for _ in 0..rounds {
            let ticket = self.cursor.0.fetch_add(1, Ordering::Relaxed);
            let line = &self.lines[(ticket % self.lines.len() as u64) as usize];
            black_box(line.0.load(Ordering::Relaxed));
            Self::count(line);
        }
    }
}
