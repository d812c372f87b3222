//! Single requests while peers lose and regain their connections.

use crate::figures::{Figures, best};
use crate::line::{Line, Work};
use crate::markdown::{NONE, Table, number, ratio};

/// How much longer the slowest of a thousand requests may take while peers flap.
const AIM: f64 = 3.0;

const SHOWN: [&str; 6] =
    ["calm-p50-ns", "calm-p99-ns", "calm-p999-ns", "flap-p50-ns", "flap-p99-ns", "flap-p999-ns"];

pub fn table(figures: &Figures) -> String {
    let mut table = Table::new(
        "Choose + finish while peers flap",
        "One thread times each request, calm and while 1 % of the peers lose and regain their \
         connections every 100 ms; the clock is in every figure. The aim is a p99.9 of three times \
         the calm one. `÷ best rival`: the p99.9 under flaps against the best that does the same work.",
        &[
            "language",
            "side",
            "policy",
            "peers",
            "calm p50",
            "p99",
            "p99.9",
            "flaps p50",
            "p99",
            "p99.9",
            "p99.9 flaps ÷ calm",
            "÷ best rival",
        ],
    );
    for line in figures.of(Work::Flaps).filter(|line| line.figure == "flap-p999-ns") {
        let mut cells = vec![line.language.to_string(), line.side.clone()];
        cells.extend([format!("`{}`", line.policy), crate::markdown::count(line.peers)]);
        cells.extend(SHOWN.map(|figure| cell(figures.other(line, figure))));
        cells.push(match figures.other(line, "calm-p999-ns") {
            Some(calm) => ratio(line.value, calm, limit(line)),
            None => NONE.to_owned(),
        });
        cells.push(match best(figures.rivals(line)).filter(|_| is_ours(line)) {
            Some(rival) => ratio(line.value, rival.value, 1.0),
            None => NONE.to_owned(),
        });
        table.row(cells);
    }
    table.print()
}

fn is_ours(line: &Line) -> bool {
    line.side == crate::figures::OURS
}

/// Only ours has an aim.
fn limit(line: &Line) -> f64 {
    if is_ours(line) { AIM } else { f64::INFINITY }
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::read;

    #[test]
    fn the_slowest_are_held_against_the_calm_ones() {
        let figures = read(
            "flaps c   peerage random 10000 1 yes calm-p50-ns  40\n\
             flaps c   peerage random 10000 1 yes calm-p99-ns  60\n\
             flaps c   peerage random 10000 1 yes calm-p999-ns 100\n\
             flaps c   peerage random 10000 1 yes flap-p50-ns  41\n\
             flaps c   peerage random 10000 1 yes flap-p99-ns  80\n\
             flaps c   peerage random 10000 1 yes flap-p999-ns 400\n\
             flaps c++ plain   random 10000 1 yes calm-p999-ns 100\n\
             flaps c++ plain   random 10000 1 yes flap-p999-ns 800",
        );
        let table = table(&figures);
        let ours = "| C | peerage | `random` | 10,000 | 40.0 | 60.0 | 100 | 41.0 | 80.0 | 400 | **4.00** | 0.50 |";
        let theirs = "| C++ | plain | `random` | 10,000 | – | – | 100 | – | – | 800 | 8.00 | – |";
        assert!(table.contains(ours), "{table}");
        assert!(table.contains(theirs), "{table}");
    }
}
