//! What the model checker explores: every interleaving, weak memory order included, of the places
//! where threads meet without a lock, or where two events race for one outcome.
//!
//! | model | the claim |
//! |---|---|
//! | `slot` | a peer in use is never released, and each is released exactly once |
//! | `gate` | no wake-up is lost; of a wake, a timeout, a cancel and a stop exactly one ends a wait |
//! | `choose` | the same for the whole of `choose`: a cancelled caller takes no peer |
//! | `direct` | a name that is asked for while it is let go is served, and added once |
//! | `sequence` | a peer in turn is never missed while others flap, join and leave |
//! | `shares` | the same of turns by weight |
//! | `serial` | a serial policy is told of each change and each end once, in order |
//! | `dense` | what is drawn from a table that grows and closes its gaps is a whole slot |
//! | `levels` | each end of a request is counted once, and for the peer that it was on |
//! | `drawn` | the same where draws are by weight |
//! | `memory` | what is remembered of a peer that has answered leads to a whole slot, whoever has it by now |
//! | `places` | a freed place is handed over or found, a newcomer does not overtake a waiter, and a limit is kept |
//! | `departures` | a caller that waits for peers that leave hears the last answer of a transport |
//! | `eject` | a peer that is left alone is ejected once, is never the last, and comes back |
//! | `data` | what is attached to a peer is given up when no pick has it, and not before |
//! | `snapshot` | a value that is being read is not freed |
//! | `ring` | what an update added is on the ring when it returns, whichever thread builds it |
//!
//! They run the library's own types, with loom's primitives under them (`sync.rs`):
//!
//! ```text
//! RUSTFLAGS="--cfg loom" LOOM_MAX_PREEMPTIONS=3 cargo test --release --features capi --lib models
//! ```
//!
//! Without the feature all but `data` run.
//!
//! The bound on preemptions keeps a run within minutes; faults of this kind show with two or three
//! (Musuvathi and Qadeer, "Iterative context bounding", PLDI 2007).

mod choose;
#[cfg(feature = "capi")]
mod data;
mod dense;
mod departures;
mod direct;
mod drawn;
mod eject;
mod fakes;
mod gate;
mod levels;
mod memory;
mod places;
mod ring;
mod sequence;
mod serial;
mod shares;
mod slot;
mod snapshot;
mod tally;
