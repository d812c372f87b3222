//! The available peers by number of pending requests, and among equals by time of last choice.
//!
//! A binary heap over (pending, last choice) costs O(log n) to choose, because the peer chosen goes
//! from the front to the back. Here every number of pending requests is a level (`loads`), and a
//! choice moves one peer from the lowest level to the end of the next: O(1), whatever the number of
//! peers. A finished request moves its peer one level down. So the minimum is exact, and so is the
//! order among equals.
//!
//! A peer that joins, or comes back, was chosen never, or long ago. If it came first among its equals
//! for that, the next request of all idle clients would go to it. It gets a place, and a stamp, as
//! if it had been chosen at another time:
//!
//! ```text
//!  its k equals     a──────b──c────────────d────e──▶ now
//!                  ▲ ▲      ▲  ▲            ▲    ▲
//!                  before all, or just behind any of them: each once in k + 1 times
//! ```
//!
//! Of many that come together most follow the one before (`engine/newcomers.rs`). (yarpc-go,
//! `peer/pendingheap`, gives a newcomer the place of a random other peer, and that one the last.)
//!
//! Choices take a lock. An end does not: it is written down beside the lock, for the next choice to enter
//! (`ends`).
//!
//! The requests in flight are counted here from choice to finish, also while a peer is unavailable:
//! one that comes back with requests still in flight comes back to their level.
//!
//! | file | what |
//! |---|---|
//! | `index` | the index: what a choice asks, and what the roster tells |
//! | `books` | what is changed under its lock: by choices, ends, and newcomers |
//! | `ends` | ends that are written down for the next choice |
//! | `loads` | the peers by load, and where the least loaded is |
//! | `heap` | a peer, and those of one level whose order is not that of their last choice |

mod books;
mod ends;
mod heap;
mod index;
mod loads;

pub(crate) use self::index::Levels;
