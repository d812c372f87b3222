//! The word of a slot: how many requests, which state, whose turn, how often.
//!
//! It packs the number of requests in flight with the state of the slot, so that choosing a
//! peer, counting the request and keeping the peer alive are one atomic step:
//!
//! ```text
//!  bits  0..32  pending     pins on the slot = requests in flight; bit 31 = full
//!  bits 32..34  state       see the table
//!  bits 34..54  generation  +1 each time the slot is freed
//!  bits 54..64  chosen      +1 with each pin: the lowest bits of a number that `tally.rs` has the rest of
//!
//!  state        peer and owner       who may change the state              pins
//!  Free         empty                a holder of the roster's mutex        0
//!  Unavailable  set, or being set    a holder of the roster's mutex        may only sink
//!  Available    set                  a holder of the roster's mutex        rise and sink
//!  Removed      set                  the one thread that retires the slot  may only sink
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
//! # Why all changes are additions
//!
//! C can copy a pick, and two threads can finish the copies at one moment. Each has seen a request in
//! flight, so one subtraction too many may come, which borrows from the state. The thread that did it
//! learns so from what it subtracted from, and adds what it took. In between the bit `full` is set, so
//! the slot is not chosen, and whoever reads the state reads past the borrow. As states change by
//! additions too, the order in which all of it happens changes nothing of the result.
//!
//! # A limit is where the count begins
//!
//! The slots of a list with a limit of N requests on each peer count from 2³¹ − N, so that the bit
//! `full` is the limit: the pin's compare-exchange, which looks at that bit anyway, keeps it, and so do
//! copies of it in other languages. The number that is added is the slot's *base*, 0 without a limit:
//! the same for all slots of a list, so counts compare as they are, and what needs the true count takes
//! the base away ([`Word::above`]). It is added when a peer is seated, and taken away by the addition
//! that removes the peer: from there on the count is the true one, and the last pin of a removed slot is
//! known by one comparison as ever. A slot without a peer has no base in its count: by the base it is far
//! above the limit, which no count of requests is.
//!
//! # How requests are counted for nothing
//!
//! The compare-exchange that adds a pin adds to `chosen` as well: a larger number is added, and no other
//! operation is needed. It runs over the top of the word once in 1,024 requests. The pin that takes it past
//! half of that, or over the top, which is one pin and no other as a compare-exchange knows what it has
//! changed, adds one to the number of halves; it may, as the peer is pinned. A reader that meets the two in
//! between sees it: the topmost bit of the word says whether the number of halves is odd. It does not see two at
//! once, of a thread that is held up there for 512 more requests: then 1,024 are missing until one is noted, and
//! for good if the peer leaves just then.
//!
//! What is counted is choices, and not ends, because the end of a pin is where the memory of the number of
//! halves ceases to be the thread's. Requests that have ended are those that were chosen and are not pending,
//! which one load of the word tells.
//!
//! # Which thread touches what, and what orders it
//!
//! | cell | written by | read by | ordered by |
//! |---|---|---|---|
//! | `tenant`, `words` | `seat`, under the mutex, never pinned since `Free` | a holder of a pin | `publish` (release) → `add_pin` (acquire) |
//! | the same | the same | a holder of the mutex | the mutex |
//! | `tenant` | `take`, by the retiring thread, without the mutex | holders of pins, before | `unpin` (release) → the last `unpin`'s `acquire_last`, or a `remove` that met no pin (acquire) |
//! | `tenant` | the same | holders of the mutex, before the removal | `remove` (release) → the later `acquire_last` (acquire) |
//! | `words[1]` | `set_data`, under the mutex | a holder of a pin | the table of `data.rs` |
//! | `tenant`, `words` | the next `seat` | – | `take` → `free` under the mutex → the mutex |
//! | `watched` | `seat` and attribute updates, under the mutex | a holder of a pin, a policy's draw | nothing: a number, relaxed; watch flags do not change while pins can exist, but `WATCH_DATA`: see `data.rs` |
//! | `tally.halves` | the pin that takes `chosen` past a half | a reader of the numbers | `note_half` (release) → `chosen` (acquire): the word is past it |
//! | counts of ends | a holder of a pin, before it gives it back or over | a reader of the numbers | `unpin`, `chosen_again` (release) → `word_acquired` (acquire) |
//! | `cost` | the policy, by any thread | any thread | nothing: a number, relaxed |
//!
//! `tenant` is two cells, of which one leads to the other: the slot's, and the peer in what it points to.
//!
//! `models/slot.rs` plays the rows of `tenant`, `models/data.rs` that of `words[1]`, and `models/tally.rs` those of
//! the numbers; none plays those of `watched` and `cost`.

