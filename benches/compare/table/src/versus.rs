//! Tables of one figure a row: ours, the best rival's, and the bare thing's.

use crate::figures::{Figures, OURS, best};
use crate::line::{Language, Line, Work};
use crate::markdown::{NONE, Table, count, is_loss, number, ratio};

/// How one of these tables differs from the others.
struct Form<'a> {
    work: Work,
    heading: &'a str,
    above: &'a str,
    languages: &'a [Language],
    /// What the column of peers is called.
    peers: &'a str,
    unit: &'a str,
    /// The bare thing, and how many times its figure is no loss yet.
    bare: Option<(&'a str, f64)>,
}

pub fn choose(figures: &Figures, languages: &[Language]) -> String {
    let names: Vec<_> = languages.iter().map(ToString::to_string).collect();
    let form = Form {
        work: Work::Choose,
        heading: &format!("Choose + finish: {}", names.join(" and ")),
        above: "ns that one of the threads waits for a request and its end, while all make requests.",
        languages,
        peers: "peers",
        unit: "ns",
        bare: Some(("floor", f64::INFINITY)),
    };
    form.table(figures)
}

pub fn wake(figures: &Figures) -> String {
    let form = Form {
        work: Work::Wake,
        heading: "Waking blocked callers",
        above: "One push makes a peer available; µs until the last caller has run. \
                The bare condition variable wakes as many threads; the aim is 1.5 times as long.",
        languages: &figures.languages(Work::Wake),
        peers: "callers",
        unit: "µs",
        bare: Some(("condvar", 1.5)),
    };
    form.table(figures)
}

pub fn memory(figures: &Figures) -> String {
    let form = Form {
        work: Work::Memory,
        heading: "Memory",
        above: "Bytes per peer, besides its name; in Go copies of a name are in it. A rival that cannot have \
                as many peers (pingora's `random` and `round-robin`) has 65,535.",
        languages: &figures.languages(Work::Memory),
        peers: "peers",
        unit: "bytes",
        bare: None,
    };
    form.table(figures)
}

impl Form<'_> {
    fn table(&self, figures: &Figures) -> String {
        let ours: Vec<_> = figures
            .of(self.work)
            .filter(|line| line.side == OURS && self.languages.contains(&line.language))
            .collect();
        let with_bare = self
            .bare
            .filter(|(side, _)| ours.iter().any(|line| figures.bare(line, side).is_some()));
        let mut table = Table::new(self.heading, self.above, &self.columns(with_bare));
        for line in &ours {
            let rivals = || figures.rivals(line);
            let mut cells = vec![];
            if self.work != Work::Choose {
                cells.push(line.language.to_string());
            }
            cells.extend([format!("`{}`", line.policy), count(line.peers)]);
            if self.work == Work::Choose {
                cells.push(line.threads.to_string());
            }
            cells.push(number(line.value));
            cells.extend(against(line, best(rivals().filter(|rival| rival.counts))));
            cells.extend(against(line, best(rivals())));
            if let Some((side, limit)) = with_bare {
                let bare = figures.bare(line, side).map(|bare| bare.value);
                cells.push(bare.map_or_else(|| NONE.to_owned(), number));
                cells.push(bare.map_or_else(|| NONE.to_owned(), |b| ratio(line.value, b, limit)));
            }
            table.row(cells);
        }
        let counting = |rival: &&Line| rival.counts;
        let of = |any: bool| {
            let pairs: Vec<_> = ours
                .iter()
                .filter_map(|line| {
                    let best = best(figures.rivals(line).filter(|rival| any || counting(rival)));
                    best.map(|best| is_loss(line.value, best.value, 1.0))
                })
                .collect();
            let losses = pairs.iter().filter(|&&loss| loss).count();
            format!("{losses} of {} rows", pairs.len())
        };
        table.say(&format!(
            "More than the best rival that counts pending requests in {}, than the best of any kind in {}.",
            of(false),
            of(true),
        ));
        table.print()
    }

    fn columns<'a>(&'a self, bare: Option<(&'a str, f64)>) -> Vec<&'a str> {
        let mut columns = vec![];
        if self.work != Work::Choose {
            columns.push("language");
        }
        columns.extend(["policy", self.peers]);
        if self.work == Work::Choose {
            columns.push("threads");
        }
        columns.push(match self.unit {
            "ns" => "peerage, ns",
            "µs" => "peerage, µs",
            _ => "peerage, bytes",
        });
        columns.extend(["best rival that counts", "ratio", "best rival of any kind", "ratio"]);
        columns.extend(bare.into_iter().flat_map(|(side, _)| [side, "ratio"]));
        columns
    }
}

