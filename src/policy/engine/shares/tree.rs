//! Some peers with their weights, as a tree whose every fork splits the turns that come to it.
//!
//! ```text
//!              18             sums of weights
//!          12 ╱  ╲ 6
//!        8 ╱╲ 4   6 ╱╲ 0
//!  leaf    0  1     2  3      a peer each, by the index of its slot
//! ```
//!
//! A leaf that stands for nothing weighs nothing, and no turn comes to it. So a peer that goes away and
//! comes back changes the forks above it, and the others keep their places and their numbers of turns.

use super::split::Split;
use crate::rng::Rng;
use crate::sync::{AtomicU64, Ordering};

/// A tree with a fixed number of leaves, a power of two. Written by one thread at a time, read by any:
/// see [`Split`].
#[derive(Debug)]
pub(super) struct Tree {
    /// By node: the root is 1, and the children of `n` are `2 n` and `2 n + 1`. The last half are leaves.
    sums: Box<[AtomicU64]>,
    /// By node, of those that are not leaves.
    splits: Box<[Split]>,
}

impl Tree {
    /// Leaves that weigh nothing, at least so many. `rng` says which of them begins.
    pub(super) fn new(leaves: usize, rng: &Rng) -> Self {
        let leaves = leaves.next_power_of_two();
        Self {
            sums: (0..2 * leaves).map(|_| AtomicU64::new(0)).collect(),
            splits: (0..leaves).map(|_| Split::right(rng.next())).collect(),
        }
    }

    pub(super) fn leaves(&self) -> usize {
        self.splits.len()
    }

    /// The same leaves, and more after them, at least `leaves` in all.
    pub(super) fn enlarged(&self, leaves: usize, rng: &Rng) -> Self {
        let larger = Self::new(leaves, rng);
        // The old root stands at the left end of its level: each level begins so much later.
        let factor = larger.leaves() / self.leaves();
        for node in 1..self.sums.len() {
            let level = 1 << node.ilog2();
            let there = node + level * (factor - 1);
            larger.sums[there].store(self.sum(node), Ordering::Relaxed);
            if node < self.leaves() {
                larger.splits[there].take_over(&self.splits[node]);
            }
        }
        let mut above = factor;
        while above > 1 {
            above /= 2;
            larger.sums[above].store(self.sum(1), Ordering::Relaxed);
            larger.splits[above].send_left(rng.next());
        }
        larger
    }

    fn sum(&self, node: usize) -> u64 {
        self.sums[node].load(Ordering::Relaxed)
    }

    /// What all leaves weigh.
    #[inline]
    pub(super) fn total(&self) -> u64 {
        self.sum(1)
    }

    /// What a leaf weighs.
    pub(super) fn weight(&self, leaf: usize) -> u64 {
        self.sum(self.leaves() + leaf)
    }

    /// Gives a leaf another weight. `turn` is the next one that comes to the tree.
    pub(super) fn set(&self, leaf: usize, weight: u64, mut turn: u64) {
        let leaves = self.leaves();
        let before = self.weight(leaf);
        let changed = |node: usize| self.sum(node) - before + weight;
        let mut node = 1;
        while node < leaves {
            let height = leaves.ilog2() - node.ilog2();
            let is_right = leaf >> (height - 1) & 1;
            let total = changed(node);
            let left = if is_right == 0 { changed(2 * node) } else { self.sum(2 * node) };
            turn = self.splits[node].set(left, total, turn)[is_right];
            self.sums[node].store(total, Ordering::Relaxed);
            node = 2 * node + is_right;
        }
        self.sums[node].store(weight, Ordering::Relaxed);
    }

    /// Whose turn it is.
    #[inline]
    pub(super) fn at_turn(&self, mut turn: u64) -> usize {
        let mut node = 1;
        while node < self.leaves() {
            let step = self.splits[node].step(turn);
            turn = step.turn;
            node = 2 * node + usize::from(!step.is_left);
        }
        node - self.leaves()
    }
}
