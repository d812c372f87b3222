//! The table.

use std::fmt;

use comfy_table::{CellAlignment, Table, presets};

pub(crate) struct Report {
    table: Table,
    missed: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN);
        table.set_header([
            "what", "peers", "threads", "measured", "against", "ratio", "at most", "",
        ]);
        for column in [1, 2, 3, 4, 5, 6] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        Self { table, missed: 0 }
    }

    /// A row that compares two measurements.
    pub(crate) fn ratio(&mut self, row: &Row<'_>, measured: f64, against: f64, at_most: f64) {
        let ratio = measured / against;
        let cells = [row.number(measured), row.number(against), format!("{ratio:.2}")];
        self.push(row, cells, ratio, at_most);
    }

    /// A row with a measurement that has a limit of its own.
    pub(crate) fn value(&mut self, row: &Row<'_>, measured: f64, at_most: f64) {
        let cells = [row.number(measured), String::new(), String::new()];
        self.push(row, cells, measured, at_most);
    }

    fn push(&mut self, row: &Row<'_>, cells: [String; 3], found: f64, at_most: f64) {
        let verdict = if found <= at_most { "ok" } else { "MISSED" };
        self.missed += usize::from(found > at_most);
        let [measured, against, ratio] = cells;
        let (peers, threads) = (row.peers.to_string(), row.threads.to_string());
        let at_most = at_most.to_string();
        let what = row.what.to_owned();
        let cells = [what, peers, threads, measured, against, ratio, at_most, verdict.to_owned()];
        eprintln!("{}", cells.join("  "));
        self.table.add_row(cells);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.table)?;
        match self.missed {
            0 => write!(f, "Every target is met."),
            n => write!(f, "{n} MISSED."),
        }
    }
}

/// What a row is about.
pub(crate) struct Row<'a> {
    pub(crate) what: &'a str,
    pub(crate) peers: usize,
    pub(crate) threads: usize,
    pub(crate) unit: &'a str,
}

impl Row<'_> {
    fn number(&self, number: f64) -> String {
        let digits = if number < 1000.0 { 1 } else { 0 };
        format!("{number:.digits$} {}", self.unit)
    }
}
