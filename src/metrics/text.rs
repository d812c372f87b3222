//! From choosers to text.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::families;
use super::options::MetricsOptions;
use super::peers;
use super::subject::{Seen, Subject};
use super::writer::Writer;
use crate::chooser::Chooser;

/// Choosers as one text that Prometheus scrapes: what an HTTP server answers to `GET /metrics`.
///
/// `docs/metrics.md` lists the metrics. Each has the chooser's name as its label `chooser`; of two choosers
/// of one name the second is `users (2)`, by their order here, so give names
/// ([`ListOptions::with_name`](crate::ListOptions::with_name)) to lists of the same policy. A chooser of
/// the user's own that panics when it is looked at is left out.
///
/// Any thread may call it at any time. Never blocks for long: it takes the locks that
/// [`Chooser::stats`] or, with peers, [`Chooser::introspect`] takes. Calls back what those call, and
/// the updater's [`source_status`](crate::Updater::source_status).
///
/// ```
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
/// use peerage::{MetricsOptions, metrics_text};
///
/// let options = ListOptions::new().with_name("users");
/// let users = PeerList::new(RoundRobin::new(), Always::new(), options);
/// users.start()?;
/// users.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
/// let pick = users.try_choose(&Request::new())?;
///
/// let text = metrics_text([&users as &dyn Chooser], MetricsOptions::new());
/// assert!(text.contains("peerage_peers{chooser=\"users\",status=\"available\"} 2\n"));
/// assert!(text.contains("peerage_pending_requests{chooser=\"users\"} 1\n"));
/// # pick.finish(Outcome::Success);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn metrics_text<'a>(
    choosers: impl IntoIterator<Item = &'a dyn Chooser>,
    options: MetricsOptions,
) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write_metrics(&mut text, choosers, options);
    text
}

/// Appends what [`metrics_text`] returns to `to`, such as a text that has metrics of the program's own.
///
/// OpenMetrics ends with `# EOF`, after which nothing may follow: what the program has itself stands before
/// it. In neither format may `to` have families called `peerage_..` already.
///
/// # Errors
///
/// That of `to`, as soon as it has one: what is there then is no whole text. A [`String`] has none.
pub fn write_metrics<'a>(
    to: &mut dyn fmt::Write,
    choosers: impl IntoIterator<Item = &'a dyn Chooser>,
    options: MetricsOptions,
) -> fmt::Result {
    let seen = choosers.into_iter().filter_map(|chooser| Seen::of(chooser, options));
    MetricsText::new(seen, options).write(to)
}

/// The text, not written yet.
pub(crate) struct MetricsText {
    subjects: Vec<Subject>,
    options: MetricsOptions,
    /// Since 1970.
    now: Duration,
}

impl MetricsText {
    pub(crate) fn new(seen: impl IntoIterator<Item = Seen>, options: MetricsOptions) -> Self {
        // Moments are told as Prometheus wants them, by the clock on the wall.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { subjects: Subject::all(seen), options, now }
    }

    pub(crate) fn write(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let mut writer = Writer::new(to, self.options.format);
        families::write(&mut writer, &self.subjects, self.now)?;
        peers::write(&mut writer, &self.subjects)?;
        writer.end()
    }
}

impl fmt::Display for MetricsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}
