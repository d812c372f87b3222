//! Whole texts, of choosers that have the numbers that a test gives them.

use std::collections::HashSet;
use std::time::Duration;

use super::options::MetricsOptions;
use super::subject::Seen;
use super::text::MetricsText;
use crate::stats::{Check, Failures, Histogram, Outcomes, PeerStatus, SourceStatus, Stats};
use crate::stats::{StatusChanges, Updates};
use crate::{Attributes, MetricsFormat, PeerCost, State, Status};

/// Every number is another one.
fn users() -> Seen {
    let waits = Histogram {
        counts: [1, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4],
        sum: Duration::from_millis(61_250),
    };
    let stats = Stats {
        state: State::Running,
        peers: 36,
        available: 21,
        connecting: 1,
        unavailable: 2,
        set_aside: 12,
        uninitialized: 13,
        pending: 14,
        waiting: 15,
        departing: 16,
        departing_pending: 17,
        requests: 1_000,
        outcomes: Outcomes {
            success: 900,
            failure: 31,
            overloaded: 32,
            cancelled: 33,
            not_sent: 34,
            abandoned: 35,
        },
        waits,
        failures: Failures::new([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]),
        status_changes: StatusChanges { available: 51, connecting: 52, unavailable: 53 },
        ejections: 54,
        updates: Updates { applied: 61, failed: 62, age: None },
    };
    Seen { name: "users".to_owned(), stats, sources: vec![], peers: vec![] }
}

fn peer(identifier: &str) -> PeerStatus {
    let identifier = identifier.to_owned();
    PeerStatus { identifier, ..PeerStatus::default() }
}

fn text(seen: impl IntoIterator<Item = Seen>, format: MetricsFormat) -> String {
    MetricsText::new(seen, MetricsOptions::new().with_format(format)).to_string()
}

/// No series twice, every family once and whole, every sample below the name of its family.
fn check(text: &str, format: MetricsFormat) {
    let (mut family, mut families, mut series) = (String::new(), HashSet::new(), HashSet::new());
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            family = help.split(' ').next().expect("a name").to_owned();
            assert!(families.insert(family.clone()), "{family} is there twice");
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').expect("a value");
            assert!(name.starts_with(&family), "{name} is not of {family}");
            assert!(series.insert(name.to_owned()), "{name} is there twice");
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
        }
    }
    assert_eq!(text.ends_with("# EOF\n"), format == MetricsFormat::OpenMetrics);
}

#[test]
fn a_chooser_is_written_for_prometheus() {
    let expected = include_str!("tests/users.prom");
    let text = text([users()], MetricsFormat::Prometheus);
    assert!(text == expected, "{text}");
    check(&text, MetricsFormat::Prometheus);
}

#[test]
fn a_chooser_is_written_as_open_metrics() {
    let expected = include_str!("tests/users.openmetrics");
    let text = text([users()], MetricsFormat::OpenMetrics);
    assert!(text == expected, "{text}");
    check(&text, MetricsFormat::OpenMetrics);
}

#[test]
fn no_chooser_is_no_family() {
    assert_eq!(text([], MetricsFormat::Prometheus), "");
    assert_eq!(text([], MetricsFormat::OpenMetrics), "# EOF\n");
}

#[test]
fn many_choosers_share_each_family() {
    let named = |number: usize| Seen { name: format!("chooser-{number}"), ..users() };
    for format in [MetricsFormat::Prometheus, MetricsFormat::OpenMetrics] {
        let text = text((0..65).map(named), format);
        check(&text, format);
        let running = (0..65).map(|n| format!("peerage_running{{chooser=\"chooser-{n}\"}} 1\n"));
        assert!(text.contains(&running.collect::<String>()), "{text}");
    }
}

