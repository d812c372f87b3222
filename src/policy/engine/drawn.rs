//! The available peers for drawing at random: each as likely as the others, or by weight.
//!
//! As long as all that are available weigh the same, this is [`Dense`] and a count of weights. When they
//! first differ a tree of sums is built, and kept from then on:
//!
//! ```text
//!              18
//!          12 ╱  ╲ 6         a number below 18 leads to a leaf: left if it is less than what is
//!        8 ╱╲ 4   6 ╱╲ 0     there, else right with the rest
//!  leaf    0  1     2  3     a peer each, by the index of its slot
//! ```
//!
//! A status change or another weight changes the sums above one leaf. Who draws meanwhile may be led to
//! a peer that is not available, and draws again.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::dense::Dense;
use super::leaves::{Leaves, Reweighed, reattributed};
use crate::rng::Rng;
use crate::roster::{About, Entry, Guarded, Index, Locked, Roster, Table, View};
use crate::sync::{AtomicBool, AtomicPtr, AtomicU64, Ordering};

/// The available peers, for a policy that draws some at random.
#[derive(Default)]
pub(crate) struct Drawn {
    pub(crate) dense: Dense,
    /// Whether weights differ.
    differ: AtomicBool,
    /// Null, or the last of `Books::sums`.
    sums: AtomicPtr<Sums>,
    /// The slots that peers have or had, each at its index.
    table: Table,
    books: Guarded<Books>,
}

#[derive(Default)]
struct Books {
    leaves: Leaves,
    /// The last is in use; choosers may still read the others.
    sums: Vec<Arc<Sums>>,
    /// How many available peers have each weight.
    kinds: BTreeMap<u16, usize>,
}

/// Sums of weights, by node: the root is 1, the children of `n` are `2 n` and `2 n + 1`, and the last
/// half are leaves. Relaxed: a number that is read while it is changed leads to another leaf.
#[derive(Debug)]
struct Sums(Box<[AtomicU64]>);

impl Sums {
    fn of(weights: &[u16]) -> Self {
        let leaves = weights.len().next_power_of_two();
        let mut sums = vec![0; 2 * leaves];
        for (leaf, &weight) in weights.iter().enumerate() {
            sums[leaves + leaf] = u64::from(weight);
        }
        for node in (1..leaves).rev() {
            sums[node] = sums[2 * node] + sums[2 * node + 1];
        }
        Self(sums.into_iter().map(AtomicU64::new).collect())
    }

    fn leaves(&self) -> usize {
        self.0.len() / 2
    }

    fn get(&self, node: usize) -> u64 {
        self.0[node].load(Ordering::Relaxed)
    }

    fn set(&self, leaf: usize, weight: u16) {
        let mut node = self.leaves() + leaf;
        let before = self.get(node);
        while node > 0 {
            let sum = self.get(node) - before + u64::from(weight);
            self.0[node].store(sum, Ordering::Relaxed);
            node /= 2;
        }
    }

    /// The leaf at `place` among all weights in a row, and where its own begins there.
    #[inline]
    fn find(&self, place: u64) -> (usize, u64) {
        let (mut node, mut rest) = (1, place);
        while node < self.leaves() {
            let left = self.get(2 * node);
            let is_right = rest >= left;
            rest -= if is_right { left } else { 0 };
            node = 2 * node + usize::from(is_right);
        }
        (node - self.leaves(), place - rest)
    }
}

/// Peers of different weights, as one choice finds them.
#[derive(Clone, Copy)]
pub(crate) struct ByWeight<'r> {
    sums: &'r Sums,
    view: View<'r>,
    total: u64,
}

/// A peer that was drawn by weight, and what it has of all weights.
pub(crate) struct Hit<'r> {
    pub(crate) peer: Option<Entry<'r>>,
    begin: u64,
    weight: u64,
}

impl<'r> ByWeight<'r> {
    /// Any peer.
    #[inline]
    pub(crate) fn any(self, rng: &Rng) -> Hit<'r> {
        self.at(scaled(rng, self.total))
    }

    /// Any other peer. None, if there is none.
    #[inline]
    pub(crate) fn other_than(self, hit: &Hit<'r>, rng: &Rng) -> Option<Entry<'r>> {
        let others = self.total.saturating_sub(hit.weight);
        if others == 0 {
            return None;
        }
        // From the one that was hit on, the others are further by its weight.
        let place = scaled(rng, others);
        self.at(place + if place >= hit.begin { hit.weight } else { 0 }).peer
    }

    #[inline]
    fn at(self, place: u64) -> Hit<'r> {
        let (leaf, begin) = self.sums.find(place);
        let weight = self.sums.get(self.sums.leaves() + leaf);
        // A tree has more leaves than there are slots.
        let slot = if leaf < self.view.len() { self.view.get(leaf) } else { None };
        Hit { peer: slot.map(Entry::of), begin, weight }
    }
}

/// A random number below `n`, or 0.
#[inline]
fn scaled(rng: &Rng, n: u64) -> u64 {
    ((u128::from(rng.next()) * u128::from(n)) >> 64) as u64
}

impl Drawn {
    /// The peers of `roster` by weight, if weights differ.
    #[inline]
    pub(crate) fn by_weight<'r>(&'r self, roster: &'r Roster) -> Option<ByWeight<'r>> {
        // Relaxed: a moment later is soon enough.
        if !self.differ.load(Ordering::Relaxed) || !self.books.serves(roster) {
            return None;
        }
        // SAFETY: null, or one of the books' sums, which live as long as this. Acquire pairs with
        // `build`: the first contents.
        let sums = unsafe { self.sums.load(Ordering::Acquire).as_ref() }?;
        let total = sums.get(1);
        (total > 0).then(|| ByWeight { sums, view: self.table.view(), total })
    }

    fn weigh(&self, locked: &mut Locked<'_>, peer: Entry<'_>, weight: impl FnOnce(u16) -> u16) {
        self.books.with(locked, |books| {
            let Some(reweighed) = books.leaves.weigh(&self.table, peer, weight) else { return };
            books.count(&reweighed);
            let differ = books.kinds.len() > 1;
            match books.sums.last() {
                Some(sums) if sums.leaves() > reweighed.leaf => {
                    sums.set(reweighed.leaf, reweighed.after);
                }
                None if !differ => {}
                _ => self.build(books),
            }
            self.differ.store(differ, Ordering::Relaxed);
        });
    }

    fn build(&self, books: &mut Books) {
        let sums = Arc::new(Sums::of(books.leaves.weights()));
        // Release pairs with `by_weight`.
        self.sums.store(Arc::as_ptr(&sums).cast_mut(), Ordering::Release);
        books.sums.push(sums);
    }
}

impl Books {
    fn count(&mut self, &Reweighed { before, after, .. }: &Reweighed) {
        if after != 0 {
            *self.kinds.entry(after).or_insert(0) += 1;
        }
        if let Some(count) = self.kinds.get_mut(&before) {
            *count -= 1;
            if *count == 0 {
                self.kinds.remove(&before);
            }
        }
    }
}

impl Index for Drawn {
    fn attach(&self, roster: &Roster) -> bool {
        self.books.attach(roster) && self.dense.attach(roster)
    }

    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.weigh(locked, peer, |_| peer.weight());
        self.dense.up(locked, peer);
    }

    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.dense.down(locked, peer);
        self.weigh(locked, peer, |_| 0);
    }

    fn reserve(&self, locked: &mut Locked<'_>, more: usize) {
        self.dense.reserve(locked, more);
    }

    fn reattributed(&self, locked: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.weigh(locked, peer, reattributed(about));
    }
}

impl fmt::Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.dense, f)
    }
}
