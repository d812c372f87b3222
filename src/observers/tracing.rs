//! Events as events of the crate `tracing`.

use std::time::Duration;

use ::tracing::{Level, event, field};

use crate::events::{Event, LogLevel, Observer, SourceNews};

/// Passes each event to `tracing`, with the level that [`Event::level`] says, the target `peerage`, its line
/// as the message, and fields.
///
/// | field | of | is |
/// |---|---|---|
/// | `chooser` | all | the list's name |
/// | `event` | all | what it is: `updated`, `status-changed`, `waited`.. |
/// | `peer`, `from`, `to` | peers | its identifier; its status before and now |
/// | `waited` | waits | seconds |
/// | `failures`, `lasts` | ejections | failures in a row; seconds |
/// | `additions`, `removals` | updates | how many |
/// | `available`, `peers` | tiers, panic, sources | how many |
/// | `tier` | tiers | the last that serves |
/// | `source` | sources | its URI |
/// | `error` | what failed | its text |
///
/// It has no span of its own: an event of a choice that waits is inside the span of its caller.
///
/// ```
/// use std::sync::Arc;
/// use peerage::ListOptions;
/// use peerage::observers::Tracing;
///
/// let options = ListOptions::new().with_observer(Arc::new(Tracing::new()));
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Tracing;

impl Tracing {
    /// The one there is.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// A field that is not there is not told.
#[derive(Default)]
struct Fields<'a> {
    name: &'static str,
    peer: Option<&'a str>,
    from: Option<String>,
    to: Option<String>,
    waited: Option<f64>,
    failures: Option<u64>,
    lasts: Option<f64>,
    additions: Option<u64>,
    removals: Option<u64>,
    available: Option<u64>,
    peers: Option<u64>,
    tier: Option<u64>,
    source: Option<&'a str>,
    error: Option<String>,
}

impl Observer for Tracing {
    fn observe(&self, list: &str, event: &Event<'_>) {
        // The level is part of what is static of an event.
        macro_rules! tell {
            ($level:expr) => {
                if ::tracing::enabled!(target: "peerage", $level) {
                    let it = Fields::of(event);
                    event!(
                        target: "peerage",
                        $level,
                        chooser = list,
                        event = it.name,
                        peer = it.peer,
                        from = it.from,
                        to = it.to,
                        waited = it.waited,
                        failures = it.failures,
                        lasts = it.lasts,
                        additions = it.additions,
                        removals = it.removals,
                        available = it.available,
                        peers = it.peers,
                        tier = it.tier,
                        source = it.source,
                        error = it.error,
                        message = field::display(event),
                    );
                }
            };
        }
        match event.level() {
            LogLevel::Error => tell!(Level::ERROR),
            LogLevel::Info => tell!(Level::INFO),
            LogLevel::Debug => tell!(Level::DEBUG),
        }
    }
}

impl<'a> Fields<'a> {
    fn of(event: &Event<'a>) -> Self {
        let named = |name| Self { name, ..Self::default() };
        let seconds = |time: Duration| Some(time.as_secs_f64());
        let count = |count: usize| Some(count as u64);
        match *event {
            Event::Updated { additions, removals, error } => Self {
                additions: count(additions),
                removals: count(removals),
                error: error.map(ToString::to_string),
                ..named("updated")
            },
            Event::StatusChanged { peer, from, to } => Self {
                peer: Some(peer),
                from: Some(from.to_string()),
                to: Some(to.to_string()),
                ..named("status-changed")
            },
            Event::Ejected { peer, failures, lasts } => Self {
                peer: Some(peer),
                failures: Some(failures.into()),
                lasts: seconds(lasts),
                ..named("ejected")
            },
            Event::Returned { peer } => Self { peer: Some(peer), ..named("returned") },
            Event::TooFewAvailable { available, peers, .. } => Self {
                available: count(available),
                peers: count(peers),
                ..named("too-few-available")
            },
            Event::EnoughAvailable { available, peers } => Self {
                available: count(available),
                peers: count(peers),
                ..named("enough-available")
            },
            Event::SpilledOver { tier, available, peers, .. } => Self {
                tier: Some(tier.into()),
                available: count(available),
                peers: count(peers),
                ..named("spilled-over")
            },
            Event::SpilledBack { tier, available, peers, .. } => Self {
                tier: Some(tier.into()),
                available: count(available),
                peers: count(peers),
                ..named("spilled-back")
            },
            Event::SubsetChanged { joined, left, used, .. } => Self {
                additions: count(joined),
                removals: count(left),
                peers: count(used),
                ..named("subset-changed")
            },
            Event::Waited { waited } => Self { waited: seconds(waited), ..named("waited") },
            Event::TimedOut { waited } => Self { waited: seconds(waited), ..named("timed-out") },
            Event::ReleaseFailed { failure } => Self {
                peer: Some(&failure.peer),
                error: Some(failure.to_string()),
                ..named("release-failed")
            },
            Event::Source { source, news, .. } => Self { source: Some(source), ..Self::news(news) },
            Event::Panicked { what, message } => {
                Self { error: Some(format!("{what}: {message}")), ..named("panicked") }
            }
        }
    }

    fn news(news: SourceNews<'a>) -> Self {
        let named = |name| Self { name, ..Self::default() };
        let with = |name, peers: usize| Self { peers: Some(peers as u64), ..named(name) };
        match news {
            SourceNews::Attempt => named("source-attempt"),
            SourceNews::Success { peers } => with("source-success", peers),
            SourceNews::Changed { additions, removals, peers } => Self {
                additions: Some(additions as u64),
                removals: Some(removals as u64),
                ..with("source-changed", peers)
            },
            SourceNews::Empty { kept } => with("source-empty", kept),
            SourceNews::Failure { error, kept, .. } => {
                Self { error: Some(error.to_owned()), ..with("source-failure", kept) }
            }
            SourceNews::Unreadable { fault } => {
                Self { error: Some(fault.to_owned()), ..named("source-unreadable") }
            }
            SourceNews::Snapshot { peers, .. } => with("source-snapshot", peers),
        }
    }
}
