//! How much choose + finish does, as numbers that are the same on a busy machine.
//!
//! ```text
//! peerage-limits check BASELINE REPLAY-C   instructions against the committed ones
//! peerage-limits lines REPLAY-C [POLICY…]  cache lines, as a table for README.md
//! peerage-limits replay POLICY PEERS ROUNDS [trace]
//! ```
//!
//! The first two run the third under valgrind, and REPLAY-C, which replay.c was compiled to, in the
//! same way.
//!
//! | file | what |
//! |---|---|
//! | `replay` | choose + finish of every policy, and nothing else |
//! | `side` | the two programs that can be run so, and the policies |
//! | `check` | counts, holds against the baseline, writes it anew |
//! | `baseline` | the baseline as a file |
//! | `lines` | the table of cache lines |
//! | `trace` | which lines a round touches, by lackey |

mod baseline;
#[path = "../../choose/callgrind.rs"]
mod callgrind;
mod check;
#[path = "../../choose/floor.rs"]
mod floor;
mod lines;
mod replay;
mod side;
mod trace;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: peerage-limits check BASELINE REPLAY-C | lines REPLAY-C [POLICY…] | \
                     replay POLICY PEERS ROUNDS [trace]";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match &words[..] {
        ["check", baseline, c] => check::run(Path::new(baseline), Path::new(c)),
        ["lines", c, wanted @ ..] => lines::run(Path::new(c), wanted),
        ["replay", policy, peers, rounds, rest @ ..] => match (peers.parse(), rounds.parse()) {
            (Ok(peers), Ok(rounds)) => {
                replay::run(policy, peers, rounds, !rest.is_empty());
                Ok(())
            }
            _ => Err(USAGE.to_owned()),
        },
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
