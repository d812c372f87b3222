//! `peerage simulate`: worlds of the user, by policies and by rules of other libraries.

mod picture;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::simulator::clients::{Rule, split};
use crate::simulator::compare::{Asked, compare};
use crate::simulator::rules;
use crate::simulator::world::{World, read_all, read_file};

/// Simulate clients that choose servers, in virtual time, in worlds that are files
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerage simulate world.toml
  peerage simulate world.toml --policies least-loaded,round-robin,exact-least --seeds 3
  peerage simulate world.toml --quick --plots plots

A world, whole (docs/simulator.md has every key):
  title = \"one of ten servers is five times slower\"
  calls = 150_000
  clients = 10
  servers = 10
  workers = 4
  load = 0.7
  bad = [3]
  [[trouble]]
  servers = [3]
  slow = 5.0")]
pub(crate) struct Args {
    /// Worlds: files of TOML, or folders of such files
    #[arg(value_name = "FILE", required_unless_present = "rules")]
    files: Vec<PathBuf>,

    /// Rules to compare, with commas between: policies, a space and list options if there are any, or
    /// rules of other libraries; without it those that the world names, or all
    #[arg(long, value_name = "RULES")]
    policies: Option<String>,

    /// How many seeds to average over (1 to 100)
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,

    /// Run a fiftieth of the calls: seconds instead of minutes, and rough figures
    #[arg(long)]
    quick: bool,

    /// Draw p99 over time into this folder, an SVG for each world
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,

    /// List the rules there are, and run nothing
    #[arg(long)]
    rules: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut worlds = vec![];
    for file in &args.files {
        worlds.extend(read(file).map_err(Fault::wrong)?);
    }
    if args.rules {
        write!(io::stdout(), "{}", rules::listed(&worlds))?;
        return Ok(());
    }
    if args.quick {
        worlds.iter_mut().for_each(World::shorten);
    }
    let mut asked = Asked::new(args.policies.as_deref());
    // A name that is misspelt is to be heard of before minutes have gone by.
    for name in args.policies.iter().flat_map(|list| split(list)) {
        Rule::parse(&name).map_err(Fault::wrong)?;
    }
    for world in &worlds {
        asked.of(world).map_err(Fault::wrong)?;
    }
    compare(&worlds, &mut asked, args.seeds, &mut io::stdout()).map_err(failed)?;
    match &args.plots {
        Some(folder) => picture::draw(&worlds, &mut asked, folder).map_err(failed),
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<Vec<World>, String> {
    if path.is_dir() { read_all(path) } else { read_file(path) }
}

fn failed(error: Box<dyn std::error::Error>) -> Fault {
    match error.downcast::<io::Error>() {
        Ok(error) => Fault::from(*error),
        Err(error) => Fault::failed(error),
    }
}