use std::fmt;

pub(super) const PIN: u64 = 1;
pub(crate) const STATE_SHIFT: u32 = 32;
const STATE_MASK: u64 = 0b11 << STATE_SHIFT;
pub(super) const FREE: u64 = 0 << STATE_SHIFT;
pub(crate) const AVAILABLE: u64 = 1 << STATE_SHIFT;
pub(super) const UNAVAILABLE: u64 = 2 << STATE_SHIFT;
pub(crate) const REMOVED: u64 = 3 << STATE_SHIFT;
pub(crate) const GENERATION_SHIFT: u32 = 34;
const GENERATION: u64 = 1 << GENERATION_SHIFT;
pub(crate) const CHOSEN_SHIFT: u32 = 54;
pub(crate) const CHOSEN: u64 = 1 << CHOSEN_SHIFT;
/// The bits of the generation.
pub(crate) const TENANT: u64 = CHOSEN - GENERATION;
/// In half so many choices the topmost bit changes.
pub(crate) const MOST_CHOSEN: u64 = 1 << (u64::BITS - CHOSEN_SHIFT);
/// Set when a peer has as many requests as it may; without a limit, when so many pins were leaked
/// (`mem::forget`) that the count might run into the state. Such a slot is not chosen.
pub(crate) const FULL: u64 = 1 << 31;

/// Where the count of a slot begins that may have so many pins, at least 1.
pub(crate) const fn base_of(limit: u32) -> u32 {
    FULL as u32 - limit
}

/// By how much a count may be below zero for a moment; no count comes so near to the state from below.
const OVERDRAWN: u64 = 1 << 16;

/// What a slot's word said at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Word(pub(super) u64);

impl Word {
    /// The count as it stands, base and all: to compare with another slot's of the same list.
    #[inline]
    pub(crate) fn count(self) -> u32 {
        self.0 as u32
    }

    /// The count above the slot's base.
    #[inline]
    pub(crate) fn above(self, base: u32) -> u32 {
        if base == 0 || self.state() == REMOVED {
            self.count()
        } else {
            self.count().wrapping_sub(base)
        }
    }

    #[inline]
    pub(crate) fn generation(self) -> u32 {
        ((self.settled() & TENANT) >> GENERATION_SHIFT) as u32
    }

    /// The word with one more pin, of one more choice.
    #[inline]
    pub(super) fn pinned_once_more(self) -> Self {
        Self(self.0.wrapping_add(CHOSEN + PIN))
    }

    /// Whether the number of choices is past another half in the other word, which is one choice later.
    #[inline]
    pub(super) fn is_half_before(self, later: Self) -> bool {
        ((self.0 ^ later.0) as i64) < 0
    }

    /// The lowest bits of the number of choices.
    #[inline]
    pub(super) fn chosen(self) -> u64 {
        self.settled() >> CHOSEN_SHIFT
    }

    /// How many choices there were since another word was seen: less than 1,024.
    pub(super) fn chosen_since(self, seen: Self) -> u64 {
        self.chosen().wrapping_sub(seen.chosen()) % MOST_CHOSEN
    }

    /// What is to be added for the next generation, and no choice of it.
    pub(super) fn to_next_generation(self) -> u64 {
        let now = self.settled() & (TENANT | !(CHOSEN - 1));
        let next = (now + GENERATION) & TENANT;
        next.wrapping_sub(now)
    }

    /// The word with the count out of the way, should it be below zero.
    #[inline]
    fn settled(self) -> u64 {
        self.0.wrapping_add(OVERDRAWN)
    }

