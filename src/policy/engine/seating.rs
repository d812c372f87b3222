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
use super::order_books::Books;
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
            Place::Follow | Place::Last => len,
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
            // one's: see the picture above. Its place is one further than among those that are still
            // to come: before all that had their turn is the same as after all that have not.
            self.order.swap(books, cursor, len);
            self.order.swap(books, place + 1, cursor);
        } else {
            self.order.swap(books, place, len);
        }
        // What went to the end may have been a vacancy.
        self.cut_tail(books);
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

    fn reserve(&self, locked: &mut Locked<'_>, more: usize) {
        self.order.books.with(locked, |books| self.order.reserve(books, more));
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::policy::engine::newcomers::Newcomers;
    use crate::rng::Rng;
    use crate::slot::Slot;

    /// A sequence, changed as by a roster, with slots that are nowhere else.
    struct Bed {
        sequence: Sequence,
        books: Books,
        slots: Vec<Slot>,
        /// The slots of members that are unavailable, of those that are available, and free ones.
        down: Vec<usize>,
        up: Vec<usize>,
        free: Vec<usize>,
    }

    impl Bed {
        fn new(newcomers: Newcomers, slots: u32) -> Self {
            Self {
                sequence: Sequence::default().with_newcomers(newcomers),
                books: Books::default(),
                slots: (0..slots).map(Slot::new).collect(),
                down: vec![],
                up: vec![],
                free: (0..slots as usize).collect(),
            }
        }

        fn step(&mut self, rng: &Rng) {
            let Self { sequence, books, slots, down, up, free } = self;
            let take = |from: &mut Vec<usize>| {
                (!from.is_empty()).then(|| from.swap_remove(rng.below(from.len())))
            };
            match rng.below(6) {
                0 | 1 => {
                    if let Some(slot) = take(free) {
                        sequence.seat(books, slot as u32);
                        books.joined(sequence.cursor.load(Ordering::Relaxed));
                        down.push(slot);
                    }
                }
                2 => {
                    if let Some(slot) = take(down) {
                        sequence.order.up(books, &slots[slot]);
                        up.push(slot);
                    }
                }
                3 => {
                    if let Some(slot) = take(up) {
                        sequence.order.down(books, &slots[slot]);
                        down.push(slot);
                    }
                }
                4 => {
                    if let Some(slot) = take(down) {
                        sequence.order.vacate(books, &slots[slot]);
                        sequence.tidy(books);
                        free.push(slot);
                    }
                }
                _ => {
                    sequence.cursor.fetch_add(rng.below(9) as u64, Ordering::Relaxed);
                }
            }
        }

        fn assert_right(&self) {
            let Self { sequence, books, slots, down, up, .. } = self;
            assert_eq!(sequence.order.view().len(), books.assert_consistent());
            let members = down.len() + up.len();
            assert_eq!(books.owned(0..books.len()), members);
            // A quarter of the positions at the most are vacancies, or a few.
            assert!(books.len() <= (members + 8).max(members + books.len() / 4));
            for (slots_of, available) in [(down, false), (up, true)] {
                for &slot in slots_of {
                    assert_eq!(books.shows(&slots[slot]), available);
                }
            }
        }
    }

    #[test]
    fn members_keep_one_position_each_whatever_happens() {
        for seed in 0..if cfg!(miri) { 1 } else { 6 } {
            let rng = Rng::seeded(seed);
            let newcomers = if seed % 2 == 0 {
                Newcomers::Anywhere(Rng::seeded(seed))
            } else {
                Newcomers::Last
            };
            // More than one word of marks, and more peers than are placed one by one.
            let mut bed = Bed::new(newcomers, 200);
            for _ in 0..if cfg!(miri) { 12 } else { 5_000 } {
                bed.step(&rng);
                bed.assert_right();
            }
            for _ in 0..if cfg!(miri) { 60 } else { 4_000 } {
                // Until all have left.
                bed.free.clear();
                bed.step(&rng);
            }
            bed.assert_right();
        }
    }
}
