//! What a choice, a change and a peer cost.
//!
//! ```text
//! cargo bench                                  # every row
//! cargo bench --bench choose -- --quick        # a smoke run: the numbers mean little
//! cargo bench --bench choose -- --callgrind    # instructions of a status change, by valgrind
//! ```
//!
//! Nanoseconds differ from machine to machine, so no row promises any. Each row is a ratio to
//! something that has to be done anyway, measured in the same run: a choice against *the floor*
//! (`floor.rs`), an update against a `HashMap`, a status change among many peers against one among
//! few. Both sides alternate in short repetitions and the best of each counts, because whatever
//! else runs on the machine can only make a repetition slower.
//!
//! A row that misses its target says so; the exit code stays 0, since a shared machine is no judge.

mod adding;
mod changes;
mod choosing;
mod floor;
mod measure;
mod peers;
mod report;

use clap::Parser;

use crate::measure::Effort;
use crate::report::Report;

/// What choices, changes and peers cost.
#[derive(Debug, Parser)]
struct Flags {
    /// A smoke run: few and short repetitions, small lists.
    #[arg(long)]
    quick: bool,
    /// Counts the instructions of a status change, with valgrind, instead of timing anything.
    #[arg(long)]
    callgrind: bool,
    /// What `--callgrind` runs under valgrind: status changes of this policy ..
    #[arg(long, hide = true, requires = "peers")]
    status_changes: Option<String>,
    /// .. among so many peers.
    #[arg(long, hide = true)]
    peers: Option<usize>,
    /// Cargo passes it.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let flags = Flags::parse();
    // `cargo test --benches` runs this without `--bench`: it is not the time to measure.
    let effort = if flags.quick || !flags.bench { Effort::quick() } else { Effort::thorough() };
    if let (Some(policy), Some(peers)) = (&flags.status_changes, flags.peers) {
        changes::run_alone(policy, peers);
        return;
    }
    let mut report = Report::new();
    if flags.callgrind {
        changes::instructions(&mut report, &effort);
    } else {
        choosing::measure(&mut report, &effort);
        changes::time(&mut report, &effort);
        adding::measure(&mut report, &effort);
    }
    println!("{report}");
}
