//! The word of a slot: how many requests, which state, whose turn.
//!
//! It packs the number of requests in flight with the state of the slot, so that choosing a
//! peer, counting the request and keeping the peer alive are one atomic step:
//!
//! ```text
//!  bits  0..32  pending     pins on the slot = requests in flight
//!  bits 32..34  state       see the table
//!  bits 34..64  generation  +1 each time the slot is freed
//!
//!  state        peer and owner       who may change the state           pins
//!  Free         empty                whoever holds the roster's mutex   0
//!  Unavailable  set, or being set    whoever holds the roster's mutex   may only sink
//!  Available    set                  whoever holds the roster's mutex   rise and sink
//!  Removed      set                  the one who retires it, see below  may only sink
//! ```
//!
//! # Why a pin is a compare-exchange and not an addition
//!
//! An addition that turns out to have hit a slot that is not `Available` must be undone, and the
//! undoing may be what brings a `Removed` slot to zero. Then two threads, the one that finished the
//! last request and the one that undid, both believe that they may retire the slot, and the loser
//! looks at memory that the winner may have freed with the whole list. With a compare-exchange
//! from a word that says `Available`, pins exist on slots that were `Available` and on no others:
//! a word reaches `Removed` with no pins exactly once, and the thread that takes it there owns the
//! slot. On the machine the benchmark first ran on both cost the same (`cargo bench`).
//!
//! # Which edges there are
//!
//! * `publish` (release) → `pin` (acquire): whoever pins sees the peer that was set.
//! * `unpin` (release) → `unpin` that was the last, or `remove` that met no pin (acquire): whoever
//!   retires sees every use of the peer as past.
//! * `remove` (release) → the `retire` that a later last `unpin` leads to (acquire): what was read of
//!   the peer under the mutex before the removal is past when the cells are emptied without it.
//! * `free` (release), then the roster's mutex: the next tenant.

use std::fmt;

pub(super) const PIN: u64 = 1;
const STATE_SHIFT: u32 = 32;
const STATE_MASK: u64 = 0b11 << STATE_SHIFT;
pub(super) const FREE: u64 = 0 << STATE_SHIFT;
pub(super) const AVAILABLE: u64 = 1 << STATE_SHIFT;
pub(super) const UNAVAILABLE: u64 = 2 << STATE_SHIFT;
pub(super) const REMOVED: u64 = 3 << STATE_SHIFT;
pub(super) const GENERATION: u64 = 1 << 34;
/// Set when so many pins were leaked (`mem::forget`) that the count might run into the state. Such
/// a slot is not chosen any more.
const FULL: u64 = 1 << 31;

/// What a slot's word said at one moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Value(pub(super) u64);

impl Value {
    #[inline]
    pub(super) fn of(word: u64) -> Self {
        Self(word)
    }

    #[inline]
    pub(crate) fn pending(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    pub(crate) fn generation(self) -> u32 {
        (self.0 >> 34) as u32
    }

    #[inline]
    pub(crate) fn is_available(self) -> bool {
        self.0 & (STATE_MASK | FULL) == AVAILABLE
    }

    #[inline]
    pub(super) fn state(self) -> u64 {
        self.0 & STATE_MASK
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state() {
            FREE => "Free",
            AVAILABLE => "Available",
            UNAVAILABLE => "Unavailable",
            _ => "Removed",
        };
        write!(f, "{state}#{} Pending:{}", self.generation(), self.pending())
    }
}
