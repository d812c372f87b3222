//! A row: a figure, what it is compared with, and what must come of it.

use std::collections::HashMap;

use crate::simulator::jobs::Ran;
use crate::simulator::measures::{Figure, Figures};

/// A figure of a rule in a world.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) world: String,
    pub(crate) rule: String,
    pub(crate) figure: Figure,
}

/// What a figure is divided by.
#[derive(Debug, Clone)]
pub(crate) enum Against {
    /// By nothing.
    Nothing,
    /// By what theory says.
    Theory(f64),
    Point(Point),
    /// By the lowest of these rules, in the same world.
    Best(Vec<String>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
    Within(f64, f64),
}

/// Something that has to hold.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) of: Point,
    pub(crate) against: Against,
    pub(crate) bound: Bound,
}

/// Whether it does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Holds(f64),
    Fails(f64),
    /// This rule, or this world, is not there.
    Missing(String),
}

/// Figures by world and rule.
#[derive(Debug, Default)]
pub(crate) struct Results(HashMap<(String, String), Figures>);

impl Results {
    pub(super) fn add(&mut self, world: &str, ran: Ran) {
        self.0.insert((world.to_owned(), ran.rule), ran.figures);
    }

    fn get(&self, world: &str, rule: &str, figure: Figure) -> Result<f64, String> {
        let figures = self.0.get(&(world.to_owned(), rule.to_owned()));
        figures.map(|figures| figures.get(figure)).ok_or_else(|| format!("{rule} in {world}"))
    }

    fn point(&self, point: &Point) -> Result<f64, String> {
        self.get(&point.world, &point.rule, point.figure)
    }
}

impl Bound {
    pub(super) fn verdict(self, measured: f64) -> Verdict {
        let holds = match self {
            Self::AtMost(most) => measured <= most,
            Self::AtLeast(least) => measured >= least,
            Self::Within(least, most) => (least..=most).contains(&measured),
        };
        if holds { Verdict::Holds(measured) } else { Verdict::Fails(measured) }
    }

    pub(super) fn shown(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::Within(least, most) => format!("{least} to {most}"),
        }
    }
}

impl Row {
    /// The worlds and rules whose figures it needs.
    pub(super) fn looks_at(&self) -> Vec<(&str, &str)> {
        let mut needed = vec![(&*self.of.world, &*self.of.rule)];
        match &self.against {
            Against::Nothing | Against::Theory(_) => {}
            Against::Point(point) => needed.push((&point.world, &point.rule)),
            Against::Best(rules) => {
                needed.extend(rules.iter().map(|rule| (&*self.of.world, rule.as_str())));
            }
        }
        needed
    }

    pub(crate) fn verdict(&self, results: &Results) -> Verdict {
        match self.measured(results) {
            Ok(measured) => self.bound.verdict(measured),
            Err(missing) => Verdict::Missing(missing),
        }
    }

    pub(super) fn shown(&self) -> String {
        self.bound.shown()
    }

    fn measured(&self, results: &Results) -> Result<f64, String> {
        let value = results.point(&self.of)?;
        Ok(match &self.against {
            Against::Nothing => value,
            Against::Theory(theory) => value / theory,
            Against::Point(point) => value / results.point(point)?,
            Against::Best(rules) => {
                let (world, figure) = (&self.of.world, self.of.figure);
                let values = rules.iter().map(|rule| results.get(world, rule, figure));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                value / values.into_iter().fold(f64::INFINITY, f64::min)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_fails_or_cannot_be_looked_at() {
        let mut results = Results::default();
        for (rule, p99) in [("a", 20.0), ("b", 10.0), ("c", 16.0)] {
            results.add("w", Ran { rule: rule.into(), figures: Figures::only(Figure::P99, p99) });
        }
        let verdict = |against, most| {
            let of = Point { world: "w".into(), rule: "a".into(), figure: Figure::P99 };
            let row = Row { what: String::new(), of, against, bound: Bound::AtMost(most) };
            row.verdict(&results)
        };
        let to = |rule: &str| {
            let (world, rule, figure) = ("w".into(), rule.into(), Figure::P99);
            Against::Point(Point { world, rule, figure })
        };
        let best = || Against::Best(vec!["b".into(), "c".into()]);
        assert_eq!(verdict(Against::Nothing, 20.0), Verdict::Holds(20.0));
        assert_eq!(verdict(Against::Theory(40.0), 0.4), Verdict::Fails(0.5));
        assert_eq!(verdict(to("c"), 1.3), Verdict::Holds(1.25));
        assert_eq!(verdict(best(), 1.9), Verdict::Fails(2.0));
        assert_eq!(verdict(to("d"), 1.0), Verdict::Missing("d in w".into()));
    }

    #[test]
    fn what_cannot_be_measured_does_not_hold() {
        assert!(matches!(Bound::AtMost(1.0).verdict(f64::NAN), Verdict::Fails(_)));
        assert!(matches!(Bound::AtLeast(1.0).verdict(f64::NAN), Verdict::Fails(_)));
    }
}
