//! The table of cache lines.

use std::path::Path;

use crate::side::{Side, replay};
use crate::trace::touched;

/// Few: a trace is long, and rounds are alike.
const ROUNDS: u64 = 400;

/// Of these policies; of all if none is named.
pub(crate) fn run(c: &Path, wanted: &[&str]) -> Result<(), String> {
    println!("| policy | from | same for all: read | written | drawn: read | written | own |");
    println!("|---|---|---|---|---|---|---|");
    for side in Side::ALL {
        // A round of the floor begins with the same draw each time.
        let is_wanted = |name: &str| {
            !name.starts_with("floor") && (wanted.is_empty() || wanted.contains(&name))
        };
        for policy in side.policies().filter(|(name, _)| is_wanted(name)) {
            let (program, arguments) = replay(side, c, policy, ROUNDS, &["trace"])?;
            let lines = touched(&program, &arguments)?;
            let figures = [
                lines.same_read,
                lines.same_written,
                lines.drawn_read,
                lines.drawn_written,
                lines.own,
            ];
            let figures = figures.map(|figure| format!("{figure:.1}")).join(" | ");
            println!("| `{}` | {} | {figures} |", policy.0, side.name());
        }
    }
    Ok(())
}
