//! Which of very many has a name: an index of numbers, by a hash of each name.
//!
//! A cell is 8 bytes: half a hash, and the number of what has the name: of a member in a list's table,
//! of a record in a transport's registry. The names themselves are there, where the caller compares
//! them; so a name is hashed once for all that is done with it, and the index grows without reading
//! any.
//!
//! Cells are probed one after the other from the one that the hash names, and a removal moves back
//! those that it would cut off, so there are no marks of what was removed to skip or to clear.

use std::hash::{BuildHasher, RandomState};

/// The number of nothing.
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Cell {
    hash: u32,
    number: u32,
}

const EMPTY: Cell = Cell { hash: 0, number: NONE };

/// A name's hash, by the index that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(u32);

/// Numbers, by the names of what they stand for.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// As many as a power of two, of which at least one in five is empty; none at first.
    cells: Box<[Cell]>,
    used: usize,
    /// Secret: names come from outside, and may be chosen so that they would collide.
    keys: RandomState,
}

impl Names {
    pub(crate) fn hash(&self, name: &str) -> Hash {
        Hash(self.keys.hash_one(name) as u32)
    }

    /// The number with this hash of which `is_it` says that it has the name.
    pub(crate) fn find(&self, hash: Hash, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let place = self.place(hash, |number| number != NONE && is_it(number))?;
        Some(self.cells[place].number)
    }

    /// The first cell of the hash's that `is_it` says yes to, before an empty one.
    fn place(&self, hash: Hash, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        if self.cells.is_empty() {
            return None;
        }
        let mut place = self.home(hash.0);
        loop {
            let cell = self.cells[place];
            if cell.number == NONE {
                return None;
            }
            if cell.hash == hash.0 && is_it(cell.number) {
                return Some(place);
            }
            place = self.after(place);
        }
    }

    /// Adds a number of which it has none with the same name.
    pub(crate) fn insert(&mut self, hash: Hash, number: u32) {
        assert!(number != NONE, "fewer than 2³² − 1 names");
        self.reserve(1);
        self.put(Cell { hash: hash.0, number });
        self.used += 1;
    }

    fn put(&mut self, cell: Cell) {
        let mut place = self.home(cell.hash);
        while self.cells[place].number != NONE {
            place = self.after(place);
        }
        self.cells[place] = cell;
    }

    /// Removes a number.
    pub(crate) fn remove(&mut self, hash: Hash, number: u32) {
        let Some(mut hole) = self.place(hash, |other| other == number) else { return };
        let mask = self.cells.len() - 1;
        let mut place = hole;
        loop {
            place = self.after(place);
            let cell = self.cells[place];
            if cell.number == NONE {
                break;
            }
            // It may stand in the hole if that is not before its home.
            let (from_home, from_hole) =
                (place.wrapping_sub(self.home(cell.hash)) & mask, place.wrapping_sub(hole) & mask);
            if from_home >= from_hole {
                self.cells[hole] = cell;
                hole = place;
            }
        }
        self.cells[hole] = EMPTY;
        self.used -= 1;
    }

    /// Makes room for `more` numbers.
    pub(crate) fn reserve(&mut self, more: usize) {
        let need = self.used + more;
        if need * 5 <= self.cells.len() * 4 {
            return;
        }
        let len = (need * 5).div_ceil(4).next_power_of_two().max(8);
        let old = std::mem::replace(&mut self.cells, vec![EMPTY; len].into());
        for cell in old {
            if cell.number != NONE {
                self.put(cell);
            }
        }
    }

    fn home(&self, hash: u32) -> usize {
        hash as usize & (self.cells.len() - 1)
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.cells.len() - 1)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// Random insertions and removals, with hashes that often collide, against a plain list.
    #[test]
    fn it_finds_what_was_inserted_and_not_removed() {
        let rng = Rng::seeded(1);
        for hashes in [1, 3, 50, 5000] {
            let (mut names, mut plain) = (Names::default(), vec![]);
            for number in 0..if cfg!(miri) { 30 } else { 2000_u32 } {
                // Among them some that stand around the end of the cells.
                let hash = Hash((rng.below(hashes) as u32).wrapping_sub(2));
                names.insert(hash, number);
                plain.push((hash, number));
                if plain.len() > 60 || rng.below(3) == 0 {
                    let (hash, number) = plain.swap_remove(rng.below(plain.len()));
                    names.remove(hash, number);
                    assert_eq!(names.find(hash, |other| other == number), None);
                }
                for &(hash, number) in &plain {
                    assert_eq!(names.find(hash, |other| other == number), Some(number));
                }
                assert_eq!(names.used, plain.len());
                assert_eq!(names.cells.iter().filter(|it| it.number != NONE).count(), plain.len());
            }
        }
    }

    #[test]
    fn room_is_made_once_and_stays() {
        let mut names = Names::default();
        names.reserve(100);
        let made = names.cells.len();
        for number in 0..100 {
            names.insert(names.hash(&number.to_string()), number);
        }
        assert_eq!((made, names.cells.len()), (128, 128));
        names.reserve(2);
        assert_eq!(names.cells.len(), 128, "102 of 128");
        names.reserve(3);
        assert_eq!(names.cells.len(), 256);
        assert_eq!(names.find(names.hash("7"), |number| number == 7), Some(7));
    }

    #[test]
    fn an_empty_index_has_nothing() {
        let mut names = Names::default();
        let hash = names.hash("a");
        assert_eq!(names.find(hash, |_| true), None);
        names.remove(hash, 0);
        assert_eq!(names.used, 0);
    }
}
