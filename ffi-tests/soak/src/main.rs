//! Clients in Rust, C, C++ and Go at once, on servers that are killed, stopped, slowed and started again, while
//! a DNS server and a file change who the servers are. In the end every count balances in every language,
//! nothing waits, and no client holds more than it did after the first part.
//!
//! ```text
//!                     plan (seed)
//!                         │ steps
//!     members ◀────────── run ──────────▶ servers      8 processes, 127.0.1.1..8
//!   Knot, a file           │ mark, go, stop    ▲ requests, probes
//!        └──── peers ────▶ clients ────────────┘       4 processes with 4 choosers each
//! ```
//!
//! | file | what |
//! |---|---|
//! | `plan`, `dice` | what is done when, from the seed |
//! | `run` | does it, and asks the clients at the marks |
//! | `servers`, `members`, `clients` | who takes part |
//! | `setup` | which choosers each client has |
//! | `processes` | signals; what a process holds |
//! | `checks` | what must hold |
//! | `report` | the table, for people and as Markdown |
//! | `bin/server`, `bin/client` | the server, and the client in Rust; `c/`, `cpp/`, `go/` have the others |

mod checks;
mod clients;
mod dice;
mod members;
mod plan;
mod processes;
mod report;
mod run;
mod servers;
mod setup;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Parser;

use crate::plan::Times;
use crate::setup::Language;

/// Clients in four languages on servers that fail, for an hour.
#[derive(Debug, Parser)]
#[command(name = "soak")]
pub(crate) struct Args {
    /// Five minutes instead of an hour.
    #[arg(long, conflicts_with = "seconds")]
    quick: bool,
    /// How long, instead of an hour.
    #[arg(long, value_parser = clap::value_parser!(u64).range(12..))]
    seconds: Option<u64>,
    /// What the plan is drawn from; drawn and printed otherwise.
    #[arg(long)]
    seed: Option<u64>,
    /// Calls a second of each client.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(10..))]
    rate: u64,
    /// Threads of each client that call.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..1_000))]
    threads: u64,
    /// Prints the whole plan, and does nothing.
    #[arg(long)]
    plan: bool,
    /// Writes the tables as Markdown, into a page that has a place for them, such as docs/soak.md.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Has a client misbehave, which the run is to find.
    #[arg(long, default_value = "none", value_parser = ["none", "leak-pick", "leak-memory", "leak-fd", "lost-count"])]
    plant: String,
    /// Which client does.
    #[arg(long, default_value = "rust")]
    plant_in: Language,
    /// The folder with the clients in other languages: client-c, client-cpp and client-go.
    #[arg(long, default_value = ".")]
    programs: PathBuf,
    /// Where the logs are to be; it is made.
    #[arg(long, default_value = "soak.log")]
    folder: PathBuf,
}

impl Args {
    fn times(&self) -> Times {
        let end = self.seconds.unwrap_or(if self.quick { 300 } else { 3_600 });
        let first = match end {
            600.. => 60,
            120.. => 30,
            _ => end / 2,
        };
        let [first, end, quiet] = [first, end, (end / 6).clamp(3, 10)].map(Duration::from_secs);
        Times { first, end, quiet }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seed = args.seed.unwrap_or(now.as_nanos() as u64 % 1_000_000);
    let steps = plan::draw(seed, args.times());
    if args.plan {
        println!("seed {seed}");
        steps.iter().for_each(|step| println!("{step}"));
        return ExitCode::SUCCESS;
    }
    match run::run(&args, seed, &steps) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("seed {seed}: {why}; logs in {}", args.folder.display());
            ExitCode::FAILURE
        }
    }
}
