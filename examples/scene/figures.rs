//! What a run comes to: a line of the table.

use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::load::{Ended, How};
use crate::part::{Part, Stage};
use crate::server::Server;

/// Requests are counted over so long to see whether a server has its share.
const WINDOW: Duration = Duration::from_millis(500);
/// By which the window moves on.
const STEP: Duration = Duration::from_millis(100);
/// The part of its share that makes a server one that has come back.
const ENOUGH: f64 = 0.8;

#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) name: String,
    /// Of those that were served, and those that timed out with the time they took.
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Parts of all requests.
    pub(crate) failed: f64,
    pub(crate) timed_out: f64,
    /// Parts of what the servers have received.
    pub(crate) slow: f64,
    pub(crate) failing: f64,
    /// From its recovery until it has its share. `None`: not before the end.
    pub(crate) erring_back: Option<Duration>,
    pub(crate) restarting_back: Option<Duration>,
}

impl Figures {
    pub(crate) fn of(name: &str, ended: &[Ended], servers: &[Server], stage: &Stage) -> Self {
        let part = |how| {
            let count = ended.iter().filter(|ended| ended.how == how).count();
            count as f64 / ended.len().max(1) as f64
        };
        let mut took: Vec<_> =
            ended.iter().filter(|ended| ended.how != How::Failed).map(|ended| ended.took).collect();
        took.sort_unstable();
        let received: Vec<_> =
            servers.iter().map(|server| (server.part, server.received())).collect();
        let back = |part| back(part, &received, stage.recovered(), stage.total);
        Self {
            name: name.to_owned(),
            p50: quantile(&took, 0.5),
            p99: quantile(&took, 0.99),
            failed: part(How::Failed),
            timed_out: part(How::TimedOut),
            slow: share(Part::Slow, &received),
            failing: share(Part::Failing, &received),
            erring_back: back(Part::Erring),
            restarting_back: back(Part::Restarting),
        }
    }
}

/// Each figure by itself: the one in the middle. The runs are of the same name, and there is one.
pub(crate) fn median(runs: &[Figures]) -> Figures {
    let duration = |of: fn(&Figures) -> Duration| middle(runs.iter().map(of));
    // Parts of a whole, to a millionth: they have an order then.
    let part = |of: fn(&Figures) -> f64| {
        middle(runs.iter().map(|run| (of(run) * 1e6) as u64)) as f64 / 1e6
    };
    // A recovery that has no end comes last.
    let back = |of: fn(&Figures) -> Option<Duration>| {
        let back = middle(runs.iter().map(|run| of(run).unwrap_or(Duration::MAX)));
        (back < Duration::MAX).then_some(back)
    };
    Figures {
        name: runs.first().map_or_else(String::new, |run| run.name.clone()),
        p50: duration(|run| run.p50),
        p99: duration(|run| run.p99),
        failed: part(|run| run.failed),
        timed_out: part(|run| run.timed_out),
        slow: part(|run| run.slow),
        failing: part(|run| run.failing),
        erring_back: back(|run| run.erring_back),
        restarting_back: back(|run| run.restarting_back),
    }
}

fn middle<T: Ord + Copy + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn quantile(sorted: &[Duration], quantile: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * quantile).round() as usize).copied().unwrap_or_default()
}

fn share(part: Part, received: &[(Part, Vec<Duration>)]) -> f64 {
    let all: usize = received.iter().map(|(_, times)| times.len()).sum();
    let its = received.iter().filter(|(of, _)| *of == part).map(|(_, times)| times.len());
    its.sum::<usize>() as f64 / all.max(1) as f64
}

/// How long after `since` the first window begins in which a server gets what a good one does.
fn back(
    part: Part,
    received: &[(Part, Vec<Duration>)],
    since: Duration,
    end: Duration,
) -> Option<Duration> {
    let mean = |part, from| {
        let each = received.iter().filter(|(of, _)| *of == part);
        let (servers, requests) = each.fold((0, 0), |(servers, requests), (_, times)| {
            (servers + 1, requests + within(times, from))
        });
        requests as f64 / f64::from(servers.max(1))
    };
    let windows = (0..).map(|nth| since + STEP * nth).take_while(|from| *from + WINDOW <= end);
    let mut enough = windows.filter(|from| mean(part, *from) >= ENOUGH * mean(Part::Good, *from));
    enough.next().map(|from| from.saturating_sub(since))
}

fn within(times: &[Duration], from: Duration) -> usize {
    let before = |end: Duration| times.partition_point(|time| *time < end);
    before(from + WINDOW) - before(from)
}

/// The table, as Markdown.
pub(crate) fn table(rows: &[Figures], stage: &Stage) -> String {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header([
        "chosen by",
        "p50 ms",
        "p99 ms",
        "failed %",
        "timed out %",
        "to the slow one %",
        "to the failing one %",
        "back from errors s",
        "back from restart s",
    ]);
    let millis = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    let percent = |part: f64| format!("{:.2}", part * 100.0);
    let left = stage.total - stage.recovered();
    let seconds = |back: Option<Duration>| match back {
        Some(back) => format!("{:.1}", back.as_secs_f64()),
        None => format!("> {:.1}", left.as_secs_f64()),
    };
    for row in rows {
        table.add_row([
            row.name.clone(),
            millis(row.p50),
            millis(row.p99),
            percent(row.failed),
            percent(row.timed_out),
            percent(row.slow),
            percent(row.failing),
            seconds(row.erring_back),
            seconds(row.restarting_back),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request each so many milliseconds.
    fn every(millis: u64, from: u64, to: u64) -> Vec<Duration> {
        (from..to).step_by(millis as usize).map(Duration::from_millis).collect()
    }

    #[test]
    fn a_server_is_back_when_it_gets_what_good_ones_get() {
        let second = Duration::from_secs(1);
        let mut received = vec![
            (Part::Good, every(10, 0, 5000)),
            (Part::Good, every(10, 0, 5000)),
            (Part::Erring, every(10, 2000, 5000)),
        ];
        // Four fifths of the window from 1.9 s on are after 2 s.
        let back_after = |received: &[_]| back(Part::Erring, received, second, 5 * second);
        assert_eq!(back_after(&received), Some(Duration::from_millis(900)));
        received[2].1 = every(20, 1000, 5000);
        assert_eq!(back_after(&received), None);
    }

    #[test]
    fn shares_are_of_what_was_received() {
        let received = [(Part::Good, every(1, 0, 9)), (Part::Slow, every(1, 0, 1))];
        assert!((share(Part::Slow, &received) - 0.1).abs() < 1e-9);
        assert!(share(Part::Failing, &received).abs() < 1e-9);
    }
}
