//! What a list learns of its peers from how their requests end, and what a choice makes of it.
//!
//! | file | what |
//! |---|---|
//! | `word` | what is known of one peer: 64 bits on the slot's own line |
//! | `log` | latencies as logarithms, which a geometric mean adds and a price divides |
//! | `price` | what a choice compares: requests in flight, times a factor for each thing learnt |
//! | `tick` | the coarse clock |
//! | `memory` | the cheapest peers that answered lately |
//! | `typical` | what is usual among the peers, against which each is measured |
//! | `known` | what of it is shown to who looks |
//! | `learner` | all of it that a list has once |
//!
//! **Who writes what.** A finish writes the word of its peer, on a line that it owns at that moment
//! anyway, with one relaxed store: an update that another one overwrites is a sample lost, and
//! nothing worse; and beside it what the count is made a price with. A choice reads that alone, on lines
//! that it reads for their counts anyway, and no clock. What is typical changes slowly, and estimates
//! fade slowly: both are seen to by a sweep over all peers, at most four times a second, by a finish.
//!
//! **Off is free.** A slot whose policy learns nothing has no flag for it, and finishes with one
//! subtraction.
//!
//! The rules and the constants come from simulations: `docs/choosing.md`.

mod known;
mod learner;
mod log;
mod memory;
mod price;
#[cfg(all(test, not(loom)))]
mod tests;
mod tick;
mod typical;
mod word;

pub use self::known::PeerCost;
pub(crate) use self::learner::{Learner, Settings};
pub(crate) use self::memory::{GROUP, Group, NOTED};
pub(crate) use self::price::{Factors, Kind};
pub use self::tick::Clock;
pub(crate) use self::typical::Typical;
pub(crate) use self::word::{CostWord, Heard};
