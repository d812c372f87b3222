//! The least that a policy could do: bare loops over as many cache lines as there are peers, as in
//! `benches/choose/floor.rs`. They draw as many lines as the policy does, load them, add 1 to one and
//! subtract it again.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::side::{Name, Requests, Side};

/// A peer's count, on a cache line of its own.
#[repr(align(64))]
struct Count(AtomicU64);

struct Floor {
    lines: Vec<Count>,
    cursor: Count,
}

/// A generator as cheap as the library's (Steele, Lea and Flood, with wyrand's multiply).
struct Draw(u64);

impl Draw {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.0) * u128::from(self.0 ^ 0xe703_7ed1_a0b4_28db);
        (product >> 64) as u64 ^ product as u64
    }
}

fn scale(bits: u32, n: usize) -> usize {
    ((u64::from(bits) * n as u64) >> 32) as usize
}

fn count(line: &Count) {
    black_box(line.0.fetch_add(1, Ordering::AcqRel));
    black_box(line.0.fetch_sub(1, Ordering::AcqRel));
}

impl Floor {
    fn one(&self, rounds: u64, first: u64) {
        let mut draw = Draw(first);
        for _ in 0..rounds {
            let line = &self.lines[scale(draw.bits() as u32, self.lines.len())];
            black_box(line.0.load(Ordering::Relaxed));
            count(line);
        }
    }

    fn two(&self, rounds: u64, first: u64) {
        let mut draw = Draw(first);
        let n = self.lines.len();
        for _ in 0..rounds {
            let bits = draw.bits();
            let first = scale(bits as u32, n);
            let second = scale((bits >> 32) as u32, n - 1);
            let second = second + usize::from(second >= first);
            let (a, b) = (&self.lines[first], &self.lines[second]);
            let less = a.0.load(Ordering::Relaxed) <= b.0.load(Ordering::Relaxed);
            count(if less { a } else { b });
        }
    }

    fn in_turn(&self, rounds: u64) {
        for _ in 0..rounds {
            let ticket = self.cursor.0.fetch_add(1, Ordering::Relaxed);
            let line = &self.lines[(ticket % self.lines.len() as u64) as usize];
            black_box(line.0.load(Ordering::Relaxed));
            count(line);
        }
    }
}

/// A loop for each policy that has one, over lines of its own.
pub(crate) fn sides(peers: usize) -> Vec<Side> {
    let side = |policy, requests: fn(&Floor, u64, u64)| {
        let lines = (0..peers).map(|_| Count(AtomicU64::new(0))).collect();
        let floor = Arc::new(Floor { lines, cursor: Count(AtomicU64::new(0)) });
        let requests: Requests = Box::new(move |rounds, first| requests(&floor, rounds, first));
        Side { name: Name { side: "floor", policy, counts: true }, requests, flip: None }
    };
    vec![
        side("random", Floor::one),
        side("two-random-choices", Floor::two),
        side("round-robin", |floor, rounds, _| floor.in_turn(rounds)),
    ]
}
