//! What the command line says.

use std::path::PathBuf;

use clap::Parser;

/// Simulates clients that choose servers, in virtual time: the policies of this crate and the rules
/// of other libraries, in worlds that are files.
#[derive(Debug, Parser)]
#[command(name = "simulate", after_help = "docs/simulator.md says how to write a world.")]
pub(crate) struct Args {
    /// Worlds to run: those whose names contain one of these texts; all if there is none
    #[arg(value_name = "WORLD")]
    pub(crate) only: Vec<String>,

    /// Folder of the worlds: every .toml file in it
    #[arg(long, value_name = "DIR", default_value = WORLDS)]
    pub(crate) worlds: PathBuf,

    /// Rules to compare, separated by commas: policies as a PolicySpec reads them, a space and list
    /// options if there are any, or rivals
    #[arg(long, value_name = "RULES")]
    pub(crate) policies: Option<String>,

    /// How many seeds to average over (1 to 100)
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub(crate) seeds: u64,

    /// Run a fiftieth of the calls: seconds instead of minutes, and rough figures
    #[arg(long)]
    pub(crate) quick: bool,

    /// Hold the rules to what they have to show, row by row; fail if one does not
    #[arg(long, conflicts_with = "policies")]
    pub(crate) check: bool,

    /// Draw the plots into this folder, as SVG
    #[arg(long, value_name = "DIR")]
    pub(crate) plots: Option<PathBuf>,

    /// List worlds and rules, and run nothing
    #[arg(long)]
    pub(crate) list: bool,
}

/// Beside the example, wherever it is run.
pub(crate) const WORLDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/simulate/worlds");
