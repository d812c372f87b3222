//! What is told of every chooser and of its sources.

use std::fmt;
use std::time::Duration;

use super::subject::Subject;
use super::writer::{Family, Writer};
use crate::state::State;
use crate::stats::{SourceStatus, Stats};

/// A family and its numbers, each with the value of one more label.
pub(crate) struct Numbers<T> {
    pub(crate) family: Family,
    /// That label; empty if there is none, and the one number then has no value of it.
    pub(crate) key: &'static str,
    pub(crate) of: fn(&T) -> Vec<(&'static str, u64)>,
}

const fn one<T>(family: Family, of: fn(&T) -> Vec<(&'static str, u64)>) -> Numbers<T> {
    Numbers { family, key: "", of }
}

const fn each<T>(
    family: Family,
    key: &'static str,
    of: fn(&T) -> Vec<(&'static str, u64)>,
) -> Numbers<T> {
    Numbers { family, key, of }
}

/// Of a chooser.
pub(crate) const CHOOSER: [Numbers<Stats>; 10] = [
    one(Family::gauge("peerage_running", "1 while the chooser runs, else 0."), |stats| {
        vec![("", (stats.state == State::Running).into())]
    }),
    // Every peer that the chooser has anything to do with is in exactly one of them.
    each(
        Family::gauge("peerage_peers", "Peers by what they are good for now."),
        "status",
        |stats| {
            vec![
                ("available", stats.available as u64),
                ("set-aside", stats.set_aside as u64),
                ("connecting", stats.connecting as u64),
                ("unavailable", stats.unavailable as u64),
                ("uninitialized", stats.uninitialized as u64),
                ("departing", stats.departing as u64),
            ]
        },
    ),
    one(Family::gauge("peerage_pending_requests", "Requests in flight."), |stats| {
        vec![("", stats.pending)]
    }),
    one(
        Family::gauge(
            "peerage_departing_requests",
            "Requests in flight on peers that have left, in no other count.",
        ),
        |stats| vec![("", stats.departing_pending)],
    ),
    each(
        Family::counter("peerage_requests", "Requests that have ended, by how they ended."),
        "outcome",
        |stats| stats.outcomes.iter().map(|(outcome, count)| (outcome.as_str(), count)).collect(),
    ),
    one(Family::gauge("peerage_waiting", "Callers that wait for a peer now."), |stats| {
        vec![("", stats.waiting as u64)]
    }),
    each(
        Family::counter("peerage_choose_failures", "Choices that found no peer, by reason."),
        "reason",
        |stats| stats.failures.iter().collect(),
    ),
    each(
        Family::counter("peerage_updates", "Updates of the members, by result."),
        "result",
        |stats| vec![("applied", stats.updates.applied), ("failed", stats.updates.failed)],
    ),
    each(
        Family::counter("peerage_status_changes", "Changes of peers to a connection status."),
        "to",
        |stats| {
            let changes = &stats.status_changes;
            vec![
                ("available", changes.available),
                ("connecting", changes.connecting),
                ("unavailable", changes.unavailable),
            ]
        },
    ),
    one(
        Family::counter(
            "peerage_ejections",
            "Peers left alone for a while as their requests failed.",
        ),
        |stats| vec![("", stats.ejections)],
    ),
];

/// Of a source.
pub(crate) const SOURCE: [Numbers<SourceStatus>; 3] = [
    one(
        Family::counter("peerage_discovery_attempts", "How often the source was asked."),
        |source| vec![("", source.attempts)],
    ),
    one(
        Family::counter("peerage_discovery_failures", "How often the source has not answered."),
        |source| vec![("", source.failures)],
    ),
    one(
        Family::counter(
            "peerage_discovery_empty",
            "Answers without a peer: those there were have been kept.",
        ),
        |source| vec![("", source.empties)],
    ),
];

pub(crate) const WAITS: Family = Family::histogram(
    "peerage_wait_seconds",
    "How long callers waited that did not get a peer at once, in vain or not.",
);
const UPDATED: Family = Family::gauge(
    "peerage_last_update_timestamp_seconds",
    "When the members were last updated, in seconds since 1970.",
);
const ANSWERED: Family = Family::gauge(
    "peerage_discovery_last_success_timestamp_seconds",
    "When the source last answered with peers, in seconds since 1970.",
);

pub(super) fn write(writer: &mut Writer<'_>, subjects: &[Subject], now: Duration) -> fmt::Result {
    for numbers in &CHOOSER {
        for of in subjects {
            samples(writer, numbers, &of.labels, &of.stats)?;
        }
    }
    for of in subjects {
        writer.histogram(&WAITS, &of.labels, &of.stats.waits)?;
    }
    for of in subjects {
        if let Some(age) = of.stats.updates.age {
            writer.sample(&UPDATED, &of.labels, None, moment(now, age))?;
        }
    }
    let sources = || subjects.iter().flat_map(|of| &of.sources);
    for numbers in &SOURCE {
        for (labels, source) in sources() {
            samples(writer, numbers, labels, source)?;
        }
    }
    for (labels, source) in sources() {
        if let Some(age) = source.age {
            writer.sample(&ANSWERED, labels, None, moment(now, age))?;
        }
    }
    Ok(())
}

fn samples<T>(writer: &mut Writer<'_>, numbers: &Numbers<T>, labels: &str, of: &T) -> fmt::Result {
    for (value, number) in (numbers.of)(of) {
        let also = (!numbers.key.is_empty()).then_some((numbers.key, value));
        writer.sample(&numbers.family, labels, also, number)?;
    }
    Ok(())
}

/// When it was, to a millisecond.
fn moment(now: Duration, age: Duration) -> String {
    let at = now.saturating_sub(age);
    format!("{}.{:03}", at.as_secs(), at.subsec_millis())
}
