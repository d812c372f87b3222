//! What came of it, as tables: for the terminal and as Markdown, the same.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use comfy_table::{CellAlignment, Table, presets};

use crate::Args;
use crate::clients::{MISSED, OUTCOMES, Said};
use crate::plan::{Step, Times};
use crate::processes::Held;
use crate::setup::Language;

/// Between these two a page has the tables.
const BEGIN: &str = "<!-- soak: written by --write -->\n";
const END: &str = "<!-- soak: end -->\n";

/// All that is known at the end.
pub(crate) struct Report<'a> {
    pub(crate) seed: u64,
    pub(crate) times: Times,
    pub(crate) args: &'a Args,
    pub(crate) steps: &'a [Step],
    /// Of each language, as are the next two.
    pub(crate) said: &'a [Said],
    pub(crate) first: &'a [Held],
    pub(crate) end: &'a [Held],
}

impl Report<'_> {
    /// What was done, and what came of it.
    pub(crate) fn text(&self) -> String {
        format!("{}\n\n{}\n", self.faults(), self.clients())
    }

    /// Writes the tables into a page, in the place of those that it has, or as a page of their own.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let page = match fs::read_to_string(path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => String::new(),
            page => page?,
        };
        fs::write(path, in_place(&page, &self.markdown()))
    }

    fn markdown(&self) -> String {
        let Args { rate, threads, .. } = self.args;
        format!(
            "Seed {}, {} s; {} calls a second from {threads} threads of each client. The first mark \
             was after {} s; `first → end` is what a client held then and in the end.\n\n{}",
            self.seed,
            self.times.end.as_secs(),
            count(*rate),
            self.times.first.as_secs(),
            self.text()
        )
    }

    fn faults(&self) -> Table {
        let mut counts = BTreeMap::<_, u64>::new();
        for fault in self.steps.iter().filter_map(|step| step.act.fault()) {
            *counts.entry(fault).or_default() += 1;
        }
        let mut table = table(&["what was done", "times"]);
        for (fault, times) in counts {
            table.add_row([fault.to_owned(), count(times)]);
        }
        table
    }

    fn clients(&self) -> Table {
        let names = Language::ALL.map(|language| match language {
            Language::Rust => "Rust",
            Language::C => "C",
            Language::Cpp => "C++",
            Language::Go => "Go",
        });
        let mut table = table(&[&[""][..], &names[..]].concat());
        let mut row = |what: &str, of: &dyn Fn(usize) -> String| {
            let cells = (0..names.len()).map(of);
            table.add_row([what.to_owned()].into_iter().chain(cells));
        };
        let said = |one: usize| &self.said[one];
        row("calls", &|one| count(said(one).calls));
        row("calls that failed", &|one| count(said(one).calls - said(one).good));
        row("requests", &|one| count(said(one).picks()));
        for (kind, what) in OUTCOMES.iter().enumerate() {
            row(&format!("requests: {what}"), &|one| count(said(one).outcomes()[kind]));
        }
        for (kind, what) in MISSED.iter().enumerate() {
            row(&format!("no peer: {what}"), &|one| count(said(one).missed()[kind]));
        }
        for (share, what) in [(0.5, "p50"), (0.99, "p99"), (0.999, "p99.9")] {
            row(&format!("call, {what}"), &|one| millis(said(one).latency(share)));
        }
        let held = |of: fn(&Held) -> u64| {
            move |one: usize| {
                format!("{} → {}", count(of(&self.first[one])), count(of(&self.end[one])))
            }
        };
        row("memory, KiB", &held(|held| held.memory));
        row("threads", &held(|held| held.threads));
        row("descriptors", &held(|held| held.descriptors));
        table
    }
}

fn table(heads: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(heads);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The page with other figures; without a place for them, the figures alone.
fn in_place(page: &str, figures: &str) -> String {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.unwrap_or_default();
    format!("{before}{BEGIN}\n{figures}\n{END}{after}")
}

/// With commas between thousands.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_take_the_place_of_others() {
        let first = in_place("", "one");
        assert_eq!(first, format!("{BEGIN}\none\n{END}"));
        let page = format!("before\n{first}after\n");
        assert_eq!(in_place(&page, "two"), format!("before\n{BEGIN}\ntwo\n{END}after\n"));
    }

    #[test]
    fn thousands_are_apart() {
        let texts = [0, 999, 1_000, 12_345, 7_000_000].map(count);
        assert_eq!(texts, ["0", "999", "1,000", "12,345", "7,000,000"]);
    }
}
