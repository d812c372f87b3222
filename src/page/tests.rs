//! Pages of made-up choosers.

use std::time::{Duration, UNIX_EPOCH};

use super::PageOptions;
use super::html::Document;
use crate::attributes::Attributes;
use crate::peer::{ConnectionStatus, Status};
use crate::reasons::{Reason, Reasons};
use crate::state::State;
use crate::stats::{Check, ChooserStatus, Outcomes, PeerStatus, SourceStatus, Stats, Updates};

const NEVER: &str = "<img src=x onerror=\"alert(1)\">&\u{202e}'";

/// A peer that is connected, unless it has that reason not to be chosen.
fn peer(identifier: &str, reasons: &[Reason]) -> PeerStatus {
    let reasons = reasons.iter().fold(Reasons::NONE, |all, reason| all.with(*reason));
    let connection_status = if reasons.has(Reason::NotConnected) {
        ConnectionStatus::Unavailable
    } else {
        ConnectionStatus::Available
    };
    PeerStatus {
        identifier: identifier.into(),
        status: Status { pending_request_count: 1, connection_status },
        reasons,
        since: Duration::from_secs(192),
        requests: 11,
        outcomes: Outcomes { success: 10, ..Outcomes::default() },
        ..PeerStatus::default()
    }
}

fn list(name: &str, peers: Vec<PeerStatus>) -> ChooserStatus {
    let stats = Stats {
        requests: 1_234,
        outcomes: Outcomes { success: 1_200, failure: 10, overloaded: 2, ..Outcomes::default() },
        updates: Updates { applied: 3, failed: 1, age: Some(Duration::from_secs(75)) },
        ..Stats::default()
    };
    let policy = "round-robin".into();
    ChooserStatus { name: name.into(), state: State::Running, policy, stats, peers, source: None }
}

fn page(choosers: &[ChooserStatus]) -> String {
    page_with(choosers, &PageOptions::new())
}

fn page_with(choosers: &[ChooserStatus], options: &PageOptions) -> String {
    Document::new(choosers, options).to_string()
}

/// The first cells of the rows of a page's tables.
fn addresses(page: &str) -> Vec<&str> {
    let rows = page.split("<tr><th scope=row><bdi>").skip(1);
    rows.map(|row| row.split("</bdi>").next().expect("its end")).collect()
}

#[test]
fn those_that_do_not_serve_come_first() {
    let mut connecting = peer("e", &[Reason::NotConnected]);
    connecting.status.connection_status = ConnectionStatus::Connecting;
    let mut fails = peer("x", &[]);
    fails.outcomes.failure = 10;
    let mut fails_rarely = peer("b2", &[]);
    fails_rarely.outcomes = Outcomes { success: 1_000, failure: 9, ..Outcomes::default() };
    let peers = vec![
        peer("a later tier", &[Reason::LaterTier]),
        peer("b1", &[]),
        fails_rarely,
        peer("b3", &[]),
        peer("c draining, down", &[Reason::Draining, Reason::NotConnected]),
        peer("d ejected", &[Reason::Ejected]),
        connecting,
        peer("f down", &[Reason::NotConnected]),
        peer("g outside", &[Reason::OutsideSubset]),
        fails,
    ];
    let page = page(&[list("users", peers)]);
    let expected = ["f down", "e", "d ejected", "c draining, down", "x", "b1", "b2", "b3"];
    assert_eq!(addresses(&page)[..8], expected);
    assert_eq!(addresses(&page)[8..], ["a later tier", "g outside"]);
    assert!(page.contains("<b>4</b> of 10 available"));
}

#[test]
fn what_comes_from_outside_is_text() {
    let mut hostile = peer(NEVER, &[]);
    hostile.attributes = Attributes::new().with_zone(NEVER);
    hostile.check = Some(Check { passed: 1, failed: 0, last: NEVER.into() });
    let mut chooser = list(NEVER, vec![hostile]);
    chooser.policy = format!("{NEVER}!");
    chooser.source = Some(SourceStatus {
        source: NEVER.into(),
        error: Some(NEVER.into()),
        ..SourceStatus::default()
    });
    let options = PageOptions::new().with_title(NEVER);
    let page = page_with(&[chooser.clone(), chooser], &options);
    let shown = r"&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;\u{202e}&#39;";
    assert!(!page.contains("<img") && !page.contains('\u{202e}') && !page.contains("\"alert"));
    // Title and heading; of each list its link, name, caption, policy, source and error; of each peer its name, zone
    // and check.
    assert_eq!(page.matches(shown).count(), 2 + 2 * (6 + 3));
}

#[test]
fn peers_beyond_the_limit_are_counted() {
    let name = |n: u32| format!("10.0.{}.{}:80", n / 250, n % 250);
    let mut peers: Vec<_> = (0..1_500).map(|n| peer(&name(n), &[])).collect();
    peers[1_499].reasons = Reasons::NONE.with(Reason::Draining);
    let list = [list("users", peers)];
    let page = page(&list);
    assert_eq!(addresses(&page).len(), 1_000);
    assert_eq!(addresses(&page)[0], name(1_499));
    assert!(page.contains("and 500 more"));
    // The totals are of all.
    assert!(page.contains("<th scope=row>1,500 peers<td>1,499 available"));
    assert!(page.contains("<td class=n>16,500"));
    for (limit, rows) in [(0, 0), (1, 1), (1_499, 1_499), (1_500, 1_500), (9_999, 1_500)] {
        let page = page_with(&list, &PageOptions::new().with_peers(limit));
        assert_eq!(addresses(&page).len(), rows);
        assert_eq!(page.contains(" more</td>"), limit < 1_500);
    }
}

