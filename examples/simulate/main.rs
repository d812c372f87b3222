//! Clients that choose servers, simulated: the real policies beside the rules of other libraries.
//!
//! ```text
//! cargo run --release --example simulate -- --quick
//! cargo run --release --example simulate -- one-slow --policies two-random-choices,exact-least
//! cargo run --release --example simulate -- --check
//! cargo run --release --example simulate -- --plots target/plots
//! ```
//!
//! Time is virtual and chance is seeded: the same world with the same seed has the same arrivals for
//! every rule, and the same result every time. `docs/simulator.md` says how to write a world, and
//! what a simulation cannot say.
//!
//! The simulator itself is in `src/bin/peerage/simulator/`: the program `peerage` runs it too, on worlds
//! of its user.
//!
//! | folder | what |
//! |---|---|
//! | `worlds/` | worlds, a file each |
//! | `check/` | what the policies have to show in them |
//! | `plots/` | pictures of them |
//! | `tests/` | what the simulator itself has to show |

mod args;
mod check;
mod plots;
#[path = "../../src/bin/peerage/simulator/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the program uses other parts of it")]
mod simulator;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::simulator::compare::{Asked, compare};
use crate::simulator::rules;
use crate::simulator::world::{World, read_all};

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // The reader of the output has seen enough of it.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error: Option<&io::Error> = error.downcast_ref();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Whether everything holds that was to be checked.
fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    let mut worlds = read_all(&args.worlds)?;
    if !args.only.is_empty() {
        worlds.retain(|world| args.only.iter().any(|text| world.name.contains(text)));
        if worlds.is_empty() {
            return Err(format!("no world's name contains {}", args.only.join(" or ")).into());
        }
    }
    if args.quick {
        worlds.iter_mut().for_each(World::shorten);
    }
    if args.list {
        writeln!(io::stdout(), "{}", rules::listed(&worlds))?;
        return Ok(true);
    }
    if args.check {
        let (holds, table) = check::run(&worlds, args.seeds)?;
        writeln!(io::stdout(), "{table}")?;
        return Ok(holds);
    }
    if let Some(folder) = &args.plots {
        plots::draw(&worlds, folder)?;
        return Ok(true);
    }
    compare(&worlds, &mut Asked::new(args.policies.as_deref()), args.seeds, &mut io::stdout())?;
    Ok(true)
}
