//! What is told of every chooser and of its sources.

use std::fmt;
use std::time::Duration;

use super::subject::Subject;
use super::writer::{Family, Writer};
use crate::state::State;
use crate::stats::{SourceStatus, Stats};

const RUNNING: Family = Family::gauge("peerage_running", "1 while the chooser runs, else 0.");
const PEERS: Family = Family::gauge("peerage_peers", "Peers by what they are good for now.");
const PENDING: Family = Family::gauge("peerage_pending_requests", "Requests in flight.");
const DEPARTING: Family = Family::gauge(
    "peerage_departing_requests",
    "Requests in flight on peers that have left, in no other count.",
);
const REQUESTS: Family =
    Family::counter("peerage_requests", "Requests that have ended, by how they ended.");
const WAITING: Family = Family::gauge("peerage_waiting", "Callers that wait for a peer now.");
const WAITS: Family = Family::histogram(
    "peerage_wait_seconds",
    "How long callers waited that did not get a peer at once, in vain or not.",
);
const FAILURES: Family =
    Family::counter("peerage_choose_failures", "Choices that found no peer, by reason.");
const UPDATES: Family = Family::counter("peerage_updates", "Updates of the members, by result.");
const UPDATED: Family = Family::gauge(
    "peerage_last_update_timestamp_seconds",
    "When the members were last updated, in seconds since 1970.",
);
const CHANGES: Family =
    Family::counter("peerage_status_changes", "Changes of peers to a connection status.");
const EJECTIONS: Family =
    Family::counter("peerage_ejections", "Peers left alone for a while as their requests failed.");

/// Numbers of one family, by a label of its own.
type Labelled<const N: usize> = [(&'static str, u64); N];

pub(super) fn write(writer: &mut Writer<'_>, subjects: &[Subject], now: Duration) -> fmt::Result {
    let mut each = |family: &Family, number: fn(&Stats) -> u64| {
        subjects
            .iter()
            .try_for_each(|of| writer.sample(family, &of.labels, None, number(&of.stats)))
    };
    each(&RUNNING, |stats| (stats.state == State::Running).into())?;
    each(&PENDING, |stats| stats.pending)?;
    each(&DEPARTING, |stats| stats.departing_pending)?;
    each(&WAITING, |stats| stats.waiting as u64)?;
    each(&EJECTIONS, |stats| stats.ejections)?;
    by(writer, subjects, &PEERS, "status", peers)?;
    by(writer, subjects, &REQUESTS, "outcome", |stats| {
        stats.outcomes.iter().map(|(outcome, count)| (outcome.as_str(), count))
    })?;
    by(writer, subjects, &FAILURES, "reason", |stats| stats.failures.iter())?;
    by(writer, subjects, &UPDATES, "result", updates)?;
    by(writer, subjects, &CHANGES, "to", changes)?;
    for of in subjects {
        writer.histogram(&WAITS, &of.labels, &of.stats.waits)?;
    }
    for of in subjects {
        if let Some(age) = of.stats.updates.age {
            writer.sample(&UPDATED, &of.labels, None, moment(now, age))?;
        }
    }
    sources(writer, subjects, now)
}

/// A family with one more label.
fn by<I: IntoIterator<Item = (&'static str, u64)>>(
    writer: &mut Writer<'_>,
    subjects: &[Subject],
    family: &Family,
    key: &str,
    numbers: impl Fn(&Stats) -> I,
) -> fmt::Result {
    for of in subjects {
        for (value, number) in numbers(&of.stats) {
            writer.sample(family, &of.labels, Some((key, value)), number)?;
        }
    }
    Ok(())
}

/// Every peer that the chooser has anything to do with is in exactly one of them.
fn peers(stats: &Stats) -> Labelled<6> {
    [
        ("available", stats.available as u64),
        ("set-aside", stats.set_aside as u64),
        ("connecting", stats.connecting as u64),
        ("unavailable", stats.unavailable as u64),
        ("uninitialized", stats.uninitialized as u64),
        ("departing", stats.departing as u64),
    ]
}

fn updates(stats: &Stats) -> Labelled<2> {
    [("applied", stats.updates.applied), ("failed", stats.updates.failed)]
}

fn changes(stats: &Stats) -> Labelled<3> {
    let changes = &stats.status_changes;
    [
        ("available", changes.available),
        ("connecting", changes.connecting),
        ("unavailable", changes.unavailable),
    ]
}

const ATTEMPTS: Family =
    Family::counter("peerage_discovery_attempts", "How often the source was asked.");
const MISSES: Family =
    Family::counter("peerage_discovery_failures", "How often the source has not answered.");
const EMPTIES: Family = Family::counter(
    "peerage_discovery_empty",
    "Answers without a peer: those there were have been kept.",
);
const ANSWERED: Family = Family::gauge(
    "peerage_discovery_last_success_timestamp_seconds",
    "When the source last answered with peers, in seconds since 1970.",
);

fn sources(writer: &mut Writer<'_>, subjects: &[Subject], now: Duration) -> fmt::Result {
    let all = || subjects.iter().flat_map(|of| &of.sources);
    let mut each = |family: &Family, number: fn(&SourceStatus) -> u64| {
        all().try_for_each(|(labels, of)| writer.sample(family, labels, None, number(of)))
    };
    each(&ATTEMPTS, |source| source.attempts)?;
    each(&MISSES, |source| source.failures)?;
    each(&EMPTIES, |source| source.empties)?;
    for (labels, source) in all() {
        if let Some(age) = source.age {
            writer.sample(&ANSWERED, labels, None, moment(now, age))?;
        }
    }
    Ok(())
}

/// When it was, to a millisecond.
fn moment(now: Duration, age: Duration) -> impl fmt::Display {
    let at = now.saturating_sub(age);
    format!("{}.{:03}", at.as_secs(), at.subsec_millis())
}
