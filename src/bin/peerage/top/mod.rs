//! `peerage top`: the peers of a source and their probes, as a table that is drawn again and again.
//!
//! | file | what |
//! |---|---|
//! | `rows` | the table |
//! | `plain` | one table after the other, for a file or a pipe |
//! | `screen` | one table in place, for a terminal, and its keys |

mod plain;
mod rows;
mod screen;

use std::io::{self, IsTerminal};
use std::time::Duration;

use peerage::transports::ProbeOptions;

use crate::args;
use crate::ending::end_with_reader;
use crate::fault::Fault;
use crate::follow::Following;
use crate::origin::{Origin, OriginArgs};

/// Show the peers of a source as a table, and what probes say of them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerage top users.peers
  peerage top dns:users.internal:8080 --probe http,path=/healthz,interval=1s
  peerage top users.peers --once

In a terminal the table is drawn in place: q or Ctrl-C ends it. Elsewhere it is printed once an interval.
NO_COLOR=1 turns colours off.")]
pub(crate) struct Args {
    #[command(flatten)]
    origin: OriginArgs,

    /// How the peers are probed: tcp, http, or with settings, such as http,path=/healthz,interval=1s;
    /// without it as the configuration says, else tcp
    #[arg(long, value_name = "CHECK", value_parser = args::probe)]
    probe: Option<ProbeOptions>,

    /// From one table to the next
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = args::interval)]
    interval: Duration,

    /// End after this long
    #[arg(long = "for", value_name = "DURATION", value_parser = args::duration)]
    time: Option<Duration>,

    /// Print one table, when each peer of the first answer has been probed, and end
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    end_with_reader();
    let origin = Origin::read(&args.origin)?;
    let probe = args.probe.clone().or(origin.probes).unwrap_or_default();
    let is_terminal =
        io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let following = Following::begin(origin.peers, Some(probe))?;
    if is_terminal && !args.once {
        screen::run(&following, args)
    } else {
        plain::run(&following, args)
    }
}