#[test]
fn columns_that_say_nothing_are_left_out() {
    let heads = |page: &str| {
        let row = page.split("<thead>").nth(1).and_then(|it| it.split("</thead>").next());
        let heads = row.expect("a head").split("<th ").skip(1);
        heads.filter_map(|head| head.split('>').nth(1)).collect::<Vec<_>>().join(" ")
    };
    let always = "Address State Since Pending Requests Errors";
    assert_eq!(heads(&page(&[list("users", vec![peer("a", &[])])])), always);
    let mut known = peer("a", &[]);
    known.attributes = Attributes::new().with_weight(2).with_tier(1).with_zone("eu");
    known.check = Some(Check::default());
    let page = page(&[list("users", vec![known, peer("b", &[])])]);
    assert_eq!(heads(&page), format!("{always} Weight Tier Zone Last check"));
}

#[test]
fn a_page_without_lists_or_peers_is_one() {
    let page = page(&[]);
    assert!(page.contains("0 lists, 0 of 0 peers available"), "{page}");
    let page = page_with(&[list("users", vec![])], &PageOptions::new());
    assert!(page.contains("It has no peers."));
    assert!(page.contains("<p class=\"up bad\"><b>0</b> of 0 available"));
}

#[test]
fn the_refresh_is_an_option() {
    let asks = "<meta http-equiv=refresh content=5>";
    assert!(!page(&[]).contains("http-equiv=refresh"));
    let options = PageOptions::new().with_refresh(Duration::from_secs(5));
    assert!(page_with(&[], &options).contains(asks));
}

/// No text depends on the numbers of a moment but those that it shows.
#[test]
fn extreme_numbers_do_no_harm() {
    let all = Outcomes {
        success: u64::MAX,
        failure: u64::MAX,
        overloaded: u64::MAX,
        ..Outcomes::default()
    };
    let mut extreme = peer("a", &[]);
    (extreme.outcomes, extreme.requests, extreme.since) = (all, u64::MAX, Duration::MAX);
    (extreme.status_changes, extreme.ejections) = (u64::MAX, u64::MAX);
    extreme.ejected_for = Some(Duration::MAX);
    extreme.check = Some(Check { passed: u64::MAX, failed: u64::MAX, last: String::new() });
    let mut chooser = list("users", vec![extreme.clone(), extreme]);
    chooser.stats.outcomes = all;
    chooser.stats.status_changes.available = u64::MAX;
    chooser.stats.status_changes.connecting = u64::MAX;
    chooser.stats.pending = u64::MAX;
    let page = page(&[chooser.clone(), chooser]);
    assert!(page.contains("18,446,744,073,709,551,615"));
}

#[test]
fn the_moment_is_shown() {
    let options = PageOptions::new();
    let made = UNIX_EPOCH + Duration::from_secs(1_735_689_600);
    let page = Document::new(&[], &options).made_at(made).to_string();
    assert!(page.contains("<time>2025-01-01 00:00:00 UTC</time>"));
}

#[cfg(feature = "json")]
mod json {
    use super::*;
    use crate::cost::PeerCost;
    use crate::page::json::to_json;
    use crate::stats::{Histogram, StatusChanges};

    /// The form that `docs/status-page.md` promises.
    #[test]
    fn its_form_is_pinned() {
        let mut first = peer("10.0.0.1:80", &[Reason::NotConnected, Reason::Ejected]);
        first.attributes = Attributes::new().with_weight(0).with_zone("eu\"1").with_shard("s");
        first.ejected_for = Some(Duration::from_millis(1_500));
        first.check = Some(Check { passed: 3, failed: 4, last: "refused\n".into() });
        let latency = Some(Duration::from_micros(1_500));
        first.cost = Some(PeerCost { price: 1_250, failures: 20, latency, reported: None });
        let mut chooser = list("users", vec![first]);
        chooser.stats.waits =
            Histogram { sum: Duration::from_micros(1_500), ..chooser.stats.waits };
        chooser.stats.waits.counts[1] = 2;
        chooser.stats.status_changes =
            StatusChanges { available: 1, connecting: 2, unavailable: 3 };
        chooser.source =
            Some(SourceStatus { source: "dns:users:80".into(), ..SourceStatus::default() });
        let text = to_json(&[chooser]);
        // There it has lines, to be read.
        let lines = include_str!("pinned.json").lines().map(str::trim);
        assert_eq!(text, lines.collect::<String>().replace("\": ", "\":"));
    }

    #[test]
    fn the_documentation_has_every_field() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/status-page.md");
        let page = std::fs::read_to_string(path).expect(path);
        let fields = include_str!("pinned.json").lines();
        let fields: Vec<_> = fields.filter_map(|line| line.trim().strip_prefix('"')).collect();
        let fields = fields.iter().filter_map(|line| line.split_once("\": ")).map(|(name, _)| name);
        for field in fields {
            let has =
                page.contains(&format!("`{field}`")) || page.contains(&format!("\"{field}\""));
            assert!(has, "{field} is not in docs/status-page.md");
        }
    }

    #[test]
    fn it_is_read_as_what_it_was() {
        let names: Vec<_> = ["a\nb", NEVER, "\0\u{7f}", "\u{4e2d}"].into();
        let peers = names.iter().map(|name| peer(name, &[])).collect();
        let read: serde_json::Value =
            serde_json::from_str(&to_json(&[list("l", peers)])).expect("JSON");
        let peers = read["choosers"][0]["peers"].as_array().expect("peers");
        let read: Vec<_> = peers.iter().map(|peer| peer["identifier"].as_str()).collect();
        assert_eq!(read, names.iter().map(|name| Some(*name)).collect::<Vec<_>>());
    }
}
