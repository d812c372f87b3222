//! The index: the available peers by weight, and a cursor.

use std::fmt;

use crossbeam_utils::CachePadded;

use super::classes::{ClassBooks, Classes};
use crate::policy::choice::{Choice, Nothing};
use crate::policy::contract::DRAWS;
use crate::policy::engine::leaves::{Leaves, Reweighed, reattributed};
use crate::rng::Rng;
use crate::roster::{About, Entry, Guarded, Index, Locked, Roster, Table};
use crate::slot::Key;
use crate::sync::{AtomicU64, Ordering};

/// How many draws follow the first. The checker needs none: their results are what the first one's are.
const AGAIN: usize = if cfg!(loom) { 0 } else { DRAWS - 1 };

/// The available peers of a list, each in turn as often as its weight says.
pub(crate) struct Shares {
    /// On a line of its own: the one word that all choosers write.
    cursor: CachePadded<AtomicU64>,
    /// The slots that peers have or had, each at its index. Whether one can be chosen it says itself.
    table: CachePadded<Table>,
    classes: Classes,
    books: Guarded<Books>,
    rng: Rng,
}

#[derive(Default)]
struct Books {
    leaves: Leaves,
    classes: ClassBooks,
}

impl Shares {
    /// An empty one; `rng` says which peers begin.
    pub(crate) fn new(rng: Rng) -> Self {
        Self {
            cursor: CachePadded::new(AtomicU64::new(0)),
            table: CachePadded::new(Table::default()),
            classes: Classes::new(&rng),
            books: Guarded::default(),
            rng,
        }
    }

    /// The peer of the next turn. It may not be available any more.
    #[inline]
    fn draw<'r>(&'r self, _: &'r Roster) -> Option<Entry<'r>> {
        let view = self.table.view();
        // Relaxed: turns only have to be different.
        let turn = self.cursor.fetch_add(1, Ordering::Relaxed);
        let leaf = self.classes.at_turn(turn)?;
        // A tree may have been enlarged since the view was taken, and has more leaves than there are
        // slots.
        if leaf < view.len() { view.get(leaf).map(Entry::of) } else { None }
    }

    /// Pins the next peer in turn.
    #[inline]
    pub(crate) fn next<'r>(&'r self, roster: &'r Roster) -> Choice<'r> {
        if !self.books.serves(roster) {
            return Err(Nothing::Unavailable);
        }
        match self.draw(roster).and_then(Entry::pin) {
            Some(pinned) => Ok(pinned),
            // Apart, so that the first draw, which nearly every choice is, keeps no state of a loop.
            None => self.next_but(roster, &[], AGAIN),
        }
    }

    /// The same as if the peers in `except` were not available, after at most so many draws.
    #[cold]
    #[inline(never)]
    pub(crate) fn next_but<'r>(
        &'r self,
        roster: &'r Roster,
        except: &[Key],
        draws: usize,
    ) -> Choice<'r> {
        if !self.books.serves(roster) || roster.available() == 0 {
            return Err(Nothing::Unavailable);
        }
        let pin = |peer: Entry<'r>| if except.contains(&peer.key()) { None } else { peer.pin() };
        for _ in 0..draws {
            if let Some(pinned) = self.draw(roster).and_then(pin) {
                return Ok(pinned);
            }
        }
        roster.while_still(|| {
            // The one in turn now, or any, and those after it in the table. Not those after the one in
            // turn, whatever it is: if that is nearly always the one to avoid, one peer gets it all.
            let view = self.table.view();
            let can =
                |peer: &Entry<'_>| peer.word().is_available() && !except.contains(&peer.key());
            let in_turn = self.draw(roster).filter(can);
            let first = in_turn.map_or_else(
                || self.rng.below(view.len().max(1)),
                |peer| peer.slot().index() as usize,
            );
            let positions = (first..view.len()).chain(0..first);
            let mut peers = positions.filter_map(|position| view.get(position)).map(Entry::of);
            let none =
                if roster.available() == 0 { Nothing::Unavailable } else { Nothing::Excluded };
            peers.find_map(pin).ok_or(none)
        })
    }

    fn weigh(&self, locked: &mut Locked<'_>, peer: Entry<'_>, weight: impl FnOnce(u16) -> u16) {
        self.books.with(locked, |books| {
            // The table before the tree: what a turn leads to is there.
            let reweighed = books.leaves.weigh(peer, weight);
            let Some(Reweighed { leaf, before, after }) = reweighed else { return };
            if after != 0 {
                books.leaves.show(&self.table, peer);
            }
            let turn = self.cursor.load(Ordering::Relaxed);
            self.classes.set(&mut books.classes, leaf, [before, after], turn, &self.rng);
        });
    }
}

impl Index for Shares {
    fn attach(&self, roster: &Roster) -> bool {
        self.books.attach(roster)
    }

    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.weigh(locked, peer, |_| peer.weight());
    }

    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.weigh(locked, peer, |_| 0);
    }

    fn reattributed(&self, locked: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.weigh(locked, peer, reattributed(about));
    }
}

impl fmt::Debug for Shares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shares").field("slots", &self.table.len()).finish_non_exhaustive()
    }
}
