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
//! How members get their positions and give them up is in `seating.rs`.

use std::fmt;

use crossbeam_utils::CachePadded;

use super::newcomers::Newcomers;
use super::order::Order;
use super::room::Room;
use crate::policy::choice::{Choice, Nothing};
use crate::roster::{Entry, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::{AtomicU64, Ordering};

/// The peers of a list in turn, with a cursor shared by all threads.
#[derive(Default)]
pub(crate) struct Sequence {
    /// Tickets are handed out by adding 1. On a line of its own: the one word that all choosers
    /// write.
    pub(super) cursor: CachePadded<AtomicU64>,
    pub(super) order: CachePadded<Order>,
    pub(super) newcomers: Newcomers,
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

    /// Pins the next peer in turn that has room and is not in `except`. Those that it passes have had
    /// their turn. `None`: in a pass there was none.
    pub(crate) fn next_below<'r>(
        &'r self,
        roster: &'r Roster,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        let view = self.order.view();
        let len = view.len();
        if !self.order.books.serves(roster) || len == 0 {
            return None;
        }
        let ticket = self.cursor.fetch_add(1, Ordering::Relaxed);
        let mut position = (ticket % len as u64) as usize;
        // Positions that were passed, holes among them.
        let mut passed = 0;
        while passed < len {
            let peer = view.get(position).map(Entry::of);
            let peer = peer.filter(|peer| !except.contains(&peer.key()));
            if let Some(pinned) = peer.and_then(|peer| room.pin(peer)) {
                if passed > 0 {
                    // The turns of those that were passed. If another thread has moved the cursor, it
                    // passes them itself.
                    let _ = self.cursor.compare_exchange(
                        ticket + 1,
                        ticket + 1 + passed as u64,
                        Ordering::Relaxed,
                        Ordering::Relaxed,
                    );
                }
                return Some(pinned);
            }
            let after = (position + 1) % len;
            let next = self.order.next_available(after).filter(|&next| next < len)?;
            passed += 1 + if next < after { next + len - after } else { next - after };
            position = next;
        }
        None
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
    #[cfg(all(feature = "capi", not(loom)))]
    pub(crate) fn memory(&self) -> (*mut u64, crate::roster::TableMemory) {
        (self.cursor.as_ptr(), self.order.memory())
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let positions = self.order.view().len();
        f.debug_struct("Sequence").field("positions", &positions).finish_non_exhaustive()
    }
}
