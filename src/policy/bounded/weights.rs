//! The weights of the peers that can be chosen, where they differ: a bound is on a peer's share, and
//! that is by weight.
//!
//! The rule's own index hears of all changes by way of this one, which keeps a sum beside it.

use std::fmt;

use super::rule::Rule;
use crate::roster::{About, Entry, Guarded, Index, Locked, Roster};
use crate::slot::SlotRef;
use crate::sync::{AtomicU64, Ordering};

/// A rule, and what the peers weigh that it may choose.
pub(super) struct Weighed {
    pub(super) rule: Box<dyn Rule>,
    /// In sum; 0 while all weigh the same. Relaxed, all of it: a number that is a little out of date
    /// moves a limit, as a count of peers does.
    sum: AtomicU64,
    books: Guarded<Books>,
}

/// What is changed under the roster's mutex.
#[derive(Debug, Default)]
struct Books {
    /// By slot index: the weight of a peer that can be chosen, or 0.
    each: Vec<u16>,
    sum: u64,
    /// How many can be chosen, and the sum of the squares of their weights: those are alike if and only
    /// if the square of the sum is as much as the squares of so many.
    peers: u64,
    squares: u128,
}

impl Weighed {
    pub(super) fn new(rule: Box<dyn Rule>) -> Self {
        Self { rule, sum: AtomicU64::new(0), books: Guarded::default() }
    }

    /// The sum of the weights; `None` while they are alike.
    #[inline]
    pub(super) fn sum(&self) -> Option<u64> {
        Some(self.sum.load(Ordering::Relaxed)).filter(|sum| *sum != 0)
    }

    fn weigh(&self, locked: &mut Locked<'_>, peer: Entry<'_>, weight: impl FnOnce(u16) -> u16) {
        self.books.with(locked, |books| {
            books.weigh(peer.slot().index() as usize, weight);
            self.sum.store(books.told(), Ordering::Relaxed);
        });
    }
}

impl Books {
    fn weigh(&mut self, index: usize, weight: impl FnOnce(u16) -> u16) {
        if self.each.len() <= index {
            self.each.resize(index + 1, 0);
        }
        let before = self.each[index];
        let after = weight(before);
        self.each[index] = after;
        let square = |weight: u16| u128::from(weight) * u128::from(weight);
        self.sum = self.sum + u64::from(after) - u64::from(before);
        self.squares = self.squares + square(after) - square(before);
        self.peers = self.peers + u64::from(after != 0) - u64::from(before != 0);
    }

    /// What choices are told.
    fn told(&self) -> u64 {
        let sum = u128::from(self.sum);
        // Cauchy's and Schwarz's inequality, which is one where the weights are alike.
        if sum * sum == self.squares * u128::from(self.peers) { 0 } else { self.sum }
    }
}

impl Index for Weighed {
    fn attach(&self, roster: &Roster) -> bool {
        let serves = self.rule.index().is_none_or(|index| index.get().attach(roster));
        self.books.attach(roster) && serves
    }

    fn expect(&self, locked: &mut Locked<'_>, peer: SlotRef) {
        if let Some(index) = self.rule.index() {
            index.get().expect(locked, peer);
        }
    }

    fn joined(&self, locked: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        if let Some(index) = self.rule.index() {
            index.get().joined(locked, peer, about);
        }
    }

    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.weigh(locked, peer, |_| peer.weight());
        if let Some(index) = self.rule.index() {
            index.get().up(locked, peer);
        }
    }

    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.weigh(locked, peer, |_| 0);
        if let Some(index) = self.rule.index() {
            index.get().down(locked, peer);
        }
    }

    fn reattributed(&self, locked: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        // One that cannot be chosen weighs nothing.
        let weight = about.attributes.weight.max(1);
        self.weigh(locked, peer, |before| if before == 0 { 0 } else { weight });
        if let Some(index) = self.rule.index() {
            index.get().reattributed(locked, peer, about);
        }
    }

    fn left(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        if let Some(index) = self.rule.index() {
            index.get().left(locked, peer);
        }
    }

    fn reserve(&self, locked: &mut Locked<'_>, more: usize) {
        if let Some(index) = self.rule.index() {
            index.get().reserve(locked, more);
        }
    }

    fn after_status(&self) {
        if let Some(index) = self.rule.index() {
            index.get().after_status();
        }
    }

    fn after_batch(&self) -> bool {
        self.rule.index().is_some_and(|index| index.get().after_batch())
    }
}

impl fmt::Debug for Weighed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Books;

    #[test]
    fn weights_are_told_of_where_they_differ() {
        let mut books = Books::default();
        for (index, weight, told) in [
            (0, 3, 0),
            (2, 3, 0),
            (1, 4, 10),
            (1, 3, 0),
            (5, u16::MAX, 9 + 65_535),
            (0, 0, 6 + 65_535),
            (5, 0, 0),
            (1, 0, 0),
            (2, 0, 0),
        ] {
            books.weigh(index, |_| weight);
            assert_eq!(books.told(), told, "{index} {weight}");
        }
        books.weigh(9, |before| if before == 0 { 0 } else { 7 });
        assert_eq!((books.peers, books.sum, books.squares), (0, 0, 0));
    }
}
