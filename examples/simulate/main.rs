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
//! | folder | what |
//! |---|---|
//! | `world/` | worlds: read from files, laid out in time |
//! | `worlds/` | the files |
//! | `engine/` | events, servers, calls |
//! | `clients/` | how a client picks: lists of this crate, and rivals |
//! | `measures/` | what is counted |
//! | `check/` | what the policies have to show |
//! | `plots/` | pictures |

mod args;
mod check;
mod clients;
mod dice;
mod engine;
mod jobs;
mod measures;
mod plots;
mod report;
mod rules;
#[cfg(test)]
mod tests;
mod time;
mod world;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::clients::split;
use crate::world::{World, read_all};

/// `--quick` runs one call of so many.
const QUICK: usize = 50;
/// And at least so many calls.
const LEAST: usize = 2_000;

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
    compare(args, &worlds)?;
    Ok(true)
}

/// A table for each world, printed as soon as it is there.
fn compare(args: &Args, worlds: &[World]) -> Result<(), Box<dyn Error>> {
    let asked = args.policies.as_deref().map(split);
    let mut known = rules::Known::default();
    for world in worlds {
        let names = match &asked {
            Some(names) => names.clone(),
            None if world.rules.is_empty() => rules::defaults(),
            None => world.rules.clone(),
        };
        let rules = known.those_there_are(&names);
        let ran = jobs::run_all(&[(world, rules)], args.seeds)?;
        if ran[0].is_empty() {
            return Err(format!("none of the rules of {} is there", world.name).into());
        }
        writeln!(io::stdout(), "{}", report::table(world, &ran[0]))?;
    }
    Ok(())
}

impl World {
    /// Fewer calls, for a look.
    fn shorten(&mut self) {
        self.calls = (self.calls / QUICK).max(LEAST).min(self.calls);
    }
}
