//! A chooser on the page: what it is, its numbers, its source, its peers.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::options::PageOptions;
use super::shown::{Count, Percent, Sentence, Span, Text, Took};
use super::standing::{Standing, errors};
use super::table::Table;
use crate::state::State;
use crate::stats::{ChooserStatus, Histogram, SourceStatus, Stats};

/// The chooser that is the `number`th of the page.
pub(super) struct List<'a> {
    pub(super) number: usize,
    pub(super) status: &'a ChooserStatus,
    pub(super) options: &'a PageOptions,
}

/// How a chooser is: a class for its colour, and a sign that tells it without one.
pub(super) fn sign_of(status: &ChooserStatus) -> (&'static str, &'static str) {
    let (available, _) = available(status);
    let is_well = status.peers.iter().all(|peer| Standing::of(peer).is_well());
    let fails = status.source.as_ref().is_some_and(|source| source.error.is_some());
    match status.state {
        State::Running if available == 0 => ("bad", "✕"),
        State::Running if !is_well || fails => ("warn", "◐"),
        State::Running => ("good", "●"),
        _ => ("calm", "○"),
    }
}

/// How many of its peers can be chosen, and how many it has.
pub(super) fn available(status: &ChooserStatus) -> (usize, usize) {
    let available = status.peers.iter().filter(|peer| peer.is_available()).count();
    (available, status.peers.len())
}

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { number, status, options } = self;
        let (colour, sign) = sign_of(status);
        let (available, peers) = self::available(status);
        writeln!(f, "<section id=list-{number} aria-labelledby=name-{number}>\n<header>")?;
        write!(
            f,
            "<h2 id=name-{number}><span class={colour}><i aria-hidden=true>{sign}</i></span> "
        )?;
        write!(f, "<bdi>{}</bdi></h2>\n<p>", Text(&status.name))?;
        if status.policy != status.name {
            write!(f, "<code><bdi>{}</bdi></code> · ", Text(&status.policy))?;
        }
        writeln!(f, "{}</p>", status.state.lower())?;
        let class =
            if available == 0 && status.state == State::Running { "\"up bad\"" } else { "up" };
        let (of, all) = (Count(available as u64), Count(peers as u64));
        writeln!(f, "<p class={class}><b>{of}</b> of {all} available</p>\n</header>\n<dl>")?;
        numbers(&status.stats, f)?;
        if let Some(source) = &status.source {
            self::source(source, f)?;
        }
        f.write_str("</dl>\n")?;
        let error = status.source.as_ref().and_then(|source| source.error.as_deref());
        if let Some(error) = error {
            f.write_str(
                "<p class=error><b><i aria-hidden=true>▲</i> Source does not answer:</b> ",
            )?;
            writeln!(f, "{}</p>", Sentence(error))?;
        }
        let (name, peers, rows) = (&status.name, &status.peers, options.peers);
        writeln!(f, "{}</section>", Table { number: *number, name, peers, rows })
    }
}

/// A pair of the list of numbers: what it is called, and the number.
fn fact(name: &str, number: u64, f: &mut Formatter<'_>) -> fmt::Result {
    let class = if number == 0 { " class=o" } else { "" };
    writeln!(f, "<div><dt>{name}<dd{class}>{}</div>", Count(number))
}

/// The same with what there is to say of one that is not 0.
fn fact_and(name: &str, number: u64, more: &dyn Display, f: &mut Formatter<'_>) -> fmt::Result {
    if number == 0 {
        return fact(name, number, f);
    }
    writeln!(f, "<div><dt>{name}<dd>{} <small>{more}</small></div>", Count(number))
}

