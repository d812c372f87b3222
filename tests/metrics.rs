//! The text of real choosers: counters only grow, and say what was done.

use std::collections::BTreeMap;
use std::time::Duration;

use peerage::policy::RoundRobin;
use peerage::transports::Always;
use peerage::{
    Bind, Chooser, Lifecycle, List, ListOptions, ListUpdates, MetricsFormat, MetricsOptions,
    Outcome, PeerList, Request, StaticPeers, Wait, metrics_text, write_metrics,
};

/// The numbers of a text, by series, and whether each may only grow.
fn series(text: &str) -> BTreeMap<String, (f64, bool)> {
    let mut grows = false;
    let mut all = BTreeMap::new();
    for line in text.lines() {
        if let Some(family) = line.strip_prefix("# TYPE ") {
            grows = !family.ends_with(" gauge");
        } else if !line.starts_with('#') {
            let (name, number) = line.rsplit_once(' ').expect("a number");
            let number = number.parse().expect("a number");
            assert!(all.insert(name.to_owned(), (number, grows)).is_none(), "{name} twice");
        }
    }
    all
}

#[test]
fn counters_say_what_was_done_and_only_grow() {
    let options = ListOptions::new().with_name("users");
    let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    let scrape = || series(&metrics_text([&list as &dyn Chooser], MetricsOptions::new()));
    let mut before = scrape();
    list.start().expect("started");
    list.try_choose(&Request::new()).expect_err("no peer");
    let wait = Wait::timeout(Duration::from_millis(2));
    list.choose(&Request::new(), wait).expect_err("no peer in time");
    for round in 0..4_u32 {
        let name = format!("peer-{round}");
        list.update(ListUpdates::adding([name.as_str()])).expect("updated");
        for outcome in Outcome::ALL.iter().copied() {
            list.try_choose(&Request::new()).expect("a peer").finish(outcome);
        }
        // Also when the peer that has had requests leaves.
        if round % 2 == 1 {
            list.update(ListUpdates::removing([name])).expect("updated");
        }
        let now = scrape();
        for (name, (number, grows)) in &before {
            let later = now[name].0;
            assert!(!grows || later >= *number, "{name} was {number} and is {later}");
        }
        before = now;
    }
    let number = |name: &str| before[name].0;
    for outcome in Outcome::ALL.iter().copied() {
        let labels = format!("{{chooser=\"users\",outcome=\"{}\"}}", outcome.as_str());
        assert_eq!(number(&format!("peerage_requests_total{labels}")), 4.0, "{outcome}");
    }
    let failures = "peerage_choose_failures_total{chooser=\"users\",reason=";
    assert_eq!(number(&format!("{failures}\"no-peer\"}}")), 1.0);
    assert_eq!(number(&format!("{failures}\"timed-out\"}}")), 1.0);
    assert_eq!(number("peerage_wait_seconds_count{chooser=\"users\"}"), 1.0);
    assert_eq!(number("peerage_updates_total{chooser=\"users\",result=\"applied\"}"), 6.0);
    assert_eq!(number("peerage_peers{chooser=\"users\",status=\"available\"}"), 2.0);
}

#[test]
fn a_chooser_has_the_name_of_its_list_and_its_own_source() {
    let options = ListOptions::new().with_name("users");
    let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    let chooser = Bind::new(list, StaticPeers::binder(["a:80"]));
    assert_eq!(chooser.name(), chooser.introspect().name);
    assert_eq!(chooser.source_status(), chooser.introspect().source);
}

#[test]
fn a_text_of_ones_own_stands_before_it() {
    let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
    let mut text = String::from("# TYPE mine gauge\nmine 1\n");
    let options = MetricsOptions::new().with_format(MetricsFormat::OpenMetrics);
    write_metrics(&mut text, [&list as &dyn Chooser], options).expect("a String");
    assert!(text.starts_with("# TYPE mine gauge\nmine 1\n# HELP peerage_running "), "{text}");
    assert_eq!(text.matches("# EOF\n").count(), 1);
}
