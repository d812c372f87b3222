//! What the policies have to show: rows, each a relation between rules in the same run.
//!
//! `rows.rs` has the rows and `row.rs` what a row is; `sequences.rs` has those that need no time: the
//! order of a weighted rotation, and a bound that holds. `known.rs` says which do not hold, and why.

mod known;
mod row;
mod rows;
mod sequences;

use std::collections::BTreeMap;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

#[cfg(test)]
pub(crate) use self::row::Verdict;
#[cfg(test)]
pub(crate) use self::rows::all as rows_of;

#[cfg(not(test))]
use self::row::Verdict;
use self::row::{Results, Row};

use crate::simulator::clients::Rule;
use crate::simulator::jobs;
use crate::simulator::report::shown;
use crate::simulator::world::World;

/// How many rows a verdict was given for.
#[derive(Debug, Default)]
struct Counts {
    held: usize,
    failed: usize,
    known: usize,
    missing: usize,
}

/// Holds the rules to all rows of these worlds; whether every row holds but those that are known not
/// to, and the table of them.
pub(crate) fn run(worlds: &[World], seeds: u64) -> Result<(bool, String), String> {
    let rows = rows::all(worlds);
    let results = measure(worlds, &rows, seeds)?;
    let verdicts = rows.iter().map(|row| (row.what.clone(), row.shown(), row.verdict(&results)));
    let (counts, table) = table(verdicts.chain(sequences::verdicts()));
    let Counts { held, failed, known, missing } = counts;
    let sum = format!(
        "{held} rows hold, {known} are known not to, {failed} do not, {missing} could not be looked at"
    );
    Ok((failed + missing == 0, format!("{table}\n\n{sum}")))
}

/// Runs what the rows look at, each once.
pub(crate) fn measure(worlds: &[World], rows: &[Row], seeds: u64) -> Result<Results, String> {
    let mut wanted: BTreeMap<&str, Vec<Rule>> = BTreeMap::new();
    for (world, text) in rows.iter().flat_map(Row::looks_at) {
        let rules = wanted.entry(world).or_default();
        let is_new = rules.iter().all(|rule| rule.text != text);
        // A rule that is not there yet has no result, and its rows say so.
        if let Some(rule) = Rule::parse(text).ok().filter(|_| is_new) {
            rules.push(rule);
        }
    }
    let named = |name: &str| worlds.iter().find(|world| world.name == name);
    let jobs: Vec<_> =
        wanted.into_iter().filter_map(|(name, rules)| Some((named(name)?, rules))).collect();
    let mut results = Results::default();
    for ((world, _), ran) in jobs.iter().zip(jobs::run_all(&jobs, seeds)?) {
        ran.into_iter().for_each(|ran| results.add(&world.name, ran));
    }
    Ok(results)
}

fn table(rows: impl Iterator<Item = (String, String, Verdict)>) -> (Counts, Table) {
    let (mut counts, mut table) = (Counts::default(), Table::new());
    table.load_style(ASCII_MARKDOWN);
    table.set_header(["what", "measured", "must be", ""]);
    for (what, bound, verdict) in rows {
        let (measured, said) = match verdict {
            Verdict::Holds(measured) => {
                counts.held += 1;
                (shown(measured), "holds".into())
            }
            Verdict::Fails(measured) => match known::excuse(&what, &verdict) {
                Some(why) => {
                    counts.known += 1;
                    (shown(measured), format!("does not hold: {why}"))
                }
                None => {
                    counts.failed += 1;
                    (shown(measured), "FAILS".into())
                }
            },
            Verdict::Missing(rule) => {
                counts.missing += 1;
                ("-".into(), format!("no {rule}"))
            }
        };
        table.add_row([what, measured, bound, said]);
    }
    for at in [1, 2] {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    (counts, table)
}
