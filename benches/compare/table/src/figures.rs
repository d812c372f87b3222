//! The least of each figure over all runs.

use crate::line::{Language, Line, Work};
use crate::pairs;

/// The sides that are no peer list: what the hardware or the system asks for the bare thing.
const BARE: [&str; 3] = ["floor", "condvar", "hashmap"];

pub const OURS: &str = "peerage";

/// What was measured, each thing once, in the order in which it came first.
#[derive(Debug, Default)]
pub struct Figures {
    lines: Vec<Line>,
}

impl Figures {
    /// Keeps the lesser value of two lines for the same thing.
    pub fn add(&mut self, mut line: Line) {
        // A map of names is of no policy, whichever policies it was measured beside.
        if line.side == "hashmap" {
            line.policy = "names".to_owned();
        }
        match self.lines.iter_mut().find(|known| is_same(known, &line)) {
            Some(known) => known.value = known.value.min(line.value),
            None => self.lines.push(line),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn of(&self, work: Work) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.work == work)
    }

    /// The lines of rivals that are measured beside ours, at the same place, for the same work.
    pub fn rivals<'a>(&'a self, ours: &'a Line) -> impl Iterator<Item = &'a Line> {
        self.beside(ours).filter(|line| is_rival(line) && pairs::do_the_same(ours, line))
    }

    /// The figure of a bare thing beside ours. A floor is of a policy, other things are of none.
    pub fn bare<'a>(&'a self, ours: &'a Line, side: &str) -> Option<&'a Line> {
        self.beside(ours)
            .find(|line| line.side == side && (side != "floor" || pairs::do_the_same(ours, line)))
    }

    fn beside<'a>(&'a self, ours: &'a Line) -> impl Iterator<Item = &'a Line> {
        self.of(ours.work).filter(|line| {
            line.figure == ours.figure
                && (line.peers == ours.peers || is_per_peer(ours.work))
                && (ours.work != Work::Choose || line.threads == ours.threads)
                && line.language.is_beside(ours.language)
        })
    }

    /// Another figure of the same thing.
    pub fn other(&self, line: &Line, figure: &str) -> Option<f64> {
        let wanted = Line { figure: figure.to_owned(), ..line.clone() };
        self.lines.iter().find(|known| is_same(known, &wanted)).map(|line| line.value)
    }

    /// The languages in which there are figures of this work.
    pub fn languages(&self, work: Work) -> Vec<Language> {
        let mut languages: Vec<_> = self.of(work).map(|line| line.language).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }
}

/// A rival that cannot have as many peers is beside ours with as many as it can have: pingora's random
/// and round-robin number theirs by 16 bits.
fn is_per_peer(work: Work) -> bool {
    matches!(work, Work::Members | Work::Memory)
}

pub fn is_rival(line: &Line) -> bool {
    line.side != OURS && !BARE.contains(&line.side.as_str())
}

/// The one with the least value.
pub fn best<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<&'a Line> {
    lines.min_by(|a, b| a.value.total_cmp(&b.value))
}

fn is_same(a: &Line, b: &Line) -> bool {
    let place = |line: &Line| (line.work, line.language, line.peers, line.threads);
    place(a) == place(b) && a.side == b.side && a.policy == b.policy && a.figure == b.figure
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Figures of lines whose columns are separated by any blanks.
    pub fn read(text: &str) -> Figures {
        let mut figures = Figures::default();
        for line in text.lines() {
            let columns: Vec<_> = line.split_whitespace().collect();
            figures.add(Line::parse(&columns.join("\t")).unwrap());
        }
        figures
    }

    #[test]
    fn the_least_of_several_runs_counts() {
        let figures = read(
            "choose rust peerage random 10 1 yes ns 6\n\
             choose rust peerage random 10 1 yes ns 4\n\
             choose rust peerage random 10 1 yes ns 5\n\
             choose rust peerage random 10 2 yes ns 3",
        );
        let values: Vec<_> = figures.of(Work::Choose).map(|line| line.value).collect();
        assert_eq!(values, [4.0, 3.0]);
    }

    #[test]
    fn a_hash_map_is_of_no_policy() {
        let figures = read(
            "members go hashmap random   9 1 no add-all-ns 6\n\
             members go hashmap fallback 9 1 no add-all-ns 4",
        );
        let values: Vec<_> = figures.of(Work::Members).map(|line| line.value).collect();
        assert_eq!(values, [4.0]);
    }

    #[test]
    fn a_rival_with_fewer_peers_is_beside_ours_where_figures_are_per_peer() {
        let figures = read(
            "members rust peerage random 100000 1 yes add-all-ns 6\n\
             members rust pingora random 65535  1 no  add-all-ns 4",
        );
        let ours = figures.of(Work::Members).next().unwrap();
        assert_eq!(figures.rivals(ours).count(), 1);
    }

    #[test]
    fn rivals_are_beside_ours_and_do_the_same() {
        let figures = read(
            "choose c   peerage round-robin 10 2 yes ns 9\n\
             choose c++ plain   round-robin 10 2 yes ns 1\n\
             choose c++ plain   random      10 2 yes ns 1\n\
             choose c++ plain   round-robin 10 1 yes ns 1\n\
             choose c++ plain   round-robin 20 2 yes ns 1\n\
             choose c   floor   round-robin 10 2 no  ns 1\n\
             choose go  grpc-go round_robin 10 2 no  ns 1",
        );
        let ours = figures.of(Work::Choose).next().unwrap();
        let rivals: Vec<_> = figures.rivals(ours).collect();
        assert_eq!(rivals.len(), 1, "{rivals:?}");
        assert_eq!((&*rivals[0].side, rivals[0].threads), ("plain", 2));
        assert_eq!(figures.bare(ours, "floor").map(|line| line.value), Some(1.0));
        assert!(figures.bare(ours, "condvar").is_none());
    }
}