#[test]
fn choosers_and_sources_of_one_name_are_told_apart() {
    let source = SourceStatus { source: "dns:users:80".to_owned(), ..SourceStatus::default() };
    let twice = || Seen { sources: vec![source.clone(), source.clone()], ..users() };
    let text = text([twice(), twice()], MetricsFormat::Prometheus);
    check(&text, MetricsFormat::Prometheus);
    for labels in [
        r#"{chooser="users",source="dns:users:80"}"#,
        r#"{chooser="users",source="dns:users:80 (2)"}"#,
        r#"{chooser="users (2)",source="dns:users:80"}"#,
        r#"{chooser="users (2)",source="dns:users:80 (2)"}"#,
    ] {
        assert!(text.contains(&format!("peerage_discovery_attempts_total{labels} 0\n")), "{text}");
    }
}

#[test]
fn a_source_is_written() {
    let source = SourceStatus {
        source: "dns:users:80".to_owned(),
        attempts: 9,
        failures: 3,
        empties: 2,
        age: Some(Duration::from_secs(60)),
        ..SourceStatus::default()
    };
    let silent = SourceStatus { source: "file:users".to_owned(), ..SourceStatus::default() };
    let seen = Seen { sources: vec![source, silent], ..users() };
    let text = text([seen], MetricsFormat::OpenMetrics);
    let labels = r#"{chooser="users",source="dns:users:80"}"#;
    for (name, number) in [("attempts", 9), ("failures", 3), ("empty", 2)] {
        let line = format!("peerage_discovery_{name}_total{labels} {number}\n");
        assert!(text.contains(&line), "{text}");
    }
    let family = "peerage_discovery_last_success_timestamp_seconds";
    assert!(text.contains(&format!("# UNIT {family} seconds\n{family}{labels} ")), "{text}");
    // One that has never answered has no such moment.
    assert_eq!(text.matches(family).count(), 4, "{text}");
}

#[test]
fn moments_are_those_of_the_wall_clock() {
    let mut seen = users();
    seen.stats.updates.age = Some(Duration::from_secs(100));
    let before = std::time::SystemTime::now();
    let text = text([seen], MetricsFormat::Prometheus);
    let line = text.lines().find(|line| line.starts_with("peerage_last_update_timestamp_seconds{"));
    let value = line.and_then(|line| line.rsplit(' ').next()).expect("a moment");
    let since = before.duration_since(std::time::SystemTime::UNIX_EPOCH).expect("after 1970");
    let wanted = since.as_secs_f64() - 100.0;
    let told: f64 = value.parse().expect("a number");
    // The wall clock may be set, but not by so much while this runs.
    assert!((told - wanted).abs() < 3_600.0, "{told} for {wanted}");
}

#[test]
fn peers_are_written() {
    let mut busy = peer("10.0.0.1:80");
    busy.status = Status { pending_request_count: 3, ..Status::default() };
    busy.attributes = Attributes::new().with_weight(5);
    busy.outcomes = Outcomes { success: 70, overloaded: 7, ..Outcomes::default() };
    busy.check = Some(Check { passed: 8, failed: 9, last: "ok".to_owned() });
    busy.cost = Some(PeerCost {
        price: 1_250,
        failures: 20,
        latency: Some(Duration::from_micros(1_500)),
        reported: Some(11),
    });
    (busy.status_changes, busy.ejections) = (4, 2);
    let seen = Seen { peers: vec![busy, peer("odd \"\\\n\u{2028}\0")], ..users() };
    let text = text([seen], MetricsFormat::Prometheus);
    check(&text, MetricsFormat::Prometheus);
    let at = text.find("# HELP peerage_peer_").expect("peers");
    assert!(&text[at..] == include_str!("tests/peers.prom"), "{text}");
}

#[test]
fn what_cannot_be_written_is_an_error() {
    /// Has room for so many pieces.
    struct Full(usize);
    impl std::fmt::Write for Full {
        fn write_str(&mut self, _: &str) -> std::fmt::Result {
            self.0 = self.0.checked_sub(1).ok_or(std::fmt::Error)?;
            Ok(())
        }
    }
    let metrics = MetricsText::new([users()], MetricsOptions::new());
    let text = metrics.to_string();
    let samples = text.lines().filter(|line| !line.starts_with('#')).count();
    let pieces = (0..).find(|&pieces| metrics.write(&mut Full(pieces)).is_ok());
    assert_eq!(pieces, Some(samples));
}
