//! How the data of a peer is replaced while requests are in flight.
//!
//! The second of the transport's two words is the peer's data, and a raw pick keeps the one that the
//! slot had. The data that was replaced may be given up when no pick has it. To count picks by data
//! would cost each of them; so they are counted only while it matters:
//!
//! ```text
//!  replaced:   watch ─▶ store the data ─▶ touch the word       from here on picks are recorded
//!  in flight - recorded = 0:                                   no pick has the old data: unwatch
//! ```
//!
//! A pick is *recorded* if its slot was watched (`WATCH_DATA`) when it was made: it counts on the data
//! that it got, in the peer. Others are *plain*, and have the data from before the watch began:
//!
//! | pinned | reads | why |
//! |---|---|---|
//! | after the touch | the watch | `touch` (release) → `add_pin` (acquire) |
//! | before the touch | the old data, or the watch | it reads the data first, then who watches; the data's store (release) comes after the watch |
//!
//! The plain ones were pinned before the touch, so they are among the requests that are in flight at
//! the touch, and become fewer only. So while a slot is watched there is one data that plain picks
//! may have, however often it is replaced: all data between are held by recorded picks alone.
//!
//! A finish that looked at `watched` before the watch, and subtracts after the touch, is not noticed:
//! then the old data stays until the next finish, or the next data, or the peer's end.

use super::cell::Slot;
use super::key::Key;
use super::watched::WATCH_DATA;
use super::word::FREE;
use crate::sync::Ordering;

impl Slot {
    /// Sets the data, and whether picks are recorded, if the slot is in use by this tenant, removed or
    /// not. Mutex held: the slot stays in use.
    pub(crate) fn set_data(&self, tenant: Key, data: usize, watched: bool) {
        let word = self.word();
        if word.generation() != tenant.generation || word.state() == FREE {
            return;
        }
        let flag = u32::from(WATCH_DATA);
        if watched {
            self.watched.fetch_or(flag, Ordering::Relaxed);
        }
        // Release: what the data points to, and the watch.
        self.words[1].store(data, Ordering::Release);
        // Changes nothing, but is in the word's order: pins are before it or after it.
        self.word.fetch_add(0, Ordering::AcqRel);
        if !watched {
            // Relaxed: a reader that sees it late records a pick in vain.
            self.watched.fetch_and(!flag, Ordering::Relaxed);
        }
    }

    /// The data, for a holder of a pin, who looks at `watched` after it.
    #[inline]
    pub(super) fn data(&self) -> usize {
        // Acquire pairs with `set_data`.
        self.words[1].load(Ordering::Acquire)
    }

    /// Requests in flight of a tenant, and an end to what its former ones did.
    pub(crate) fn in_flight(&self, tenant: Key) -> u32 {
        // Acquire pairs with every earlier `unpin`: data that is given up is not in use any more.
        let word = super::word::Word(self.word.load(Ordering::Acquire));
        if word.generation() == tenant.generation { self.pending_of(word) } else { 0 }
    }
}
