//! The available peers in order of arrival, and a cursor that goes round.
//!
//! The roster's own table is dense but not in order: a peer that leaves is replaced by the last. A
//! rotation over it would visit the moved peer twice in one pass, or not at all. So this is a table
//! of its own in which a peer that leaves makes a *hole* and nobody moves. A ticket that falls on a
//! hole is thrown away and another one drawn, so that the peer after the hole gets no second share.
//! When there are more holes than a quarter of the peers they are squeezed out, which costs a
//! leaving peer a constant on average, whatever their number.

use std::ptr::{self, NonNull};

use crossbeam_utils::CachePadded;

use crate::roster::index::{Home, Index};
use crate::roster::table::{Table, TableStore};
use crate::roster::{Entry, Roster};
use crate::slot::pick::Pinned;
use crate::sync::{AtomicU64, Mutex, Ordering};

/// Squeezing starts at this many holes, so that small lists are not squeezed all the time.
const FEW_HOLES: usize = 8;

/// The available peers in order of arrival, with a cursor shared by all threads.
#[derive(Debug)]
pub(crate) struct Sequence {
    /// Positions are handed out by adding 1; the position is the rest of the division by the
    /// table's length. On a line of its own: the one word that all choosers write.
    cursor: CachePadded<AtomicU64>,
    table: CachePadded<Table>,
    home: Home,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    store: TableStore,
    /// The position of each peer, by [`Key::index`](crate::policy::Key::index).
    positions: Vec<u32>,
    holes: usize,
}

impl Default for Sequence {
    fn default() -> Self {
        Self {
            cursor: CachePadded::new(AtomicU64::new(0)),
            table: CachePadded::new(Table::new()),
            home: Home::default(),
            state: Mutex::new(State::default()),
        }
    }
}

impl Sequence {
    /// Pins the next peer in turn. `None`: no peer is available.
    #[inline]
    pub(crate) fn next<'r>(&self, roster: &'r Roster) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        let mut misses = 0;
        loop {
            let view = self.table.view();
            if view.len() == 0 {
                return None;
            }
            // Relaxed: tickets only have to be different.
            let ticket = self.cursor.fetch_add(1, Ordering::Relaxed);
            let entry = view.get((ticket % view.len() as u64) as usize);
            let pinned = entry.and_then(|slot| roster.own(slot).pin());
            if pinned.is_some() {
                return pinned;
            }
            // At most a fifth of the table is holes, but another thread may be changing it.
            misses += 1;
            if misses > view.len() {
                return roster.settled(ticket as usize);
            }
        }
    }

    /// Where a binding finds the cursor and the peers in turn.
    #[cfg(feature = "capi")]
    pub(crate) fn memory(&self) -> (*mut u64, crate::roster::table::TableMemory) {
        (self.cursor.as_ptr(), self.table.memory())
    }

    /// Where the cursor is, as it was read and as a position.
    fn cursor(&self) -> (u64, u64) {
        let seen = self.cursor.load(Ordering::Relaxed);
        (seen, seen.checked_rem(self.table.len() as u64).unwrap_or(0))
    }

    /// Moves the cursor, unless somebody has just chosen: then one pass begins early, as it would
    /// have if the two events had come in the other order.
    fn move_cursor(&self, seen: u64, to: u64) {
        let _ = self.cursor.compare_exchange(seen, to, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn squeeze(&self, state: &mut State) {
        let (seen, position) = self.cursor();
        let view = self.table.view();
        let (mut live, mut live_before_cursor) = (0, 0);
        for from in 0..view.len() {
            if from as u64 == position {
                live_before_cursor = live;
            }
            if let Some(slot) = view.get(from) {
                let pointer = NonNull::from(slot).as_ptr();
                self.table.set(&mut state.store, live, pointer);
                state.positions[slot.index() as usize] = live as u32;
                live += 1;
            }
        }
        self.move_cursor(seen, live_before_cursor as u64);
        self.table.set_len(live);
        state.holes = 0;
    }
}

impl Index for Sequence {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.settle_at(roster)
    }

    fn entered(&self, peer: Entry<'_>) {
        let mut state = self.state.lock();
        let state = &mut *state;
        let index = peer.slot().index() as usize;
        if state.positions.len() <= index {
            state.positions.resize(index + 1, u32::MAX);
        }
        // Down to less than a pass, so that a longer table does not mean another position.
        let (seen, cursor) = self.cursor();
        self.move_cursor(seen, cursor);
        let position = self.table.push(&mut state.store, NonNull::from(peer.slot()));
        state.positions[index] = position as u32;
    }

    fn withdrew(&self, peer: Entry<'_>) {
        let mut state = self.state.lock();
        let position = state.positions[peer.slot().index() as usize];
        self.table.set(&mut state.store, position as usize, ptr::null_mut());
        state.holes += 1;
        let live = self.table.len() - state.holes;
        if live == 0 || state.holes > FEW_HOLES.max(live / 4) {
            self.squeeze(&mut state);
        }
    }
}
