//! The rules that pick one among the available peers.
//!
//! # Which one?
//!
//! | policy | looks at | use it when |
//! |---|---|---|
//! | [`RoundRobin`] | a shared cursor | requests cost about the same and every peer should get its exact turn |
//! | [`Random`] | one random peer | there are many clients, or many threads: nothing is shared between them |
//! | [`TwoRandomChoices`] | the load of two random peers | requests differ in cost; the best default for most |
//! | [`FewestPending`] | the load of every peer, kept in order | there are few, slow, expensive requests and the least loaded peer matters |
//! | [`HashRing32`] | the shard key | a key should stay with its peer: caches, sessions, partitions |
//! | [`Single`] | nothing | there is one peer |
//! | [`Direct`] | the shard key, as a name | the caller says which peer |
//!
//! # Three engines
//!
//! A policy *samples* the available peers, walks a *sequence* or looks up a *table*. Each needs a
//! table of its own that is kept in step with the roster: an index, one of this crate's, which the
//! roster changes under its own lock. A list maintains the index of its policy, and no other.
//!
//! # One's own
//!
//! Implement [`Policy`] (concurrent, `&self`, with a [`Dense`] to draw from), or [`SerialPolicy`]
//! (`&mut self`, plain data structures, told of every change) and wrap it in [`Serial`].
//! `examples/policy_concurrent.rs` and `examples/policy_serial.rs` show each.
//!
//! # The files
//!
//! `choice` and `contract` say what a policy is; `engine` has the indexes; each policy has a file of
//! its own; `spec` and `any` name them and make them from text.

mod any;
mod choice;
mod contract;
mod direct;
mod engine;
mod fewest_pending;
mod hashring32;
mod random;
mod round_robin;
mod serial;
mod single;
mod spec;
mod two_random;

pub use self::any::AnyPolicy;
pub use self::choice::{AskAgain, Choice, Nothing, Watch};
pub use self::contract::Policy;
pub(crate) use self::contract::Seal;
pub use self::direct::Direct;
pub use self::engine::Dense;
pub(crate) use self::engine::{Hold, NameIndex};
#[cfg(all(test, loom))]
pub(crate) use self::engine::{RingBed, Snapshot, Start};
pub use self::fewest_pending::FewestPending;
pub use self::hashring32::{HashRing32, HashRing32Options, fingerprint32};
pub use self::random::Random;
pub use self::round_robin::RoundRobin;
pub use self::serial::{PeerInfo, Serial, SerialPolicy};
pub use self::single::Single;
pub use self::spec::PolicySpec;
pub use self::two_random::TwoRandomChoices;
pub use crate::rng::Rng;
pub use crate::roster::{Available, Entry, IndexRef, Roster};
pub use crate::slot::{Key, Pinned};
