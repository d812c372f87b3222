//! A set of small numbers that finds its next one.
//!
//! ```text
//!  level 1   1 0 1                       a bit for each word below: is any of it set?
//!  level 0   01000000  00000000  00010100    a bit for each number
//! ```
//!
//! The tree of van Emde Boas ("Preserving order in a forest in less than logarithmic time", 1975)
//! with words for nodes: finding the next number costs a step or two per level, which is one level
//! for 64 numbers, two for 4,096 and three for 262,144, however sparse the set.
//!
//! One writer at a time changes it while others read it without a lock. What a reader is told may be
//! out of date, and between two levels even contradict itself: it is a hint where to look. So the
//! accesses are relaxed, and nothing may hang on the answer but speed.

use crate::prefetch;
use crate::sync::{AtomicU64, Ordering};

/// The logarithm of how many numbers share a word: 64, and four under the model checker, where sets
/// are small.
const SHIFT: usize = if cfg!(loom) { 2 } else { 6 };
const BITS: usize = 1 << SHIFT;

/// How many levels there are at most: as many as 2³² numbers need.
const LEVELS: usize = if cfg!(loom) { 16 } else { 6 };

/// A set of numbers below its [capacity](Marks::capacity).
#[derive(Debug)]
pub(super) struct Marks {
    /// Those of level 0, which has the numbers' own bits, and so on up to a single word.
    words: Box<[AtomicU64]>,
    /// Where each level begins in `words`; from `levels` on, where the last one ends.
    begins: [u32; LEVELS + 1],
    levels: usize,
}

/// The word of a number, or of a word, and its bit there.
fn home(number: usize) -> (usize, u64) {
    (number >> SHIFT, 1 << (number & (BITS - 1)))
}

impl Marks {
    /// No numbers, with room for those below `capacity`.
    pub(super) fn new(capacity: usize) -> Self {
        let (mut begins, mut levels, mut end) = ([0; LEVELS + 1], 0, 0);
        let mut words = capacity;
        loop {
            words = words.div_ceil(BITS).max(1);
            end += words as u32;
            levels += 1;
            begins[levels..].fill(end);
            if words == 1 {
                let words = (0..end).map(|_| AtomicU64::new(0)).collect();
                return Self { words, begins, levels };
            }
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.begins[1] as usize * BITS
    }

    /// The same numbers with room for those below `capacity`, which must not be less.
    pub(super) fn enlarged(&self, capacity: usize) -> Self {
        let larger = Self::new(capacity);
        let mut from = 0;
        while let Some(number) = self.next(from) {
            larger.insert(number);
            from = number + 1;
        }
        larger
    }

    /// Asks for the word of a number that is about to be inserted or removed.
    pub(super) fn expect(&self, number: usize) {
        if let Some(word) = self.word(0, home(number).0) {
            prefetch::fetch(word);
        }
    }

    pub(super) fn insert(&self, number: usize) {
        let mut number = number;
        for level in 0..self.levels {
            let (word, bit) = home(number);
            let cell = self.word(level, word).expect("below the capacity");
            let before = cell.load(Ordering::Relaxed);
            cell.store(before | bit, Ordering::Relaxed);
            // The levels above know already that something is here.
            if before != 0 {
                return;
            }
            number = word;
        }
    }

    pub(super) fn remove(&self, number: usize) {
        let mut number = number;
        for level in 0..self.levels {
            let (word, bit) = home(number);
            let cell = self.word(level, word).expect("below the capacity");
            let after = cell.load(Ordering::Relaxed) & !bit;
            cell.store(after, Ordering::Relaxed);
            // Other numbers keep the levels above as they are.
            if after != 0 {
                return;
            }
            number = word;
        }
    }

    /// The least number from `from` on.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let mut from = from;
        for level in 0..self.levels {
            let (word, bit) = home(from);
            // Beyond the end of a level there is nothing above it either.
            let bits = self.word(level, word)?.load(Ordering::Relaxed);
            // Bits below that of `from` do not count: `bit - 1` has exactly those.
            let rest = bits & !(bit - 1);
            if rest != 0 {
                return self.least_under(level, (word << SHIFT) + rest.trailing_zeros() as usize);
            }
            // Nothing is left in this word: the level above knows the next one that has anything.
            from = word + 1;
        }
        None
    }

    /// The least number under the set bit `at` of a level.
    fn least_under(&self, level: usize, at: usize) -> Option<usize> {
        (0..level).rev().try_fold(at, |at, level| {
            let bits = self.word(level, at)?.load(Ordering::Relaxed);
            // Empty only if it is being changed.
            (bits != 0).then(|| (at << SHIFT) + bits.trailing_zeros() as usize)
        })
    }

    fn word(&self, level: usize, word: usize) -> Option<&AtomicU64> {
        let at = self.begins[level] as usize + word;
        if at < self.begins[level + 1] as usize { Some(&self.words[at]) } else { None }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rng::Rng;

    /// Sizes with one, two and three levels, up to and one beyond what a level has room for.
    const SIZES: [usize; 9] = [0, 1, 63, 64, 65, 4_095, 4_096, 4_097, 262_145];

    #[test]
    fn the_next_number_is_that_of_a_sorted_set() {
        let rng = Rng::seeded(1);
        for size in SIZES {
            let (marks, mut plain) = (Marks::new(size), BTreeSet::new());
            assert!(marks.capacity() >= size);
            for round in 0..if cfg!(miri) { 20 } else { 2_000 } {
                if size > 0 {
                    let number = rng.below(size);
                    if rng.below(3) == 0 {
                        marks.remove(number);
                        plain.remove(&number);
                    } else {
                        marks.insert(number);
                        plain.insert(number);
                    }
                }
                let from = rng.below(size + 2);
                let expected = plain.range(from..).next().copied();
                assert_eq!(marks.next(from), expected, "size {size}, round {round}, from {from}");
            }
        }
    }

    #[test]
    fn the_ends_of_words_are_found() {
        for size in SIZES.into_iter().filter(|&size| size > 0) {
            for number in [0, size / 2, size - 1] {
                let marks = Marks::new(size);
                marks.insert(number);
                assert_eq!(marks.next(0), Some(number), "{number} of {size}");
                assert_eq!(marks.next(number), Some(number), "{number} of {size}");
                assert_eq!(marks.next(number + 1), None, "{number} of {size}");
                marks.remove(number);
                assert_eq!(marks.next(0), None, "{number} of {size}");
            }
        }
    }

    #[test]
    fn enlarging_keeps_every_number() {
        let small = Marks::new(130);
        [0, 63, 64, 129].into_iter().for_each(|number| small.insert(number));
        let large = small.enlarged(70_000);
        large.insert(69_999);
        let mut found = vec![];
        while let Some(number) = large.next(found.last().map_or(0, |last| last + 1)) {
            found.push(number);
        }
        assert_eq!(found, [0, 63, 64, 129, 69_999]);
    }
}
