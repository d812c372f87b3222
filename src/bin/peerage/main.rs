//! The program `peerage`: what the library sees, in a terminal.
//!
//! ```text
//!  check FILE        is a configuration right?
//!  watch URI         which peers has a source, and what changes?
//!  top URI           the same as a table, with probes
//!  simulate FILE     what does a policy do to latencies?
//!  explain FILE KEY  which peer has a key, and why?
//! ```
//!
//! Everything it says is to be read by scripts too: results go to standard output, one line a fact;
//! what is wrong goes to standard error as one line that begins with `peerage:`. It exits with 0, with 1 if
//! what was asked for failed, or with 2 if it was asked wrongly, or a file is wrong or cannot be read. A reader
//! of its output that has seen enough ends it, with 0.
//!
//! | file or folder | what |
//! |---|---|
//! | `args` | the command line |
//! | `fault` | why it ends, and with which code |
//! | `name` | names as part of a line |
//! | `ending` | Ctrl-C, a time that is over, a reader that has gone |
//! | `origin/` | where peers come from, as people write it |
//! | `follow/` | a source and its probes, as news: what `watch`, `top` and `explain` have in common |
//! | `check`, `watch/`, `top/`, `explain/`, `simulate` | the subcommands |
//! | `simulator/` | the simulator |
//! | `packaging` | completion and manual pages |

mod args;
mod check;
mod ending;
mod explain;
mod fault;
mod follow;
mod name;
mod origin;
mod packaging;
mod simulate;
#[allow(dead_code, unused_imports, reason = "examples/simulate uses other parts of it")]
mod simulator;
mod top;
mod watch;

use std::process::ExitCode;

use crate::args::Command;
use crate::fault::Fault;

fn main() -> ExitCode {
    match args::read().and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fault.told(),
    }
}

fn run(command: Command) -> Result<(), Fault> {
    match command {
        Command::Check(args) => check::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Top(args) => top::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Completion { shell } => packaging::completion(shell),
        Command::Man { folder } => packaging::man(folder.as_deref()),
    }
}
