//! Numbers for the crate `metrics`.

use ::metrics::{Label, Unit, counter, gauge, histogram};
use ::metrics::{describe_counter, describe_gauge, describe_histogram};

use crate::chooser::Chooser;
use crate::events::{Event, Observer};
use crate::metrics::{CHOOSER, Family, Kind, MetricsOptions, SOURCE, Seen, WAITS};

/// Tells the crate `metrics` what `docs/metrics.md` lists of choosers, under the same names and labels.
///
/// Two halves: as an observer of a list it records each wait when it ends, into the histogram
/// `peerage_wait_seconds`; and [`publish`](Self::publish) sets counters and gauges to what choosers say
/// of themselves, so a program calls it now and then, best when its exporter is about to be asked.
/// Nothing is counted twice, and a request that goes well costs nothing. What has no number there: a wait
/// that is cancelled or stopped is in no event.
///
/// Both go to the recorder that is set at that moment: the global one, or that of
/// `metrics::with_local_recorder`.
///
/// ```
/// use std::sync::Arc;
/// use peerage::observers::Metrics;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Chooser, ListOptions, PeerList};
///
/// let metrics = Metrics::new(); // after the recorder is set, which is told what each metric is
/// let options = ListOptions::new().with_name("users").with_observer(Arc::new(metrics));
/// let users = PeerList::new(RoundRobin::new(), Always::new(), options);
/// metrics.publish([&users as &dyn Chooser]);
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Metrics;

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Describes each metric to the recorder that is set.
    #[must_use]
    pub fn new() -> Self {
        for family in CHOOSER.iter().map(|numbers| &numbers.family) {
            describe(family);
        }
        for family in SOURCE.iter().map(|numbers| &numbers.family) {
            describe(family);
        }
        describe(&WAITS);
        Self
    }

    /// Sets counters and gauges to what the choosers have now. A chooser of the user's own that panics
    /// when it is looked at is left out.
    ///
    /// Give names to lists of the same policy: what has the same name has the same metrics here, and the
    /// last one is seen. Never blocks for long, and calls back what [`metrics_text`](crate::metrics_text)
    /// does, and the recorder.
    pub fn publish<'a>(&self, choosers: impl IntoIterator<Item = &'a dyn Chooser>) {
        let seen = choosers.into_iter().filter_map(|one| Seen::of(one, MetricsOptions::new()));
        for seen in seen {
            let chooser = Label::new("chooser", seen.name);
            for numbers in &CHOOSER {
                for (value, number) in (numbers.of)(&seen.stats) {
                    let mut labels = vec![chooser.clone()];
                    if !numbers.key.is_empty() {
                        labels.push(Label::from_static_parts(numbers.key, value));
                    }
                    set(&numbers.family, labels, number);
                }
            }
            for source in &seen.sources {
                for numbers in &SOURCE {
                    for (_, number) in (numbers.of)(source) {
                        let uri = Label::new("source", source.source.clone());
                        set(&numbers.family, vec![chooser.clone(), uri], number);
                    }
                }
            }
        }
    }
}

impl Observer for Metrics {
    fn observe(&self, list: &str, event: &Event<'_>) {
        if let Event::Waited { waited } | Event::TimedOut { waited } = *event {
            histogram!(WAITS.name, "chooser" => list.to_owned()).record(waited);
        }
    }
}

fn name(family: &Family) -> String {
    format!("{}{}", family.name, family.total())
}

fn set(family: &Family, labels: Vec<Label>, number: u64) {
    match family.kind {
        Kind::Counter => counter!(name(family), labels).absolute(number),
        Kind::Gauge | Kind::Histogram => gauge!(name(family), labels).set(number as f64),
    }
}

fn describe(family: &Family) {
    match family.kind {
        Kind::Counter => describe_counter!(name(family), Unit::Count, family.help),
        Kind::Gauge => describe_gauge!(name(family), Unit::Count, family.help),
        Kind::Histogram => describe_histogram!(name(family), Unit::Seconds, family.help),
    }
}
