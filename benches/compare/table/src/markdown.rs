//! How tables, numbers and ratios are written.

/// A table with a heading and a paragraph above it.
#[derive(Debug)]
pub struct Table {
    heading: String,
    above: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// What stands where there is nothing to say.
pub const NONE: &str = "–";

impl Table {
    pub fn new(heading: &str, above: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self { heading: heading.to_owned(), above: above.to_owned(), columns, rows: vec![] }
    }

    /// Adds a sentence to the paragraph.
    pub fn say(&mut self, sentence: &str) {
        self.above += if self.above.is_empty() { "" } else { " " };
        self.above += sentence;
    }

    /// # Panics
    ///
    /// If there are not as many cells as columns.
    pub fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.columns.len(), "{}: {cells:?}", self.heading);
        self.rows.push(cells);
    }

    /// The Markdown, or nothing if there is no row.
    pub fn print(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = format!("### {}\n\n", self.heading);
        if !self.above.is_empty() {
            text += &format!("{}\n\n", self.above);
        }
        text += &line(&self.columns);
        text += &format!("|{}\n", "---|".repeat(self.columns.len()));
        self.rows.iter().for_each(|row| text += &line(row));
        text + "\n"
    }
}

/// Three digits or a little more: `4.35`, `52.3`, `1,234`.
pub fn number(value: f64) -> String {
    let decimals = match value {
        ..9.995 => 2,
        ..99.95 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text
        .split_once('.')
        .map_or((&*text, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    grouped(whole) + &rest
}

/// A count with its thousands apart.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Ours ÷ theirs. It is a loss above `limit`, as it is written, and a loss is bold.
pub fn ratio(ours: f64, theirs: f64, limit: f64) -> String {
    let text = format!("{:.2}", ours / theirs);
    if is_loss(ours, theirs, limit) { format!("**{text}**") } else { text }
}

/// Whether the ratio is above the limit when both have two decimals.
pub fn is_loss(ours: f64, theirs: f64, limit: f64) -> bool {
    (ours / theirs * 100.0).round() > (limit * 100.0).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        for (value, text) in [
            (0.5, "0.50"),
            (4.349, "4.35"),
            (9.999, "10.0"),
            (52.34, "52.3"),
            (99.96, "100"),
            (1234.4, "1,234"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(count(100_000), "100,000");
    }

    #[test]
    fn a_loss_is_bold() {
        assert_eq!(ratio(1.0, 2.0, 1.0), "0.50");
        assert_eq!(ratio(1.004, 1.0, 1.0), "1.00");
        assert_eq!(ratio(1.006, 1.0, 1.0), "**1.01**");
        assert_eq!(ratio(1.4, 1.0, 1.5), "1.40");
        assert_eq!(ratio(f64::MAX, 1.0, f64::INFINITY).matches('*').count(), 0);
    }

    #[test]
    fn a_table_is_laid_out() {
        let mut table = Table::new("Memory", "Bytes.", &["side", "bytes"]);
        assert_eq!(table.print(), "");
        table.say("Less is better.");
        table.row(vec!["plain".to_owned(), "176".to_owned()]);
        assert_eq!(
            table.print(),
            "### Memory\n\nBytes. Less is better.\n\n| side | bytes |\n|---|---|\n| plain | 176 |\n\n"
        );
    }
}
