//! The available peers in order of arrival, and a cursor that goes round.
//!
//! The roster's own table is dense but not in order: a peer that leaves is replaced by the last. A
//! rotation over it would visit the moved peer twice in one pass, or not at all. So this is a table
//! of its own in which a peer that leaves makes a *hole* and nobody moves. A ticket that falls on a
//! hole is thrown away and another one drawn, so that the peer after the hole gets no second share.
//! When there are more holes than a quarter of the peers they are squeezed out, which costs a
//! leaving peer a constant on average, whatever their number.

use std::fmt;
use std::ptr::{self, NonNull};

use crossbeam_utils::CachePadded;

use crate::policy::choice::{Choice, Nothing};
use crate::roster::{Entry, Guarded, Index, Locked, Roster, Table, TableStore};
use crate::slot::{Key, Pinned};
use crate::sync::{AtomicU64, Ordering};

/// Squeezing starts at this many holes, so that small lists are not squeezed all the time.
const FEW_HOLES: usize = 8;

/// The available peers in order of arrival, with a cursor shared by all threads.
#[derive(Default)]
pub(crate) struct Sequence {
    /// Positions are handed out by adding 1; the position is the rest of the division by the
    /// table's length. On a line of its own: the one word that all choosers write.
    cursor: CachePadded<AtomicU64>,
    front: CachePadded<Front>,
}

#[derive(Default)]
struct Front {
    table: Table,
    books: Guarded<Books>,
}

#[derive(Default)]
struct Books {
    store: TableStore,
    /// The position of each peer, by [`Key::index`].
    positions: Vec<u32>,
    holes: usize,
}

impl Sequence {
    /// Pins the next peer in turn.
    #[inline]
    pub(crate) fn next<'r>(&'r self, roster: &'r Roster) -> Choice<'r> {
        if !self.front.books.serves(roster) {
            return Err(Nothing::Unavailable);
        }
        let mut misses = 0;
        loop {
            let view = self.front.table.view();
            if view.len() == 0 {
                return Err(Nothing::Unavailable);
            }
            // Relaxed: tickets only have to be different.
            let ticket = self.cursor.fetch_add(1, Ordering::Relaxed);
            let slot = view.get((ticket % view.len() as u64) as usize);
            if let Some(pinned) = slot.and_then(|slot| Entry::of(slot).pin()) {
                return Ok(pinned);
            }
            // At most a fifth of the table is holes, but another thread may be changing it.
            misses += 1;
            if misses > view.len() {
                return self.pin_still(roster, ticket, &[]);
            }
        }
    }

    /// The same as if the peers in `except` were not available.
    pub(crate) fn next_except<'r>(&'r self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        // One more than the whole pass: other threads may be drawing from it too.
        for _ in 0..=self.front.table.len() {
            let pinned = self.next(roster)?;
            if !except.contains(&pinned.key()) {
                return Ok(pinned);
            }
        }
        self.pin_still(roster, 0, except)
    }

    /// The first peer from a ticket's position on, while nothing moves.
    #[cold]
    #[inline(never)]
    fn pin_still<'r>(&'r self, roster: &'r Roster, ticket: u64, except: &[Key]) -> Choice<'r> {
        roster.while_still(|| {
            let view = self.front.table.view();
            let len = view.len();
            let start = ticket.checked_rem(len as u64).unwrap_or(0) as usize;
            let slots = (0..len).filter_map(|n| view.get((start + n) % len));
            let mut others = slots.map(Entry::of).filter(|peer| !except.contains(&peer.key()));
            let pinned: Option<Pinned<'r>> = others.find_map(|peer| peer.pin());
            pinned.ok_or(if len == 0 { Nothing::Unavailable } else { Nothing::Excluded })
        })
    }

    /// Where a binding finds the cursor and the peers in turn.
    #[cfg(feature = "capi")]
    pub(crate) fn memory(&self) -> (*mut u64, crate::roster::TableMemory) {
        (self.cursor.as_ptr(), self.front.table.memory())
    }

    /// Where the cursor is, as it was read and as a position.
    fn cursor(&self) -> (u64, u64) {
        let seen = self.cursor.load(Ordering::Relaxed);
        (seen, seen.checked_rem(self.front.table.len() as u64).unwrap_or(0))
    }

    /// Moves the cursor if no other thread moved it since it was read. If one did, leave it: the
    /// current pass restarts early, which is what that thread's choice just before this change
    /// would have caused too.
    fn move_cursor(&self, seen: u64, to: u64) {
        let _ = self.cursor.compare_exchange(seen, to, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn squeeze(&self, books: &mut Books) {
        let table = &self.front.table;
        let (seen, position) = self.cursor();
        let view = table.view();
        let (mut live, mut live_before_cursor) = (0, 0);
        for from in 0..view.len() {
            if from as u64 == position {
                live_before_cursor = live;
            }
            if let Some(slot) = view.get(from) {
                let pointer = NonNull::from(slot).as_ptr();
                table.set(&mut books.store, live, pointer);
                books.positions[slot.index() as usize] = live as u32;
                live += 1;
            }
        }
        self.move_cursor(seen, live_before_cursor as u64);
        table.set_len(live);
        books.holes = 0;
    }
}

impl Index for Sequence {
    fn attach(&self, roster: &Roster) -> bool {
        self.front.books.attach(roster)
    }

    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.front.books.with(locked, |books| {
            let index = peer.slot().index() as usize;
            if books.positions.len() <= index {
                books.positions.resize(index + 1, u32::MAX);
            }
            // Down to less than a pass, so that a longer table does not mean another position.
            let (seen, cursor) = self.cursor();
            self.move_cursor(seen, cursor);
            let position = self.front.table.push(&mut books.store, NonNull::from(peer.slot()));
            books.positions[index] = position as u32;
        });
    }

    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.front.books.with(locked, |books| {
            let position = books.positions[peer.slot().index() as usize];
            self.front.table.set(&mut books.store, position as usize, ptr::null_mut());
            books.holes += 1;
            let live = self.front.table.len() - books.holes;
            if live == 0 || books.holes > FEW_HOLES.max(live / 4) {
                self.squeeze(books);
            }
        });
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequence").field("table", &self.front.table).finish_non_exhaustive()
    }
}
