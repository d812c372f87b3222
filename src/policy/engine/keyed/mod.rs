//! All members of the list in a table by key, whether they are available or not: what a ring and a
//! table of even shares have in common.
//!
//! A *place* is a shard name, and what keys belong to. The peers with that shard name, mostly one,
//! *sit* in the place.
//!
//! ```text
//!   update ──▶ roster ── joined, left, reattributed ──▶ changes     under the roster's mutex
//!     │                                                    │
//!     └─ at its end: after_batch ────────────────────▶   books      one thread at a time
//!                                                          │ replaced as a whole
//!   choose ── looks up a key ────────────────────────▶   table      read without a lock
//! ```
//!
//! What joins and leaves is written down under the roster's mutex and worked off together when the
//! batch is over, outside that mutex, while choosers go on with the old table. So an update of a
//! thousand peers builds one table and not a thousand.
//!
//! Status changes do not touch the table. Nor need a departure: the seat of a peer that has left
//! cannot be pinned any more.
//!
//! | file | what |
//! |---|---|
//! | `index` | the index: what the roster tells, and the end of a batch |
//! | `seats` | the peers of a place, and which of them can be chosen |

mod index;
mod seats;

pub(super) use self::index::{Build, Change, Effect, Keyed, Seated};
pub(super) use self::seats::{Eligible, Seats};
