//! The rows of the report: what was measured, what was asked for, whether it was met.

use comfy_table::{CellAlignment, Table, presets::UTF8_FULL_CONDENSED};

#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<[String; 5]>,
    missed: usize,
}

impl Report {
    /// A figure that must not exceed its target.
    pub(crate) fn row(&mut self, what: &str, measured: &str, figure: f64, unit: &str, target: f64) {
        if !figure.is_finite() {
            return self.push([what, measured, "", "", "not measured: the machine is busy"]);
        }
        let met = figure <= target;
        self.missed += usize::from(!met);
        let verdict = if met { "ok" } else { "MISSED" };
        let figure = format!("{}{unit}", short(figure));
        let target = format!("≤ {}{unit}", short(target));
        self.push([what, measured, &figure, &target, verdict]);
    }

    /// A figure without a target.
    pub(crate) fn note(&mut self, what: &str, measured: &str, figure: &str) {
        self.push([what, measured, figure, "", ""]);
    }

    fn push(&mut self, row: [&str; 5]) {
        eprintln!("{}", row.join("  "));
        self.rows.push(row.map(str::to_owned));
    }

    pub(crate) fn print(&self) {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_header(["what", "measured", "figure", "target", ""]);
        table.add_rows(&self.rows);
        for column in [2, 3] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        println!("{table}");
        println!("{} rows, {} beyond their target", self.rows.len(), self.missed);
    }
}

fn short(figure: f64) -> String {
    if figure.fract() == 0.0 { format!("{figure:.0}") } else { format!("{figure:.2}") }
}
