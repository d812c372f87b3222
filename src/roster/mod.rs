//! Who can be chosen: the slots, and why each of them can or cannot.
//!
//! | file | what |
//! |---|---|
//! | `front` | the roster: what a choice reads of it, and its counts |
//! | `changes` | how a peer takes a slot, and leaves it |
//! | `availability` | how a peer becomes available and unavailable |
//! | `look` | what a list asks of its peers |
//! | `totals` | all peers in numbers |
//! | `left` | what peers that have left were chosen for |
//! | `books` | what the mutex guards: free slots, and a record for each used one |
//! | `index` | what a policy keeps of the available peers, in step with the roster |
//! | `entry` | a peer as a policy sees it |
//! | `table` | a table of slots that is read without a lock |
//!
//! Changes of state happen under one mutex and are O(1) whatever the number of peers. The roster
//! keeps no table of its own: a peer that becomes available is told to the policy's index, under the
//! same mutex. Choosers read the index without a lock. What they find may be out of date by the time
//! they look at the slot; the slot's word tells, and they draw again. After a few misses they draw
//! once more under the mutex, where nothing moves: a choice that exists is never missed.
//!
//! No callback runs under the mutex. An index is not one: it is this crate's own code.

mod availability;
mod books;
mod changes;
mod entry;
mod front;
mod index;
mod left;
mod look;
mod table;
mod totals;

pub(crate) use self::availability::Availability;
pub use self::entry::{Available, Entry};
pub use self::front::Roster;
pub use self::index::IndexRef;
pub(crate) use self::index::{About, Guarded, Home, Index, Locked};
pub(crate) use self::look::Ranked;
#[cfg(all(feature = "capi", not(loom)))]
pub(crate) use self::table::TableMemory;
pub(crate) use self::table::{Table, TableStore, View};
