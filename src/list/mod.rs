//! The peer list: who is in it, who can be chosen, who is waiting.
//!
//! ```text
//!  PeerList      the owner: starts, stops, updates, chooses; stopped when dropped
//!   └ Core       what picks and subscribers may outlive it with
//!      ├ policy        which peer
//!      └ shared        everything else, whatever the policy
//!         ├ membership   who is in the list, and whether it retains its members
//!         ├ roster       the slots: who can be chosen
//!         └ gate         who is waiting
//! ```
//!
//! | file | what |
//! |---|---|
//! | `options` | what can be set |
//! | `membership` | who is in the list: a table of states, and what changes each |
//! | `slice` | which members a client uses that is one of many |
//! | `tiers` | peers that serve while those before them are not enough |
//! | `shared` | what every part works on, and what a status push does |
//! | `retain`, `retire` | one peer, from `retain_peer` to `release_peer` |
//! | `online` | all members at once: a start, a subset |
//! | `departures` | peers that have left and are not released yet |
//! | `aside` | what is kept of why peers do not serve |
//! | `alarm` | what is done when too few peers are available |
//! | `eject` | peers that are left alone because their requests failed |
//! | `readiness` | a descriptor that is readable while a peer can be chosen |
//! | `drain`, `ready_fd` | what programs ask of these two |
//! | `numbers` | what the list counts besides its peers |
//! | `core` | the policy beside the shared part; what a slot calls |
//! | `peer_list` | the owner |
//! | `lifecycle`, `update`, `status` | its starts and stops, its updates, its status page |
//! | `choose`, `waiting`, `why`, `wishes` | the way of a request |
//! | `explain` | why a choice found no peer, told afterwards |
//! | `raw` | doors of the C layer |
//!
//! A request goes down and does not come back up: `choose` asks the policy, the policy pins a slot
//! of the roster, and the pick that holds the pin knows the slot alone. Only when nothing can be
//! chosen does it turn to the gate. No lock is held while code of the user's runs.

mod alarm;
mod aside;
mod choose;
mod core;
mod departures;
mod drain;
mod eject;
#[cfg(feature = "capi")]
mod explain;
mod lifecycle;
mod membership;
mod numbers;
mod online;
mod options;
mod peer_list;
#[cfg(feature = "capi")]
mod raw;
mod readiness;
#[cfg(unix)]
mod ready_fd;
mod retain;
mod retire;
mod shared;
mod slice;
mod status;
mod tiers;
mod update;
mod waiting;
mod why;
mod wishes;

#[cfg(all(test, loom))]
pub(crate) use self::departures::Departures;
#[cfg(feature = "capi")]
pub(crate) use self::explain::Ended;
pub use self::options::{ListOptions, OnPanic};
pub use self::peer_list::PeerList;
pub use self::slice::Client;
