use std::collections::BTreeMap;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use peerage::observers::Metrics;
use peerage::{Chooser, List, ListUpdates, Outcome, Request};

/// What there is, by name and labels.
fn seen(snapshotter: &Snapshotter) -> BTreeMap<String, DebugValue> {
    let all = snapshotter.snapshot().into_vec();
    let all = all.into_iter().map(|(key, _, _, value)| {
        let labels = key.key().labels().map(|label| format!("{}={}", label.key(), label.value()));
        (format!("{} {}", key.key().name(), labels.collect::<Vec<_>>().join(",")), value)
    });
    all.collect()
}

#[test]
fn numbers_are_published_and_waits_recorded() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let metrics = Metrics::new();
        let list = super::told("users", metrics);
        let before = seen(&snapshotter);
        let wait = &before["peerage_wait_seconds chooser=users"];
        let DebugValue::Histogram(waits) = wait else { panic!("{wait:?}") };
        assert_eq!(waits.len(), 1);
        // Nothing else is there before it is published.
        assert_eq!(before.len(), 1, "{before:?}");

        list.update(ListUpdates::adding(["c:80"])).expect("updated");
        let pick = list.try_choose(&Request::new()).expect("a peer");
        metrics.publish([&list as &dyn Chooser]);
        let now = seen(&snapshotter);
        let gauge = |name: &str| match now[name] {
            DebugValue::Gauge(number) => number.into_inner(),
            ref other => panic!("{name} is {other:?}"),
        };
        assert_eq!(gauge("peerage_peers chooser=users,status=available"), 1.0);
        assert_eq!(gauge("peerage_pending_requests chooser=users"), 1.0);
        assert_eq!(gauge("peerage_running chooser=users"), 1.0);

        pick.finish(Outcome::Failure);
        // A counter is set, and not added to.
        metrics.publish([&list as &dyn Chooser]);
        metrics.publish([&list as &dyn Chooser]);
        let now = seen(&snapshotter);
        let counter = |name: &str| match now[name] {
            DebugValue::Counter(number) => number,
            ref other => panic!("{name} is {other:?}"),
        };
        let stats = list.stats();
        let failures = counter("peerage_requests_total chooser=users,outcome=failure");
        assert_eq!(failures, stats.outcomes.failure);
        let updates = counter("peerage_updates_total chooser=users,result=failed");
        assert_eq!(updates, stats.updates.failed);
    });
}
