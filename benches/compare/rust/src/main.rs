//! The same work on peerage and on what a Rust program would use instead, in one process, in turn.
//!
//! ```text
//! cargo run --release                       all works, about four minutes
//! cargo run --release -- --only choose      one of them
//! cargo run --release -- --quick            a smoke test: figures mean little
//! ```
//!
//! Figures go to standard output, a line each (`line.rs`); what was left out, and why, to standard
//! error. Sides take turns in short slices and the best of each counts (`turns.rs`).
//!
//! | file | idea |
//! |---|---|
//! | `ours.rs`, `pingora_lists.rs`, `tower_balance.rs`, `floor.rs` | the sides |
//! | `side.rs`, `group.rs` | what a side can do: requests and flaps; members that come and go |
//! | `choose.rs`, `flaps.rs`, `members.rs`, `wake.rs`, `memory.rs` | the works |

// The floor of `cargo bench`, of which one loop is not needed here.
#[allow(dead_code)]
#[path = "../../../choose/floor.rs"]
mod bare;
mod choose;
mod counting;
mod flaps;
mod floor;
mod group;
mod line;
mod members;
mod memory;
mod ours;
// The transport of `cargo bench`, which costs as little as one can; not all of it is needed here.
#[allow(dead_code)]
#[path = "../../../choose/peers.rs"]
mod peers;
mod pingora_lists;
mod side;
mod tower_balance;
mod turns;
mod wake;

use clap::{Parser, ValueEnum};

use crate::turns::Effort;

#[derive(Debug, Parser)]
#[command(about = "Measures peerage beside pingora's and tower's load balancers")]
struct Args {
    /// Few and short repetitions of small lists: shows that everything runs, and little else.
    #[arg(long)]
    quick: bool,

    /// Only this work.
    #[arg(long, value_enum, value_name = "WORK")]
    only: Option<Work>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Work {
    /// Choose + finish.
    Choose,
    /// Single requests, calm and while peers flap.
    Flaps,
    /// Many peers that come, flap and go.
    Members,
    /// Blocked callers that one push of a status wakes.
    Wake,
    /// Bytes per peer.
    Memory,
}

fn main() {
    let args = Args::parse();
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let wanted = |work| args.only.is_none_or(|only| only == work);
    if wanted(Work::Choose) {
        choose::print(effort);
    }
    if wanted(Work::Flaps) {
        flaps::print(effort);
    }
    if wanted(Work::Members) {
        members::print(effort);
    }
    if wanted(Work::Wake) {
        wake::print(effort);
    }
    if wanted(Work::Memory) {
        memory::print(effort);
    }
}
