//! How many connections are kept, and for how long.

use std::time::Duration;

/// The limits of a [`Pool`](super::Pool), and its pauses between attempts to connect.
///
/// ```
/// use std::time::Duration;
/// use peerage::transports::pool::PoolOptions;
///
/// let options = PoolOptions::new()
///     .with_max_idle(8)
///     .with_max_connections(200)
///     .with_idle_timeout(Some(Duration::from_secs(20)))
///     .with_max_lifetime(Some(Duration::from_secs(600)));
/// # let _ = options;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolOptions {
    pub(super) max_idle: usize,
    pub(super) max_connections: usize,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) max_lifetime: Option<Duration>,
    pub(super) backoff: Duration,
    pub(super) max_backoff: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl PoolOptions {
    /// At most 64 idle connections a peer, each for a minute; any number in use, of any age; pauses
    /// of 10 ms that grow to a second.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_idle: 64,
            max_connections: usize::MAX,
            idle_timeout: Some(Duration::from_secs(60)),
            max_lifetime: None,
            backoff: Duration::from_millis(10),
            max_backoff: Duration::from_secs(1),
        }
    }

    /// How many idle connections each peer keeps; further ones are closed when they come back. With
    /// zero none is used twice.
    #[must_use]
    pub const fn with_max_idle(mut self, connections: usize) -> Self {
        self.max_idle = connections;
        self
    }

    /// How many connections there may be at once, idle or in use, of all peers. When so many are in
    /// use a checkout fails; when some are idle with other peers, one of those makes room. Zero is
    /// taken for one.
    #[must_use]
    pub const fn with_max_connections(mut self, connections: usize) -> Self {
        self.max_connections = if connections == 0 { 1 } else { connections };
        self
    }

    /// How long a connection may be idle: less than servers allow is best. `None`: for ever. It is
    /// not handed out afterwards, and is closed within this time again, or 10 ms.
    #[must_use]
    pub const fn with_idle_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How old a connection may become, so that new servers behind one address get their share.
    /// `None`: of any age. One that is in use is closed when it comes back.
    #[must_use]
    pub const fn with_max_lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.max_lifetime = lifetime;
        self
    }

    /// The longest pause after a first attempt that failed, and the longest at all. Each pause is
    /// drawn from nothing to a limit that doubles with each failure, so that clients do not come
    /// back to a server all at once.
    #[must_use]
    pub const fn with_backoff(mut self, first: Duration, most: Duration) -> Self {
        self.backoff = first;
        self.max_backoff = most;
        self
    }

    /// How often idle connections are looked at, if they end: as often as the shorter of both times
    /// passes, but for one so short that a thread would do nothing else.
    pub(super) fn shortest(&self) -> Option<Duration> {
        let shortest = self.idle_timeout.into_iter().chain(self.max_lifetime).min();
        shortest.map(|time| time.max(Duration::from_millis(10)))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn idle_connections_are_looked_at_now_and_then() {
        let (ms, options) = (Duration::from_millis, PoolOptions::new());
        let of =
            |idle, age| options.clone().with_idle_timeout(idle).with_max_lifetime(age).shortest();
        assert_eq!(of(None, None), None);
        assert_eq!(of(Some(ms(70)), None), Some(ms(70)));
        assert_eq!(of(Some(ms(70)), Some(ms(50))), Some(ms(50)));
        for short in [Duration::ZERO, Duration::from_nanos(1)] {
            assert_eq!(of(Some(short), None), Some(ms(10)));
            assert_eq!(of(None, Some(short)), Some(ms(10)));
        }
    }
}
