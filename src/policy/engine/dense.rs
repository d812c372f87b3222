//! The available peers without holes, in no particular order: what sampling draws from.
//!
//! A peer that becomes available is appended; one that stops being so is replaced by the last. Both
//! are O(1) whatever the number of peers, and a draw is one multiplication and one load.

use std::fmt;
use std::ptr::NonNull;

use crossbeam_utils::CachePadded;

use crate::policy::choice::{Choice, Nothing};
#[cfg(all(feature = "capi", not(loom)))]
use crate::roster::TableMemory;
use crate::roster::{
    Available, Entry, Guarded, Index, IndexRef, Locked, Roster, Table, TableStore,
};
use crate::slot::Key;

const NOWHERE: u32 = u32::MAX;

/// The available peers of a list, for policies that sample or scan them.
///
/// A policy of one's own owns one, and passes its [`index`](Dense::index) on to the list: see
/// [`Policy`](crate::Policy).
#[derive(Default)]
pub struct Dense {
    /// Read by every choice, written on changes only: on lines of their own.
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
}

impl Dense {
    /// An empty table, which serves the list that it is given to.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What a policy gives its list: see [`Policy::index`](crate::Policy::index).
    #[must_use]
    pub fn index(&self) -> IndexRef<'_> {
        IndexRef::new(self)
    }

    /// The peers of `roster` that can be chosen now; none if the table serves another list.
    #[must_use]
    #[inline]
    pub fn available<'r>(&'r self, roster: &'r Roster) -> Available<'r> {
        let serves = self.front.books.serves(roster);
        Available::new(if serves { self.front.table.view() } else { self.front.table.nothing() })
    }

    /// Draws once more while nothing moves: the first peer from `position` on, modulo their number,
    /// that is not in `except`.
    ///
    /// For a policy that drew several times and met peers that had just become unavailable. Takes
    /// the roster's mutex.
    ///
    /// # Errors
    ///
    /// There is no other peer.
    pub fn pin_still<'r>(
        &'r self,
        roster: &'r Roster,
        position: usize,
        except: &[Key],
    ) -> Choice<'r> {
        roster.while_still(|| {
            let available = self.available(roster);
            let len = available.len();
            let mut entries = (0..len).filter_map(|n| available.get((position % len + n) % len));
            let pinned = entries
                .find_map(|entry| if except.contains(&entry.key()) { None } else { entry.pin() });
            pinned.ok_or(if len == 0 { Nothing::Unavailable } else { Nothing::Excluded })
        })
    }

    /// Where a binding finds the available peers.
    #[cfg(all(feature = "capi", not(loom)))]
    pub(crate) fn memory(&self) -> TableMemory {
        self.front.table.memory()
    }
}

impl Index for Dense {
    fn attach(&self, roster: &Roster) -> bool {
        self.front.books.attach(roster)
    }

    fn reserve(&self, locked: &mut Locked<'_>, more: usize) {
        self.front.books.with(locked, |books| {
            self.front.table.reserve(&mut books.store, more);
            let missing = (self.front.table.len() + more).saturating_sub(books.positions.len());
            books.positions.reserve(missing);
        });
    }

    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.front.books.with(locked, |books| {
            let index = peer.slot().index() as usize;
            if books.positions.len() <= index {
                books.positions.resize(index + 1, NOWHERE);
            }
            let position = self.front.table.push(&mut books.store, NonNull::from(peer.slot()));
            books.positions[index] = position as u32;
        });
    }

    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.front.books.with(locked, |books| {
            let index = peer.slot().index() as usize;
            let position = std::mem::replace(&mut books.positions[index], NOWHERE);
            let table = &self.front.table;
            let last = table.len() - 1;
            let moved = table.view().get(last).expect("the table has no holes");
            // The last entry takes the place, and is told so. It may be the one that leaves: then
            // it is written where it stands, and cut off.
            table.set(&mut books.store, position as usize, NonNull::from(moved).as_ptr());
            if last != position as usize {
                books.positions[moved.index() as usize] = position;
            }
            table.truncate(&mut books.store, last);
        });
    }
}

impl fmt::Debug for Dense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dense").field("available", &self.front.table.len()).finish()
    }
}