    /// Whether the count above the slot's base is not, or was taken below, zero; or there is no base in
    /// it, as the slot has no peer by now.
    #[inline]
    pub(super) fn has_none(self, base: u32) -> bool {
        // Only 1 to the limit are requests: one comparison, as less than 1 wraps to more than any limit.
        self.above(base).wrapping_sub(1) >= FULL as u32 - base
    }

    /// Whether there are, and of the tenant whose generation is where it is in the word in `mark`: two
    /// comparisons, which say no of a count that is full, or below zero, too.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn surely_counts(self, mark: u64) -> bool {
        self.0 as i32 > 0 && (self.0 ^ mark) & TENANT == 0
    }

    /// The generation where it is in the word, and the other bits 0.
    #[cfg(feature = "capi")]
    #[inline]
    pub(super) fn tenant(self) -> u64 {
        self.settled() & TENANT
    }

    /// Whether it may be pinned: one comparison for "the state is `Available`" and "not full".
    #[inline]
    pub(crate) fn is_available(self) -> bool {
        self.0 & (STATE_MASK | FULL) == AVAILABLE
    }

    /// Whether its peer is available, with a place for another request or without.
    #[inline]
    pub(crate) fn is_up(self) -> bool {
        self.state() == AVAILABLE
    }

    /// Whether its peer is available and has no place for another request.
    pub(crate) fn is_full(self) -> bool {
        self.is_up() && self.0 & FULL != 0
    }

    /// Whether it is removed and has one pin: one comparison, as a count of 1 borrows nothing.
    #[inline]
    pub(super) fn is_last_of_removed(self) -> bool {
        self.0 & (GENERATION - 1) == REMOVED | PIN
    }

    #[inline]
    pub(super) fn state(self) -> u64 {
        self.settled() & STATE_MASK
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state() {
            FREE => "Free",
            AVAILABLE => "Available",
            UNAVAILABLE => "Unavailable",
            _ => "Removed",
        };
        write!(f, "{state}#{} Pending:{}", self.generation(), self.count())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_full_slot_is_not_available_and_its_count_does_not_reach_the_state() {
        let last = AVAILABLE | (FULL - 1);
        assert!(Word(last).is_available());
        let full = Word(last + PIN);
        assert!(!full.is_available());
        assert_eq!((full.state(), full.count()), (AVAILABLE, 1 << 31));
    }

    #[test]
    fn only_one_state_is_available() {
        for state in [FREE, UNAVAILABLE, REMOVED] {
            assert!(!Word(state).is_available());
        }
        let busy = Word(AVAILABLE | (GENERATION * 7) | 5);
        assert!(busy.is_available());
        assert_eq!((busy.generation(), busy.count()), (7, 5));
    }

    #[test]
    fn a_base_is_in_every_count_but_those_of_removed_slots() {
        for limit in [1, 2, 1 << 24] {
            let base = base_of(limit);
            let with = |state, pins| Word(state | (GENERATION * 3) | u64::from(base + pins));
            assert!(with(AVAILABLE, limit - 1).is_available());
            let full = with(AVAILABLE, limit);
            assert!(!full.is_available() && full.is_full() && full.is_up());
            assert_eq!((full.above(base), full.generation()), (limit, 3));
            assert!(with(AVAILABLE, 0).has_none(base) && with(UNAVAILABLE, 0).has_none(base));
            assert!(!with(AVAILABLE, 1).has_none(base));
            assert!(Word(with(AVAILABLE, 0).0 - PIN).has_none(base), "below it");
            let removed = Word(REMOVED | u64::from(limit));
            assert_eq!((removed.above(base), removed.has_none(base)), (limit, false));
            assert!(Word(REMOVED).has_none(base));
            for empty in [FREE, UNAVAILABLE].map(|state| Word(state | (GENERATION * 3))) {
                assert!(empty.has_none(base), "no peer has it, and so no base is in it");
                assert!(Word(empty.0.wrapping_sub(PIN)).has_none(base), "below it");
            }
        }
    }
}
