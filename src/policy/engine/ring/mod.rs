//! All members of the list on a hash ring, whether they are available or not.
//!
//! Each place has as many *points* on the ring as there are replicas, each the hash of its name with a
//! number. A key belongs to the first point at or after its own hash that has an available peer.
//! `keyed` says what places are, and how a table is kept in step with the members; the table here is
//! two layers, a main one and an overlay of what has come since it was built.
//!
//! A lookup walks past the places that have no available peer, which gives the same answer as a ring
//! without them. So it walks past those whose peers have left, until they are cleared away.
//!
//! | file | what |
//! |---|---|
//! | `lookup` | what a choice asks |
//! | `walk` | the way of a lookup along the points |
//! | `books` | what a batch of changes makes of the ring, and when a table is built |
//! | `peers` | who sits where |
//! | `layers` | the main table and the overlay, walked as one |
//! | `layer` | one table: places with names, points and seats |
//! | `named` | a place by its name |
//! | `points` | sorted points, found by the upper bits of a hash |
//! | `fingerprint` | the hash |

#[cfg(test)]
pub(crate) mod bed;
mod books;
mod fingerprint;
mod layer;
mod layers;
mod lookup;
mod named;
mod peers;
mod points;
#[cfg(all(test, not(loom)))]
mod tests;
mod walk;

pub use self::fingerprint::fingerprint32;
pub(crate) use self::layers::Start;
pub(crate) use self::lookup::Ring;
pub(crate) use self::walk::MAX_OFFSET;