/// Name and figure of a rival, and our figure as a multiple of it. One that counts no pending
/// requests is marked.
fn against(ours: &Line, rival: Option<&Line>) -> [String; 2] {
    let Some(rival) = rival else { return [NONE, NONE].map(str::to_owned) };
    let mark = if rival.counts { "" } else { ", does not count" };
    let name = format!("{} `{}` {}{mark}", rival.side, rival.policy, number(rival.value));
    [name, ratio(ours.value, rival.value, 1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::read;

    #[test]
    fn the_best_rival_of_each_kind_is_named() {
        let figures = read(
            "choose rust peerage two-random-choices 1000 2 yes ns 40\n\
             choose rust tower   p2c-pending        1000 2 yes ns 160\n\
             choose rust other   two-random         1000 2 yes ns 200\n\
             choose rust less    p2c                1000 2 no  ns 20\n\
             choose rust floor   two                1000 2 no  ns 32",
        );
        let table = choose(&figures, &[Language::Rust]);
        assert_eq!(
            table,
            "### Choose + finish: Rust\n\n\
             ns that one of the threads waits for a request and its end, while all make requests. \
             More than the best rival that counts pending requests in 0 of 1 rows, \
             than the best of any kind in 1 of 1 rows.\n\n\
             | policy | peers | threads | peerage, ns | best rival that counts | ratio | best rival of any kind | ratio | floor | ratio |\n\
             |---|---|---|---|---|---|---|---|---|---|\n\
             | `two-random-choices` | 1,000 | 2 | 40.0 | tower `p2c-pending` 160 | 0.25 | less `p2c` 20.0, does not count | **2.00** | 32.0 | 1.25 |\n\n"
        );
    }

    #[test]
    fn a_row_without_a_rival_stays() {
        let figures = read("choose go peerage least-loaded 10 1 yes ns 40");
        let table = choose(&figures, &[Language::Go]);
        assert!(table.contains("| `least-loaded` | 10 | 1 | 40.0 | – | – | – | – |\n"), "{table}");
        assert!(table.contains("in 0 of 0 rows"), "{table}");
    }

    #[test]
    fn c_stands_beside_cpp() {
        let figures = read(
            "choose c   peerage random 10 1 yes ns 8\n\
             choose c++ plain   random 10 1 yes ns 32",
        );
        let table = choose(&figures, &[Language::C, Language::Cpp]);
        assert!(table.starts_with("### Choose + finish: C and C++\n"), "{table}");
        assert!(table.contains("| 8.00 | plain `random` 32.0 | 0.25 |"), "{table}");
    }

    #[test]
    fn a_wake_up_is_held_against_the_condition_variable() {
        let figures = read(
            "wake go   peerage  round-robin 10000 10000 yes wake-us 3200\n\
             wake go   yarpc-go round-robin 10000 2     yes wake-us 6400\n\
             wake go   condvar  broadcast   10000 1     no  wake-us 2000\n\
             wake rust condvar  notify_all  10000 1     no  wake-us 1",
        );
        let table = wake(&figures);
        let row = "| Go | `round-robin` | 10,000 | 3,200 | yarpc-go `round-robin` 6,400 | 0.50 \
                   | yarpc-go `round-robin` 6,400 | 0.50 | 2,000 | **1.60** |";
        assert!(table.contains(row), "{table}");
    }
}
