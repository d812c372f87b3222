//! The rules that pick one among the available peers.
//!
//! # Which one?
//!
//! | policy | name | looks at | use it when |
//! |---|---|---|---|
//! | [`RoundRobin`] | `round-robin` | a shared cursor | requests cost about the same and every peer should get its exact turn |
//! | [`WeightedRoundRobin`] | `weighted-round-robin` | a shared cursor, and weights | the same where peers are to get shares of a fixed size |
//! | [`Random`] | `random` | one random peer | there are many clients, or many threads: nothing is shared between them |
//! | [`TwoRandomChoices`] | `two-random-choices` | the load of two random peers | requests differ in cost |
//! | [`FewestPending`] | `fewest-pending-requests` | the load of every peer, kept in order | there are few, slow, expensive requests and the least loaded peer matters |
//! | [`Priced::least_loaded`] | `least-loaded` | the load of two random peers and of a few that answered lately, and failures | the best default: needs nothing, and leaves peers alone that fail |
//! | [`Priced::least_latency`] | `least-latency` | and how long answers took | peers or networks that are not all alike; many clients |
//! | [`Priced::least_reported`] | `least-reported` | and the load that peers report | answers that say how busy their server is |
//! | [`HashRing32`] | `hashring32` | the shard key | a key should stay with its peer: caches, sessions, partitions |
//! | [`Maglev`] | `maglev` | the shard key | the same, where keys are to be spread evenly, or by weight |
//! | [`Single`] | `single` | nothing | there is one peer |
//! | [`Direct`] | `direct` | the shard key, as a name | the caller says which peer |
//!
//! # A bound
//!
//! The rules that do not look at load send a slow peer, or one that has just started and is cold, as
//! many requests as any other, and they pile up there. `round-robin:bound=1.25`, `random:bound=1.25`,
//! `hashring32:bound=1.25` and `maglev:bound=1.25` pass over a peer that would have more than 1.25 times
//! its share in flight: see [`Bounded`]. Of 100 peers at 0.7 of what they can do, one five times as slow
//! then has 2 times the mean of the others at most, where without a bound it gets hundreds; and of a
//! ring's popular keys three of four stay at home while no peer is above the bound.
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
//! `choice` and `contract` say what a policy is; `bounded` is the bound around four of them; `engine` has
//! the indexes; each policy has a file of its own. `any` is one of them, `catalogue` has a row for each,
//! `keys` their settings, and `spec` makes them from text by the rows; the essay of `catalogue` says what
//! to touch to add one.

mod any;
mod bounded;
mod catalogue;
mod choice;
mod contract;
mod direct;
mod engine;
mod fewest_pending;
mod hashring32;
mod keys;
mod maglev;
mod priced;
mod random;
mod round_robin;
mod serial;
mod single;
mod spec;
mod two_random;
mod weighted_round_robin;

pub use self::any::AnyPolicy;
pub use self::bounded::Bounded;
pub use self::catalogue::{PolicyRow, catalogue};
#[doc(hidden)]
pub use self::choice::LearnerRef;
pub use self::choice::{AskAgain, Choice, Nothing, Watch};
pub use self::contract::Policy;
pub(crate) use self::contract::Seal;
pub use self::direct::Direct;
pub(crate) use self::direct::KEEP;
pub use self::engine::Dense;
#[cfg(all(test, loom))]
pub(crate) use self::engine::{
    Drawn, Levels, Newcomers, RingBed, Sequence, Shares, Snapshot, Start,
};
pub(crate) use self::engine::{Hold, NameIndex};
pub use self::fewest_pending::FewestPending;
pub use self::hashring32::{HashRing32, HashRing32Options, fingerprint32};
pub use self::maglev::Maglev;
#[cfg(all(test, loom))]
pub(crate) use self::priced::choose_remembered;
pub use self::priced::{Priced, PricedOptions};
pub use self::random::Random;
pub use self::round_robin::RoundRobin;
pub use self::serial::{PeerInfo, Serial, SerialPolicy};
pub use self::single::Single;
pub use self::spec::PolicySpec;
pub use self::two_random::TwoRandomChoices;
pub use self::weighted_round_robin::WeightedRoundRobin;
pub use crate::rng::Rng;
pub use crate::roster::{Available, Entry, IndexRef, Roster};
pub use crate::slot::{Key, Pinned};
