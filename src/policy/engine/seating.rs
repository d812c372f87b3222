//! How the members of a sequence get their positions and give them up, while the cursor goes round.
//!
//! A newcomer takes a random place, or the last (`newcomers.rs`). In the middle of a table there is no
//! room, so it changes places with another member, and the cursor tells which changes do no harm:
//!
//! ```text
//!     had its turn in this pass │ has it yet
//!                            cursor
//!  ─────────────────────────────┼────────────────────────
//!   newcomer ▶ x ───────────▶ n │ n ───────────▶ the end      n is next; the cursor moves by one
//!                               │ newcomer ▶ x ─▶ the end
//! ```
//!
//! No peer but the newcomer crosses the cursor, so every other peer still gets exactly one turn in
//! this pass. (Inside each half this is Knuth's Algorithm P, one step a newcomer: an order that was
//! random stays random.)
//!
//! Before anything was drawn the cursor may be anywhere, and no peer is the worse for it. So of many
//! that join then, one in as many as there are has the cursor moved to it: those that follow come
//! behind it, and in the end each peer is the first with the same probability.
//!
//! All this is exact while no other thread draws. One that does may meet a member twice that is
//! just changing places, or not at all, once.

use super::newcomers::Place;
use super::order::Books;
use super::sequence::Sequence;
use crate::roster::{About, Entry, Index, Locked, Roster};
use crate::sync::Ordering;

impl Sequence {
    /// Moves the cursor from its position to the one that `to` says, which tickets drawn by other
    /// threads may cause to be asked again. Returns the position that it was moved from.
    ///
    /// Also called when it stays where it is: a cursor beyond one pass would be elsewhere once the
    /// number of positions is another.
    fn move_cursor(&self, books: &mut Books, mut to: impl FnMut(&Books, usize) -> usize) -> usize {
        let len = books.len() as u64;
        let position = |cursor: u64| cursor.checked_rem(len).unwrap_or(0) as usize;
        let mut after = 0;
        let moved = |cursor| {
            after = to(books, position(cursor)) as u64;
            Some(after)
        };
        // Relaxed: as for tickets. The closure never refuses.
        let (Ok(from) | Err(from)) =
            self.cursor.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
        books.cursor_moved(from, after);
        position(from)
    }

    /// Gives a member its position.
    fn seat(&self, books: &mut Books, member: u32) {
        let len = books.len();
        let drawn = books.drawn(self.cursor.load(Ordering::Relaxed));
        let place = match self.newcomers.place(len, !drawn.since_last_join).0 {
            Place::After(others) => others,
            Place::Follow => len,
            // Nothing was drawn: any position may be the first. Beginning with the newcomer means
            // that those after it follow it.
            Place::First if !drawn.ever => {
                self.order.append(books, member);
                self.move_cursor(books, |_, _| len);
                return;
            }
            Place::First => self.move_cursor(books, |_, cursor| cursor),
        };
        if books.is_vacant(place) {
            return self.order.take_vacancy(books, place, member);
        }
        // Among those that had their turn, it makes room for itself by moving the cursor.
        let cursor = self.move_cursor(books, |_, cursor| cursor + usize::from(place < cursor));
        self.order.append(books, member);
        if place < cursor {
            // The next in turn goes to the end, and what was in the newcomer's place to the next
            // one's: see the picture above.
            self.order.swap(books, cursor, len);
            self.order.swap(books, place, cursor);
        } else {
            self.order.swap(books, place, len);
        }
    }

    /// Takes vacancies out of the order if they are at the end, or many.
    fn tidy(&self, books: &mut Books) {
        self.cut_tail(books);
        if books.is_worth_squeezing() {
            self.squeeze(books);
            self.cut_tail(books);
        }
    }

    fn cut_tail(&self, books: &mut Books) {
        let (len, shorter) = (books.len(), books.len_without_tail());
        if shorter < len {
            // If all that are left have had their turn the pass is over. The cursor first: then no
            // ticket is taken for another position than before.
            self.move_cursor(books, |_, cursor| if cursor < shorter { cursor } else { 0 });
            self.order.cut(books, shorter);
        }
    }

    /// Closes the ranks; the vacancies are left at the end.
    fn squeeze(&self, books: &mut Books) {
        // As many members before the cursor as there were. Other threads may move it while they are
        // counted: then only what it moved by is counted again.
        let (mut counted, mut before) = (0, 0);
        let after = |books: &Books, cursor: usize| {
            if cursor < counted {
                (counted, before) = (0, 0);
            }
            before += books.owned(counted..cursor);
            counted = cursor;
            before
        };
        self.move_cursor(books, after);
        self.order.squeeze(books);
    }
}

impl Index for Sequence {
    fn attach(&self, roster: &Roster) -> bool {
        self.order.books.attach(roster)
    }

    fn joined(&self, locked: &mut Locked<'_>, peer: Entry<'_>, _: &About<'_>) {
        self.order.books.with(locked, |books| {
            self.seat(books, peer.slot().index());
            books.joined(self.cursor.load(Ordering::Relaxed));
        });
    }

    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.order.books.with(locked, |books| self.order.up(books, peer.slot()));
    }

    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.order.books.with(locked, |books| self.order.down(books, peer.slot()));
    }

    fn left(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        self.order.books.with(locked, |books| {
            self.order.vacate(books, peer.slot());
            self.tidy(books);
        });
    }
}
