//! A table for each world.

use std::error::Error;
use std::io::Write;

use super::clients::{Rule, split};
use super::world::World;
use super::{jobs, report, rules};

/// The rules that a world is run by: those that are asked for, else its own, else all.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    names: Option<Vec<String>>,
    known: rules::Known,
}

impl Asked {
    /// Those of a list with commas between; `None`: each world's own.
    pub(crate) fn new(list: Option<&str>) -> Self {
        Self { names: list.map(split), known: rules::Known::default() }
    }

    /// The rules of `world`. An error if none of them is there.
    pub(crate) fn of(&mut self, world: &World) -> Result<Vec<Rule>, String> {
        let names = match &self.names {
            Some(names) => names.clone(),
            None if world.rules.is_empty() => rules::defaults(),
            None => world.rules.clone(),
        };
        let rules = self.known.those_there_are(&names);
        if rules.is_empty() {
            return Err(format!("none of the rules of {} is there", world.name));
        }
        Ok(rules)
    }
}

/// Runs each world by its rules, and writes its table as soon as it is there.
pub(crate) fn compare(
    worlds: &[World],
    asked: &mut Asked,
    seeds: u64,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    for world in worlds {
        let ran = jobs::run_all(&[(world, asked.of(world)?)], seeds)?;
        writeln!(out, "{}", report::table(world, &ran[0]))?;
        out.flush()?;
    }
    Ok(())
}
