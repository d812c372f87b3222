//! The peers of a list in turn: an order, and a cursor that goes round.
//!
//! A choice takes a *ticket* from the cursor: the position modulo the number of positions. So each
//! position is drawn once per pass, whatever the number of threads.
//!
//! ```text
//!               cursor = 7                    pass 2 of a list of 5: b and e have had their turn
//!                   ▼
//!  position   0  1  2  3  4
//!  entry      b  e  ·  ·  d                   a and c are away: the ticket on c is worth nothing,
//!                                             and the cursor moves on to 10 for a choice of d
//! ```
//!
//! # Whose turn it is while peers come and go
//!
//! A member keeps its position while it is unavailable (`order.rs`). A peer that flaps comes back to
//! its place, and its turn comes when the cursor comes by, not because it came back: it gets its
//! share of the time that it is available. The peer after a run of holes gets no second share
//! either: a thread that finds the next available position moves the cursor past it, over all holes
//! at once, so that position is drawn once per pass like any other. If choosers took the next entry
//! without moving the cursor, a hole's turns would all go to the peer after it.
//!
//! A choice that finds nothing takes no ticket. Otherwise the turn of a peer would pass while
//! nothing was served, and two peers that go down together now and then could get it all and nothing.
//!
//! # Where a newcomer comes
//!
//! In a random place, or last (`newcomers.rs`). In the middle of a table there is no room, so it
//! changes places with another member, and the cursor tells which changes do no harm:
//!
//! ```text
//!        had its turn in this pass │ cursor: has it yet
//!  ────────────────────────────────┼──────────────────────────
//!  a newcomer among these:  x → c  │  c, next in turn → the end     and the cursor moves by one
//!                                  │  x → the end                   a newcomer among those
//! ```
//!
//! No peer but the newcomer crosses the cursor, so every other peer still gets exactly one turn in
//! this pass. (Inside each half this is Knuth's Algorithm P, one step a newcomer: an order that was
//! random stays random.)

use std::fmt;

use crossbeam_utils::CachePadded;

use super::newcomers::{Newcomers, Place};
use super::order::{Books, Order};
use crate::policy::choice::{Choice, Nothing};
use crate::roster::{About, Entry, Index, Locked, Roster};
use crate::slot::Key;
use crate::sync::{AtomicU64, Ordering};

/// The peers of a list in turn, with a cursor shared by all threads.
#[derive(Default)]
pub(crate) struct Sequence {
    /// Tickets are handed out by adding 1. On a line of its own: the one word that all choosers
    /// write.
    cursor: CachePadded<AtomicU64>,
    order: CachePadded<Order>,
    newcomers: Newcomers,
}

impl Sequence {
    /// An order in which newcomers come as told.
    pub(crate) fn with_newcomers(mut self, newcomers: Newcomers) -> Self {
        self.newcomers = newcomers;
        self
    }

    /// Pins the next peer in turn.
    #[inline]
    pub(crate) fn next<'r>(&'r self, roster: &'r Roster) -> Choice<'r> {
        if !self.order.books.serves(roster) {
            return Err(Nothing::Unavailable);
        }
        let view = self.order.view();
        if view.len() == 0 {
            return Err(Nothing::Unavailable);
        }
        // Relaxed: tickets only have to be different.
        let ticket = self.cursor.fetch_add(1, Ordering::Relaxed);
        let slot = view.get((ticket % view.len() as u64) as usize);
        match slot.and_then(|slot| Entry::of(slot).pin()) {
            Some(pinned) => Ok(pinned),
            None => self.next_available(roster, ticket + 1),
        }
    }

    /// The same after a ticket that was worth nothing: looks for the next peer first, and then takes
    /// its ticket and those of the holes before it at once. `seen` is where the cursor should be.
    #[cold]
    #[inline(never)]
    fn next_available<'r>(&'r self, roster: &'r Roster, mut seen: u64) -> Choice<'r> {
        let mut misses = 0;
        loop {
            let view = self.order.view();
            let len = view.len();
            if len == 0 {
                return Err(Nothing::Unavailable);
            }
            let position = (seen % len as u64) as usize;
            let next = self.order.next_available(position).filter(|&next| next < len);
            if let Some(next) = next {
                let holes = if next < position { next + len - position } else { next - position };
                let after = seen + holes as u64 + 1;
                // Relaxed: as above. A race that is lost is no miss: it was another thread that
                // has got its ticket.
                let taken =
                    self.cursor.compare_exchange(seen, after, Ordering::Relaxed, Ordering::Relaxed);
                if let Err(moved) = taken {
                    seen = moved;
                    continue;
                }
                seen = after;
                if let Some(pinned) = view.get(next).and_then(|slot| Entry::of(slot).pin()) {
                    return Ok(pinned);
                }
            }
            // The order is being changed, or the peer is full. After a pass of those it is looked at
            // while nothing moves.
            misses += 1;
            if misses > len {
                return self.pin_still(roster, &[]);
            }
        }
    }

    /// The same as if the peers in `except` were not available.
    pub(crate) fn next_except<'r>(&'r self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        // Each of them is met once before any other peer, unless other threads draw too.
        for _ in 0..=except.len() {
            let pinned = self.next(roster)?;
            if !except.contains(&pinned.key()) {
                return Ok(pinned);
            }
        }
        self.pin_still(roster, except)
    }

    /// The next peer in turn, while nothing moves but the cursor.
    #[cold]
    #[inline(never)]
    fn pin_still<'r>(&'r self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        roster.while_still(|| {
            let view = self.order.view();
            let len = view.len();
            if len == 0 {
                return Err(Nothing::Unavailable);
            }
            let seen = self.cursor.load(Ordering::Relaxed);
            let start = (seen % len as u64) as usize;
            for steps in 0..len {
                let Some(peer) = view.get((start + steps) % len).map(Entry::of) else { continue };
                if except.contains(&peer.key()) {
                    continue;
                }
                if let Some(pinned) = peer.pin() {
                    // If another thread moved it, it has begun to go round from elsewhere.
                    let _ = self.cursor.compare_exchange(
                        seen,
                        seen + steps as u64 + 1,
                        Ordering::Relaxed,
                        Ordering::Relaxed,
                    );
                    return Ok(pinned);
                }
            }
            Err(Nothing::Excluded)
        })
    }

    /// Where a binding finds the cursor and the peers in turn.
    #[cfg(feature = "capi")]
    pub(crate) fn memory(&self) -> (*mut u64, crate::roster::TableMemory) {
        (self.cursor.as_ptr(), self.order.memory())
    }

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
        let place = match self.newcomers.place(len, !drawn.since_last_join) {
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

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let positions = self.order.view().len();
        f.debug_struct("Sequence").field("positions", &positions).finish_non_exhaustive()
    }
}
