//! The figures of a rule in a world.

use super::tally::Measures;
use crate::simulator::time::millis;
use crate::simulator::world::World;

/// Which figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    Mean,
    P50,
    P99,
    P999,
    /// Percent of the attempts that went to bad servers.
    Bad,
    /// Percent of the attempts that failed.
    Errors,
    /// Percent of the calls that were answered.
    Answered,
    /// Percent of the calls that were answered in time.
    Goodput,
    /// The same over what the servers could do at best.
    OfIdeal,
    LongestQueue,
    /// The largest share of a server over the mean one.
    Spread,
    /// The most in flight at the watched server over the mean of the others.
    Peak,
    /// Seconds until a server that is well has its share again.
    BackAfter,
}

/// The figures that tables show, and their headings.
pub(crate) const COLUMNS: [(Figure, &str); 12] = [
    (Figure::Mean, "mean"),
    (Figure::P50, "p50"),
    (Figure::P99, "p99"),
    (Figure::P999, "p99.9"),
    (Figure::Bad, "bad %"),
    (Figure::Errors, "errors %"),
    (Figure::Answered, "answered %"),
    (Figure::Goodput, "good %"),
    (Figure::LongestQueue, "longest"),
    (Figure::Spread, "spread"),
    (Figure::Peak, "peak"),
    (Figure::BackAfter, "back s"),
];

impl Figure {
    /// As tables head it.
    pub(crate) fn named(self) -> &'static str {
        let column = COLUMNS.iter().find(|(figure, _)| *figure == self);
        column.map_or("goodput ÷ ideal", |(_, heading)| heading)
    }
}

/// Figures of a rule in a world, the mean of all seeds. Times in milliseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    values: [f64; 13],
}

impl Figures {
    pub(crate) fn of(world: &World, measures: &Measures) -> Self {
        let m = measures;
        let percent = |part: u64, whole: u64| 100.0 * part as f64 / whole.max(1) as f64;
        // Of no answers there is no quantile.
        let any = if m.answered > 0 { 1.0 } else { f64::NAN };
        let quantile = |q: f64| any * m.latency.value_at_quantile(q) as f64 / 1000.0;
        let mean = m.by_server.iter().sum::<u64>() as f64 / m.by_server.len() as f64;
        let most = m.by_server.iter().max().copied().unwrap_or(0) as f64;
        let goodput = percent(m.in_time, m.calls);
        let ideal = 100.0 * (world.capacity() / world.rate()).min(1.0);
        let due = world.bad.list().len() as f64 / world.servers as f64;
        let well = world.well.map_or(0, |well| well.0);
        let mut figures = Self::default();
        for (figure, value) in [
            (Figure::Mean, millis(m.total / m.answered as f64)),
            (Figure::P50, quantile(0.5)),
            (Figure::P99, quantile(0.99)),
            (Figure::P999, quantile(0.999)),
            (Figure::Bad, percent(m.to_bad, m.attempts)),
            (Figure::Errors, percent(m.failed, m.attempts)),
            (Figure::Answered, percent(m.answered, m.calls)),
            (Figure::Goodput, goodput),
            (Figure::OfIdeal, goodput / ideal),
            (Figure::LongestQueue, f64::from(m.longest_queue)),
            (Figure::Spread, most / mean.max(1e-9)),
            (Figure::Peak, m.peak / m.others.max(1.0)),
            (Figure::BackAfter, m.back_after(well, due)),
        ] {
            figures.values[figure as usize] = value;
        }
        figures
    }

    /// One figure, for tests.
    #[cfg(test)]
    pub(crate) fn only(figure: Figure, value: f64) -> Self {
        let mut figures = Self::default();
        figures.values[figure as usize] = value;
        figures
    }

    /// The mean of several seeds.
    pub(crate) fn mean(all: &[Self]) -> Self {
        let n = all.len().max(1) as f64;
        let mut mean = Self::default();
        for (at, value) in mean.values.iter_mut().enumerate() {
            *value = all.iter().map(|figures| figures.values[at]).sum::<f64>() / n;
        }
        mean
    }

    pub(crate) fn get(&self, figure: Figure) -> f64 {
        self.values[figure as usize]
    }
}
