//! One entry of the roster: a word that says who may touch it, and the peer it guards.
//!
//! | file | what |
//! |---|---|
//! | `word` | the count, the state and the generation; the table of all edges between threads |
//! | `cell` | the slot itself: 64 bytes, and what stands where |
//! | `states` | how each of its states becomes the next |
//! | `pins` | adding a pin to a slot, and giving it back |
//! | `watched` | who wants to hear of the slot's requests, and the peer's weight and tier |
//! | `token` | what a thread can own of a slot: a pin, and the duty to retire it |
//! | `key` | which peer: a slot and its tenant |
//! | `pin` | what a policy puts on a slot: a choice that can still be taken back |
//! | `pick` | what a caller holds until its request has ended |
//! | `finish` | how a request begins and ends, and which thread retires a slot |
//! | `learn` | what a finish teaches of its peer |
//! | `streak` | failures in a row |
//! | `price` | what one more request on a slot costs |
//! | `retained` | the peer's owner, which keeps the list alive |
//! | `tally` | how often a peer was chosen, and how its requests ended |
//! | `data` | how a peer's data is replaced, for the C layer |
//! | `raw` | doors of the C layer |
//!
//! **The pending count is the reference count.** A slot in use keeps its list's memory alive, and a
//! pin keeps the slot in use: so a pick is a pointer, and a choice and its finish are two atomic
//! operations on one cache line.

mod cell;
#[cfg(feature = "capi")]
mod data;
mod finish;
mod key;
mod learn;
mod pick;
mod pin;
mod pins;
mod price;
#[cfg(feature = "capi")]
pub(crate) mod raw;
mod retained;
mod states;
mod streak;
mod tally;
#[cfg(all(test, not(loom)))]
mod tests;
mod token;
mod watched;
mod word;

pub(crate) use self::cell::{Contents, Retained, Slot, SlotRef};
pub use self::key::Key;
pub use self::pick::{OwnedPick, Pick};
pub(crate) use self::pin::Pin;
pub use self::pin::Pinned;
pub(crate) use self::price::{ByCount, ByFactors, MOST, Pricing};
pub(crate) use self::retained::HandOver;
pub(crate) use self::retained::Owner;
pub(crate) use self::tally::Counted;
pub(crate) use self::token::{PinOf, Retiring};
pub(crate) use self::watched::{
    WATCH_COST, WATCH_DATA, WATCH_FAILURES, WATCH_PEER, WATCH_PLACES, WATCH_POLICY, WATCH_STREAK,
    WATCH_TIME, Watched,
};
#[cfg(all(test, loom))]
pub(crate) use self::word::{CHOSEN, MOST_CHOSEN};
pub(crate) use self::word::{Word, base_of};
