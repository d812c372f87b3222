//! What the roster's mutex guards: where slots come from and go to, and what is known of each.

use std::ptr::NonNull;
use std::sync::Arc;

use super::left::Left;
use super::table::Chunk;
use crate::attributes::Attributes;
use crate::clock::Tenths;
use crate::peer::ConnectionStatus;
use crate::reasons::{Reason, Reasons};
use crate::slot::Slot;

/// The smallest number of slots made at once.
const FIRST_CHUNK: usize = if cfg!(loom) { 1 } else { 16 };

const NONE: u32 = u32::MAX;

pub(super) struct Books {
    chunks: Vec<Chunk<Slot>>,
    /// Slots of the last chunk that were never used.
    unused: usize,
    /// By slot index.
    records: Vec<Record>,
    /// Slots that were used before and are free: the one that is free the longest is taken first,
    /// and the others follow through `Record::next_free`. First in, first out, so that a peer that
    /// is removed and added for ever does not wear out the generations of one slot.
    first_free: u32,
    last_free: u32,
    free: usize,
    pub(super) left: Left,
}

/// What is known of a slot beside its line.
pub(super) struct Record {
    slot: NonNull<Slot>,
    next_free: u32,
    /// Status pushes that have begun, and the latest that was applied.
    pub(super) begun: u32,
    pub(super) applied: u32,
    /// The status as last applied.
    pub(super) status: ConnectionStatus,
    pub(super) reasons: Reasons,
    /// How often that has changed, and when it last did.
    pub(super) changes: u32,
    pub(super) changed: Tenths,
    pub(super) attributes: Option<Arc<Attributes>>,
}

// SAFETY: the pointer is to a slot of `chunks`, which move with the books that own both.
unsafe impl Send for Record {}

impl Record {
    fn new(slot: NonNull<Slot>) -> Self {
        Self {
            slot,
            next_free: NONE,
            begun: 0,
            applied: 0,
            status: ConnectionStatus::Unavailable,
            reasons: Reasons::NONE.with(Reason::NotConnected),
            changes: 0,
            changed: Tenths::now(),
            attributes: None,
        }
    }

    /// The status has changed.
    pub(super) fn note_change(&mut self) {
        self.changes = self.changes.saturating_add(1);
        self.changed = Tenths::now();
    }
}

impl Books {
    pub(super) fn new() -> Self {
        Self {
            chunks: vec![],
            unused: 0,
            records: vec![],
            first_free: NONE,
            last_free: NONE,
            free: 0,
            left: Left::default(),
        }
    }

    pub(super) fn record(&mut self, index: u32) -> &mut Record {
        &mut self.records[index as usize]
    }

    /// Every slot that was ever used.
    pub(super) fn slots(&self) -> impl Iterator<Item = NonNull<Slot>> + '_ {
        self.records.iter().map(|record| record.slot)
    }

    /// Every slot that was ever used, with what is known of it.
    pub(super) fn known(&self) -> impl Iterator<Item = (NonNull<Slot>, &Record)> + '_ {
        self.records.iter().map(|record| (record.slot, record))
    }

    /// The slot of this number and what is known of it, if it was ever used.
    pub(super) fn known_at(&self, index: u32) -> Option<(NonNull<Slot>, &Record)> {
        self.records.get(index as usize).map(|record| (record.slot, record))
    }

    /// Makes room for `more` peers at once. Free slots are room too: a list that replaces its peers
    /// as a whole, however often, has slots for those of the old set and the new, and no more.
    pub(super) fn reserve(&mut self, more: usize) {
        let missing = more.saturating_sub(self.unused + self.free);
        if missing > 0 {
            self.grow(missing);
        }
    }

    /// A free slot with a new record. `None`: there are 2³² − 1 already.
    pub(super) fn vacant(&mut self) -> Option<NonNull<Slot>> {
        if self.first_free != NONE {
            let index = self.first_free;
            let record = self.record(index);
            let (slot, next) = (record.slot, record.next_free);
            *record = Record::new(slot);
            self.first_free = next;
            if next == NONE {
                self.last_free = NONE;
            }
            self.free -= 1;
            return Some(slot);
        }
        if self.records.len() >= NONE as usize {
            return None;
        }
        if self.unused == 0 {
            self.grow((self.records.len() / 4).max(FIRST_CHUNK));
        }
        Some(self.first_use())
    }

    /// The slot was freed.
    pub(super) fn give_back(&mut self, index: u32) {
        self.record(index).next_free = NONE;
        match self.last_free {
            NONE => self.first_free = index,
            last => self.record(last).next_free = index,
        }
        self.last_free = index;
        self.free += 1;
    }

    /// The next slot of the last chunk, with its record.
    fn first_use(&mut self) -> NonNull<Slot> {
        let chunk = self.chunks.last().expect("it has unused slots").items();
        let slot = NonNull::from(&chunk[chunk.len() - self.unused]);
        self.unused -= 1;
        self.records.push(Record::new(slot));
        slot
    }

    /// A new chunk; what is unused of the last one goes to the free list.
    fn grow(&mut self, count: usize) {
        while self.unused > 0 {
            let index = self.records.len() as u32;
            self.first_use();
            self.give_back(index);
        }
        let first = self.records.len() as u32;
        self.records.reserve_exact(count);
        self.chunks.push(Chunk::new((0..count as u32).map(|n| Slot::new(first + n))));
        self.unused = count;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn made(books: &Books) -> usize {
        books.chunks.iter().map(|chunk| chunk.items().len()).sum()
    }

    #[test]
    fn free_slots_are_room() {
        let mut books = Books::new();
        books.reserve(100);
        let used: Vec<_> = (0..100).map(|_| books.vacant().unwrap()).collect();
        for _ in 0..10 {
            for index in 0..100 {
                books.give_back(index);
            }
            books.reserve(100);
            for _ in 0..100 {
                assert!(used.contains(&books.vacant().unwrap()));
            }
        }
        assert_eq!(made(&books), 100);
    }

    #[test]
    fn leftovers_of_a_chunk_are_used_when_the_next_one_is_made() {
        let mut books = Books::new();
        books.vacant();
        books.reserve(FIRST_CHUNK * 3 + 1);
        let all = made(&books);
        for _ in 1..all {
            books.vacant().unwrap();
        }
        assert_eq!((made(&books), books.unused, books.free), (all, 0, 0));
    }

    #[test]
    fn the_slot_that_is_free_the_longest_is_taken_first() {
        let mut books = Books::new();
        let slots: Vec<_> = (0..3).map(|_| books.vacant().unwrap()).collect();
        for index in [1, 0, 2] {
            books.give_back(index);
        }
        let again: Vec<_> = (0..3).map(|_| books.vacant().unwrap()).collect();
        assert_eq!(again, [slots[1], slots[0], slots[2]]);
    }
}
