//! All members of the list on a hash ring, whether they are available or not.
//!
//! A *place* is a shard name. It has as many *points* on the ring as there are replicas, each the
//! hash of the name with a number. The peers with that shard name, mostly one, *sit* in the place. A
//! key belongs to the first point at or after its own hash that has an available peer.
//!
//! ```text
//!   update ──▶ roster ── joined, left, reattributed ──▶ changes     under the roster's mutex
//!     │                                                    │
//!     └─ at its end: after_batch ────────────────────▶   books      one thread at a time
//!                                                          │ replaced as a whole
//!   choose ── lookup(hash, offset) ──────────────────▶   layers     read without a lock
//!                                                        main + overlay
//! ```
//!
//! What joins and leaves is written down under the roster's mutex and worked off together when the
//! batch is over, outside that mutex, while choosers go on with the old layers. So an update of a
//! thousand peers builds one table and not a thousand.
//!
//! Status changes do not touch the ring. A lookup walks past the places that have no available peer,
//! which gives the same answer as a ring without them. Nor does a departure: the seat of a peer that
//! has left cannot be pinned any more, and so its place is walked past until it is cleared away.
//!
//! | file | what |
//! |---|---|
//! | `lookup` | the index: what a choice asks, and what the roster tells |
//! | `books` | what a batch of changes makes of the ring, and when a table is built |
//! | `peers` | who sits where |
//! | `layers` | the main table and the overlay, walked as one |
//! | `layer` | one table: places with names, points and seats |
//! | `points` | sorted points, found by the upper bits of a hash |
//! | `fingerprint` | the hash |

#[cfg(test)]
pub(crate) mod bed;
mod books;
mod fingerprint;
mod layer;
mod layers;
mod lookup;
mod peers;
mod points;
#[cfg(all(test, not(loom)))]
mod tests;

pub use self::fingerprint::fingerprint32;
pub(super) use self::layer::Seats;
pub(crate) use self::layers::Start;
pub(crate) use self::lookup::{MAX_OFFSET, Ring};
