//! Peers that are added, flapped and removed, beside a hash map of their names.

use crate::figures::{Figures, OURS, best};
use crate::line::{Line, Work};
use crate::markdown::{NONE, Table, count, is_loss, number, ratio};

/// How many times as long as into a hash map all peers may take in one update.
const AIM: f64 = 4.0;

const SHOWN: [&str; 5] = ["add-one-ns", "add-all-ns", "flap-ns", "remove-one-ns", "remove-all-ns"];

pub fn table(figures: &Figures) -> String {
    let mut table = Table::new(
        "Peers that come, flap and go",
        "ns per peer. A flap is a status change down and one up again. Bold: a rival's list for the \
         same work takes less, with as many peers as it can have. The last column is the update that adds all of them, against a hash \
         map of their names; the aim is four times as long.",
        &[
            "language",
            "side",
            "policy",
            "peers",
            "added one by one",
            "at once",
            "flapped",
            "removed one by one",
            "at once",
            "÷ hash map",
        ],
    );
    let mut seen: Vec<&Line> = vec![];
    for line in figures.of(Work::Members) {
        if seen.iter().any(|known| is_same_list(known, line)) {
            continue;
        }
        seen.push(line);
        let mut cells = vec![line.language.to_string(), line.side.clone()];
        cells.extend([format!("`{}`", line.policy), count(line.peers)]);
        cells.extend(SHOWN.map(|figure| cell(figures, line, figure)));
        cells.push(against_map(figures, line).unwrap_or_else(|| NONE.to_owned()));
        table.row(cells);
    }
    table.print()
}

fn is_same_list(a: &Line, b: &Line) -> bool {
    (a.language, a.peers) == (b.language, b.peers) && a.side == b.side && a.policy == b.policy
}

fn cell(figures: &Figures, line: &Line, figure: &str) -> String {
    let Some(value) = figures.other(line, figure) else { return NONE.to_owned() };
    let line = Line { figure: figure.to_owned(), value, ..line.clone() };
    let rival = best(figures.rivals(&line)).filter(|_| line.side == OURS);
    if rival.is_some_and(|rival| is_loss(value, rival.value, 1.0)) {
        return format!("**{}**", number(value));
    }
    number(value)
}

fn against_map(figures: &Figures, line: &Line) -> Option<String> {
    if line.side == "hashmap" {
        return None;
    }
    let value = figures.other(line, "add-all-ns")?;
    let all = Line { figure: "add-all-ns".to_owned(), ..line.clone() };
    let map = figures.bare(&all, "hashmap")?.value;
    Some(ratio(value, map, if line.side == OURS { AIM } else { f64::INFINITY }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::read;

    #[test]
    fn a_list_is_a_row() {
        let figures = read(
            "members go peerage  random 100000 1 yes add-one-ns 900\n\
             members go peerage  random 100000 1 yes add-all-ns 500\n\
             members go peerage  random 100000 1 yes flap-ns    300\n\
             members go yarpc-go random 100000 1 yes add-one-ns 800\n\
             members go yarpc-go random 100000 1 yes add-all-ns 700\n\
             members go yarpc-go random 100000 1 yes flap-ns    350\n\
             members go hashmap  map    100000 1 no  add-all-ns 100",
        );
        let table = table(&figures);
        for row in [
            "| Go | peerage | `random` | 100,000 | **900** | 500 | 300 | – | – | **5.00** |",
            "| Go | yarpc-go | `random` | 100,000 | 800 | 700 | 350 | – | – | 7.00 |",
            "| Go | hashmap | `names` | 100,000 | – | 100 | – | – | – | – |",
        ] {
            assert!(table.contains(row), "{row}\n{table}");
        }
        assert_eq!(table.matches("\n| Go ").count(), 3, "{table}");
    }
}
