//! Which member has which position, as the writers of an [`Order`](super::order::Order) keep it.

#[cfg(all(test, not(loom)))]
use std::ptr;
use std::sync::Arc;

use super::marks::Marks;
use crate::roster::TableStore;
#[cfg(all(test, not(loom)))]
use crate::slot::Slot;

/// So many vacancies are borne before any are squeezed out, so that small lists are not squeezed all
/// the time.
const FEW_VACANCIES: usize = if cfg!(loom) { 0 } else { 8 };

/// The owner of a vacancy, and the position of a slot that has none.
pub(super) const NONE: u32 = u32::MAX;

/// What is written under the roster's mutex.
#[derive(Default)]
pub(super) struct Books {
    pub(super) store: TableStore,
    /// The last is in use; choosers may still read the others.
    pub(super) marks: Vec<Arc<Marks>>,
    /// By position: the slot index of the member that owns it.
    pub(super) owners: Vec<u32>,
    /// By slot index: the position of the member that has the slot.
    pub(super) positions: Vec<u32>,
    pub(super) vacancies: usize,
    /// Entries that are not holes.
    pub(super) available: usize,
    /// Where the cursor is if nothing was drawn since the last member joined.
    cursor: u64,
    /// Whether anything was drawn before.
    drawn: bool,
}

/// Whether there were choices.
pub(super) struct Drawn {
    pub(super) since_last_join: bool,
    pub(super) ever: bool,
}

impl Books {
    /// How many positions there are.
    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    pub(super) fn is_vacant(&self, position: usize) -> bool {
        self.owners.get(position) == Some(&NONE)
    }

    /// How many positions are left when the vacancies at the end are cut off.
    pub(super) fn len_without_tail(&self) -> usize {
        self.owners.iter().rposition(|&owner| owner != NONE).map_or(0, |last| last + 1)
    }

    /// How many of the positions in `range` have owners.
    pub(super) fn owned(&self, range: std::ops::Range<usize>) -> usize {
        self.owners[range].iter().filter(|&&owner| owner != NONE).count()
    }

    /// What was drawn, by where the cursor is.
    pub(super) fn drawn(&mut self, cursor: u64) -> Drawn {
        let since_last_join = cursor != self.cursor;
        self.drawn |= since_last_join;
        Drawn { since_last_join, ever: self.drawn }
    }

    /// The cursor was moved by a change of the order.
    pub(super) fn cursor_moved(&mut self, from: u64, to: u64) {
        // What was drawn must be known to the next member that joins: no cursor gets so far.
        self.cursor = if from == self.cursor { to } else { u64::MAX };
    }

    /// A member has joined, and the cursor is here.
    pub(super) fn joined(&mut self, cursor: u64) {
        self.cursor = cursor;
    }

    /// Asks for what a status change of the member that has this slot writes.
    pub(super) fn expect(&self, slot: usize) {
        if let (Some(&position), Some(marks)) = (self.positions.get(slot), self.marks.last()) {
            self.store.expect(position as usize);
            marks.expect(position as usize);
        }
    }

    pub(super) fn is_worth_squeezing(&self) -> bool {
        self.vacancies > FEW_VACANCIES.max(self.len() / 4)
    }

    pub(super) fn own(&mut self, position: usize, owner: u32) {
        self.owners[position] = owner;
        if owner != NONE {
            let slot = owner as usize;
            if self.positions.len() <= slot {
                self.positions.resize(slot + 1, NONE);
            }
            self.positions[slot] = position as u32;
        }
    }

    pub(super) fn marks(&self) -> &Marks {
        self.marks.last().expect("there is a position")
    }
}

#[cfg(all(test, not(loom)))]
impl Books {
    /// Whether choosers are shown the member that has `slot`.
    pub(super) fn shows(&self, slot: &Slot) -> bool {
        let position = self.positions[slot.index() as usize];
        assert_eq!(self.owners[position as usize], slot.index());
        let entry = self.store.get(position as usize);
        assert!(entry.is_null() || ptr::eq(entry, slot));
        !entry.is_null()
    }

    /// Asserts that the books agree with each other. Returns how many entries choosers are to see.
    pub(super) fn assert_consistent(&self) -> usize {
        let len = self.len();
        let vacancies = self.owners.iter().filter(|&&owner| owner == NONE).count();
        assert_eq!(self.vacancies, vacancies);
        assert_ne!(self.owners.last(), Some(&NONE), "vacancies at the end are cut off");
        let entries = (0..len).filter(|&position| !self.store.get(position).is_null());
        let entries: Vec<_> = entries.collect();
        assert_eq!(self.available, entries.len());
        let mut marked = vec![];
        while let Some(next) =
            self.marks.last().and_then(|marks| marks.next(marked.last().map_or(0, |last| last + 1)))
        {
            marked.push(next);
        }
        assert_eq!(marked, entries);
        if entries.is_empty() { 0 } else { len }
    }
}
