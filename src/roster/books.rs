//! What the roster's mutex guards: where slots come from and go to, and what is known of each.

use std::ptr::NonNull;

use crate::peer::ConnectionStatus;
use crate::roster::table::{Chunk, TableStore};
use crate::slot::Slot;

/// The smallest number of slots made at once.
const FIRST_CHUNK: usize = if cfg!(loom) { 1 } else { 16 };

pub(super) struct State {
    pub(super) table: TableStore,
    chunks: Vec<Chunk<Slot>>,
    /// Slots of the last chunk that were never used.
    pub(super) unused: usize,
    cold: Vec<Cold>,
    /// The first free slot that was used before; the others follow through `Cold::link`.
    pub(super) free: u32,
}

pub(super) const NONE: u32 = u32::MAX;

/// What is known of a slot beside its line. Guarded by the roster's mutex.
pub(super) struct Cold {
    pub(super) slot: NonNull<Slot>,
    /// Available: the position in the table. Free: the next free slot.
    pub(super) link: u32,
    /// Status pushes that have begun, and the latest that was applied.
    pub(super) begun: u32,
    pub(super) applied: u32,
    /// The status as last applied.
    pub(super) status: ConnectionStatus,
}

// SAFETY: the pointer is to a slot of `chunks`, which move with the state that owns both.
unsafe impl Send for Cold {}

impl State {
    pub(super) fn cold(&mut self, index: u32) -> &mut Cold {
        &mut self.cold[index as usize]
    }

    pub(super) fn vacant(&mut self) -> Option<NonNull<Slot>> {
        if self.free != NONE {
            let cold = &mut self.cold[self.free as usize];
            self.free = std::mem::replace(&mut cold.link, NONE);
            return Some(cold.slot);
        }
        if self.cold.len() >= NONE as usize {
            return None;
        }
        if self.unused == 0 {
            self.grow((self.cold.len() / 4).max(FIRST_CHUNK));
        }
        let chunk = self.chunks.last().expect("grown").items();
        let slot = NonNull::from(&chunk[chunk.len() - self.unused]);
        self.unused -= 1;
        self.cold.push(Cold::of(slot));
        Some(slot)
    }

    /// A new chunk; what is unused of the last one goes to the free list.
    pub(super) fn grow(&mut self, count: usize) {
        while self.unused > 0 {
            let chunk = self.chunks.last().expect("it has unused slots").items();
            let slot = NonNull::from(&chunk[chunk.len() - self.unused]);
            let index = self.cold.len() as u32;
            self.unused -= 1;
            self.cold.push(Cold { link: self.free, ..Cold::of(slot) });
            self.free = index;
        }
        let first = self.cold.len() as u32;
        self.cold.reserve_exact(count);
        self.chunks.push(Chunk::new((0..count as u32).map(|n| Slot::new(first + n))));
        self.unused = count;
    }
}

impl Default for State {
    fn default() -> Self {
        let (table, chunks, cold) = (TableStore::default(), vec![], vec![]);
        Self { table, chunks, unused: 0, cold, free: NONE }
    }
}

impl Cold {
    pub(super) fn of(slot: NonNull<Slot>) -> Self {
        let status = ConnectionStatus::Unavailable;
        Self { slot, link: NONE, begun: 0, applied: 0, status }
    }
}
