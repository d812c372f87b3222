//! The table of a chooser's peers.

use std::fmt::{self, Display, Formatter};

use super::column::Column;
use super::shown::{Count, Text};
use super::standing::ordered;
use crate::stats::PeerStatus;

/// The peers of the chooser that is the `number`th of the page.
pub(super) struct Table<'a> {
    pub(super) number: usize,
    pub(super) name: &'a str,
    pub(super) peers: &'a [PeerStatus],
    /// Of how many there is a row.
    pub(super) rows: usize,
}

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.peers.is_empty() {
            return f.write_str("<p class=none>It has no peers.</p>\n");
        }
        let columns = Column::of(self.peers);
        // A wide table is moved within its own frame, which the keyboard can reach.
        let n = self.number;
        writeln!(
            f,
            "<div class=frame tabindex=0 role=region aria-labelledby=caption-{n}>\n<table>"
        )?;
        write!(f, "<caption id=caption-{n}>Peers of <bdi>{}</bdi>: ", Text(self.name))?;
        f.write_str(
            "those that do not serve first, then by share of errors</caption>\n<thead><tr>",
        )?;
        f.write_str("<th scope=col title=\"Its identifier\">Address")?;
        for column in &columns {
            let ((head, about), class) = (column.head(), column.is_number());
            let class = if class { " class=n" } else { "" };
            write!(f, "<th scope=col{class} title=\"{about}\">{head}")?;
        }
        f.write_str("</thead>\n<tbody>\n")?;
        for row in ordered(self.peers).into_iter().take(self.rows) {
            write!(f, "<tr><th scope=row><bdi>{}</bdi>", Text(&row.1.identifier))?;
            columns.iter().try_for_each(|column| column.cell(row, f))?;
            f.write_str("\n")?;
        }
        f.write_str("</tbody>\n<tfoot>")?;
        let more = self.peers.len().saturating_sub(self.rows);
        if more > 0 {
            let span = columns.len() + 1;
            let more = Count(more as u64);
            writeln!(f, "<tr class=more><td colspan={span}>and {more} more</td></tr>")?;
        }
        let count = self.peers.len() as u64;
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "<tr><th scope=row>{} peer{plural}", Count(count))?;
        columns.iter().try_for_each(|column| column.total(self.peers, f))?;
        f.write_str("</tfoot>\n</table>\n</div>\n")
    }
}
