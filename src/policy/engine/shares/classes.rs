//! Trees of peers whose weights are alike, and the turns split between them.
//!
//! ```text
//!  turn ──▶ 64..127 ──▶ 8..15 ──▶ 1         a split for each class but the last
//!             │           │       │
//!            tree        tree    tree       weights within a factor of two
//! ```
//!
//! A turn that comes to a fork goes to one of two sides, which is one too many or one too few for a while.
//! On the way down such errors add up, but each counts only by the part that the peer has of what is
//! below the fork. In one tree a heavy peer has nearly all of it at fork after fork. Among peers of its
//! own kind it has half at the last fork, a quarter at the one before, and so on, which adds up to
//! one; and what is split off before a class is heavier yet. That is an argument and no
//! proof; what it comes to is measured in `tests/policies/weights.rs`.

use std::sync::Arc;

use super::split::Split;
use super::tree::Tree;
use crate::rng::Rng;
use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// The classes of weights from 1 to 65,535.
const CLASSES: usize = u16::BITS as usize;

/// The room of a first tree.
const FIRST_TREE: usize = if cfg!(loom) { 1 } else { 8 };

/// What choosers read, relaxed but for the trees: see [`Split`].
#[derive(Debug)]
pub(super) struct Classes {
    /// The lightest and the heaviest class that any peer has had.
    range: [AtomicUsize; 2],
    /// By class: it is on the left, and the lighter ones are on the right.
    splits: [Split; CLASSES],
    /// By class: null, or the last of `ClassBooks::trees`.
    trees: [AtomicPtr<Tree>; CLASSES],
}

/// What is written beside, by the one thread that changes the classes.
#[derive(Debug, Default)]
pub(super) struct ClassBooks {
    /// The last is in use; choosers may still read the others.
    trees: [Vec<Arc<Tree>>; CLASSES],
}

impl ClassBooks {
    fn total(&self, class: usize) -> u64 {
        self.trees[class].last().map_or(0, |tree| tree.total())
    }
}

impl Classes {
    pub(super) fn new(rng: &Rng) -> Self {
        Self {
            // None: lighter than the lightest.
            range: [CLASSES, 0].map(AtomicUsize::new),
            splits: std::array::from_fn(|_| Split::right(rng.next())),
            trees: std::array::from_fn(|_| AtomicPtr::default()),
        }
    }

    fn range(&self) -> (usize, usize) {
        let [lightest, heaviest] = self.range.each_ref().map(|end| end.load(Ordering::Relaxed));
        (lightest, heaviest)
    }

    #[inline]
    fn tree(&self, class: usize) -> Option<&Tree> {
        // SAFETY: null, or one of the books' trees, which live as long as these classes, in one struct.
        // Acquire pairs with `grow`: the tree's first contents.
        unsafe { self.trees.get(class)?.load(Ordering::Acquire).as_ref() }
    }

    /// The leaf whose turn it is.
    #[inline]
    pub(super) fn at_turn(&self, mut turn: u64) -> Option<usize> {
        let (lightest, mut class) = self.range();
        while class > lightest {
            let step = self.splits[class].step(turn);
            turn = step.turn;
            if step.is_left {
                break;
            }
            class -= 1;
        }
        Some(self.tree(class)?.at_turn(turn))
    }

    /// Gives a leaf another weight: 0 for none. `turn` is the next one.
    pub(super) fn set(
        &self,
        books: &mut ClassBooks,
        leaf: usize,
        [before, after]: [u16; 2],
        turn: u64,
        rng: &Rng,
    ) {
        if let Some(class) = class_of(before) {
            if class_of(after) != Some(class) {
                self.set_in(books, class, leaf, 0, turn);
            }
        }
        if let Some(class) = class_of(after) {
            self.grow(books, class, leaf + 1, rng);
            self.reach(class, rng);
            self.set_in(books, class, leaf, after, turn);
        }
    }

    /// Makes the class one of those that turns come to.
    fn reach(&self, class: usize, rng: &Rng) {
        let (lightest, heaviest) = self.range();
        if class < lightest {
            if lightest < CLASSES {
                // It was the last so far, and got all that came as it came.
                self.splits[lightest].send_left(rng.next());
            }
            self.range[0].store(class, Ordering::Relaxed);
        }
        self.range[1].store(heaviest.max(class), Ordering::Relaxed);
    }

    fn grow(&self, books: &mut ClassBooks, class: usize, leaves: usize, rng: &Rng) {
        let tree = match books.trees[class].last() {
            Some(tree) if tree.leaves() >= leaves => return,
            Some(tree) => tree.enlarged(leaves, rng),
            None => Tree::new(leaves.max(FIRST_TREE), rng),
        };
        let tree = Arc::new(tree);
        // Release pairs with `tree`.
        self.trees[class].store(Arc::as_ptr(&tree).cast_mut(), Ordering::Release);
        books.trees[class].push(tree);
    }

    fn set_in(&self, books: &ClassBooks, class: usize, leaf: usize, weight: u16, mut turn: u64) {
        let tree = books.trees[class].last().expect("the class has a tree");
        let before = tree.weight(leaf);
        let change = |total: u64| total - before + u64::from(weight);
        let (lightest, heaviest) = self.range();
        let mut total = change((lightest..=heaviest).map(|class| books.total(class)).sum());
        for above in (class.max(lightest + 1)..=heaviest).rev() {
            let mut own = books.total(above);
            if above == class {
                own = change(own);
            }
            let [left, right] = self.splits[above].set(own, total, turn);
            turn = if above == class { left } else { right };
            total -= own;
        }
        tree.set(leaf, weight.into(), turn);
    }
}

/// The class of a weight; 0 has none.
fn class_of(weight: u16) -> Option<usize> {
    weight.checked_ilog2().map(|class| class as usize)
}