/// Always the same ones, so that each is found at its place; at last those that are rare.
fn numbers(stats: &Stats, f: &mut Formatter<'_>) -> fmt::Result {
    fact("Pending", stats.pending, f)?;
    fact("Waiting", stats.waiting as u64, f)?;
    fact("Requests", stats.requests, f)?;
    let (errors, ended) = errors(&stats.outcomes);
    fact_and("Errors", errors, &Percent { part: errors, of: ended }, f)?;
    fact_and("Waits", stats.waits.count(), &Waits(&stats.waits), f)?;
    fact_and("Found no peer", stats.failures.total(), &Reasons(stats), f)?;
    let changes = &stats.status_changes;
    let all = [changes.available, changes.connecting, changes.unavailable];
    let all = all.into_iter().fold(0, u64::saturating_add);
    let lost = format!("{} to unavailable", Count(changes.unavailable));
    fact_and("Status changes", all, &lost, f)?;
    fact("Ejections", stats.ejections, f)?;
    let updates = &stats.updates;
    let applied = updates.applied.saturating_add(updates.failed);
    fact_and("Updates", applied, &Updated(updates.failed, updates.age), f)?;
    if stats.departing > 0 {
        let pending = format!("with {} pending", Count(stats.departing_pending));
        fact_and("Departing", stats.departing as u64, &pending, f)?;
    }
    if stats.uninitialized > 0 {
        fact("Not retained", stats.uninitialized as u64, f)?;
    }
    Ok(())
}

fn source(source: &SourceStatus, f: &mut Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "<div class=wide><dt>Source<dd><code><bdi>{}</bdi></code> <small>",
        Text(&source.source)
    )?;
    match source.age {
        Some(age) => write!(f, "answered {} ago", Span(age))?,
        None => f.write_str("has not answered yet")?,
    }
    let plural = if source.peers == 1 { "" } else { "s" };
    write!(f, ", {} peer{plural}", Count(source.peers as u64))?;
    if source.is_snapshot {
        f.write_str(" of its snapshot file")?;
    }
    let plural = if source.attempts == 1 { "" } else { "s" };
    let (asked, failed) = (Count(source.attempts), Count(source.failures));
    write!(f, "; asked {asked} time{plural}, {failed} in vain")?;
    if source.empties > 0 {
        write!(f, ", {} empty", Count(source.empties))?;
    }
    f.write_str("</small></div>\n")
}

/// How long most have waited: the bound below which nineteen of twenty are.
struct Waits<'a>(&'a Histogram);

impl Display for Waits<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all = self.0.count();
        let mut below = 0_u64;
        for (place, count) in self.0.counts.iter().enumerate() {
            below = below.saturating_add(*count);
            if u128::from(below) * 20 >= u128::from(all) * 19 {
                return match Histogram::BOUNDS.get(place) {
                    Some(bound) => write!(f, "95 % within {}", Rounded(*bound)),
                    None => {
                        let last = Histogram::BOUNDS[Histogram::BOUNDS.len() - 1];
                        write!(f, "95 % only beyond {}", Rounded(last))
                    }
                };
            }
        }
        Ok(())
    }
}

/// A bound without decimals that are none.
struct Rounded(Duration);

impl Display for Rounded {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let took = Took(self.0).to_string();
        let Some((number, unit)) = took.split_once(' ') else { return f.write_str(&took) };
        let number = if number.contains('.') {
            number.trim_end_matches('0').trim_end_matches('.')
        } else {
            number
        };
        write!(f, "{number} {unit}")
    }
}

/// Choices in vain, by reason.
struct Reasons<'a>(&'a Stats);

impl Display for Reasons<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let reasons = self.0.failures.iter().filter(|(_, count)| *count > 0);
        for (n, (reason, count)) in reasons.enumerate() {
            write!(f, "{}{reason} {}", if n > 0 { ", " } else { "" }, Count(count))?;
        }
        Ok(())
    }
}

/// Updates that have failed, and how long ago the last one was.
struct Updated(u64, Option<Duration>);

impl Display for Updated {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0 > 0 {
            write!(f, "{} failed in part, ", Count(self.0))?;
        }
        self.1.map_or(Ok(()), |age| write!(f, "last {} ago", Span(age)))
    }
}
