//! What is written, and how.

use super::format::MetricsFormat;

/// What is written of choosers, and how.
///
/// ```
/// use peerage::{MetricsFormat, MetricsOptions};
///
/// let options = MetricsOptions::new().with_format(MetricsFormat::OpenMetrics).with_peers(true);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct MetricsOptions {
    /// The format; Prometheus' text unless it is set.
    pub format: MetricsFormat,
    /// Whether each peer has series of its own; no unless it is set.
    pub peers: bool,
}

impl MetricsOptions {
    /// Prometheus' text, without series of peers.
    #[must_use]
    pub const fn new() -> Self {
        Self { format: MetricsFormat::Prometheus, peers: false }
    }

    /// Sets the format.
    #[must_use]
    pub const fn with_format(mut self, format: MetricsFormat) -> Self {
        self.format = format;
        self
    }

    /// Gives each peer series of its own, some ten of them. A server of metrics keeps every series that it
    /// has ever seen, so this is for lists whose peers are few and stay: thousands of peers that come and
    /// go fill it.
    #[must_use]
    pub const fn with_peers(mut self, peers: bool) -> Self {
        self.peers = peers;
        self
    }
}
