//! What a choice costs, against what the hardware asks for it.
//!
//! ```text
//! cargo bench                         the whole table, a few minutes
//! cargo bench --bench choose -- --quick   a smoke test: figures mean little
//! ```
//!
//! Every time is a ratio within one run: the policy and its *floor* take turns, and the best of
//! each counts (`timing.rs`). The floor for n peers is a bare loop over n cache lines that draws as
//! many random lines as the policy does, loads them, adds 1 to one and subtracts it again
//! (`floor.rs`). Machines are noisy, so nothing here fails: a figure beyond its target says MISSED.
//!
//! | file | rows |
//! |---|---|
//! | `choosing.rs` | choose + finish of every policy; allocations |
//! | `learning.rs` | the same of policies that learn, against two random choices |
//! | `changing.rs` | one status change, in time and in instructions |
//! | `adding.rs` | adding 100,000 peers |
//! | `handing.rs` | a place that goes from a request that ends to a caller that waits |
//! | `waking.rs` | callers that wait for a peer, woken by a push |
//! | `scrape.rs` | the text for Prometheus, and choices beside it |
//! | `memory.rs` | bytes per peer and per point of a ring |

mod adding;
mod callgrind;
mod changing;
mod choosing;
mod floor;
mod handing;
mod learning;
mod memory;
mod peers;
mod scrape;
mod table;
mod timing;
mod waking;

use clap::{Parser, ValueEnum};

use crate::changing::Replay;
use crate::table::Report;
use crate::timing::Effort;

#[derive(Debug, Parser)]
#[command(about = "Times choosing against the floor of the hardware")]
struct Args {
    /// Few and short repetitions: shows that the benchmark runs, and little else.
    #[arg(long)]
    quick: bool,

    /// Only this group of rows.
    #[arg(long, value_enum)]
    only: Option<Group>,

    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,

    /// Does so many status changes and nothing else: POLICY PEERS CHANGES. The benchmark runs itself
    /// so under callgrind.
    #[arg(long, hide = true, num_args = 3)]
    status_changes: Option<Vec<String>>,

    /// Makes so many requests and nothing else: POLICY PEERS REQUESTS. As above.
    #[arg(long, hide = true, num_args = 3)]
    requests: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    Choosing,
    Learning,
    Changing,
    Handing,
    Waking,
    Scrape,
    Memory,
}

/// The instructions of this program, run again with these arguments. `None`: there is no callgrind.
fn replayed(arguments: &[String]) -> Option<u64> {
    Some(callgrind::instructions(&std::env::current_exe().ok()?, &[], arguments)?.1)
}

fn main() {
    let args = Args::parse();
    if let Some(replay) = &args.status_changes {
        return Replay::parse(replay).run();
    }
    if let Some(requests) = &args.requests {
        return learning::replay(requests);
    }
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let mut report = Report::default();
    let wanted = |group| args.only.is_none_or(|only| only == group);
    if wanted(Group::Choosing) {
        choosing::rows(&mut report, effort);
    }
    if wanted(Group::Learning) {
        learning::rows(&mut report, effort);
    }
    if wanted(Group::Changing) {
        changing::rows(&mut report, effort);
        adding::rows(&mut report, effort);
    }
    if wanted(Group::Handing) {
        handing::rows(&mut report, effort);
    }
    if wanted(Group::Waking) {
        waking::rows(&mut report, effort);
    }
    if wanted(Group::Scrape) {
        scrape::rows(&mut report, effort);
    }
    if wanted(Group::Memory) {
        memory::rows(&mut report, effort);
    }
    report.print();
}
