//! What can be set on a probing transport.

use std::time::Duration;

use super::expect::Expect;
use crate::error::SpecError;

/// How a [`Probing`](super::Probing) finds out which peers are up.
///
/// ```
/// use std::time::Duration;
/// use peerage::transports::ProbeOptions;
///
/// let options = ProbeOptions::http("/healthz")?.with_interval(Duration::from_secs(1));
/// assert_eq!(options.to_string(), "check=http,path=/healthz,interval=1s");
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
///
/// As text, for configuration files: `key[=value],...`, the same in every language.
///
/// ```
/// use peerage::transports::ProbeOptions;
///
/// let options: ProbeOptions = "check=http,path=/healthz,expect=200-299 404,fall=2".parse()?;
/// # let _ = options;
/// let wrong = "rise=0".parse::<ProbeOptions>().unwrap_err();
/// let text = "options at byte 0: rise=\"0\" must be a whole number from 1 to 1000";
/// assert_eq!(wrong.to_string(), text);
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
///
/// | key | accepts | default | what |
/// |---|---|---|---|
/// | `check` | tcp or http | `tcp` | what a probe does: it connects, or asks by HTTP/1.1 without TLS |
/// | `path` | a path that begins with /, without spaces | `/` | what is asked for by HTTP, with GET |
/// | `host` | a name without spaces, with a port or without | | the Host that HTTP names; without it the peer's own name |
/// | `expect` | statuses and ranges from 100 to 599 with spaces between, such as 200-299 404 | `200-299` | which statuses of HTTP are good |
/// | `port` | a whole number from 0 to 65535 | `0` | the port that is probed; 0: the peer's own |
/// | `interval` | a duration from 1ms to 24h, such as 200ms | `2s` | from one probe of a peer to the next |
/// | `jitter` | a whole number from 0 to 100 | `10` | percent by which that is longer or shorter, at random |
/// | `timeout` | a duration from 1ms to 24h, such as 200ms | `1s` | how long a probe may take |
/// | `rise` | a whole number from 1 to 1000 | `2` | good probes in a row that bring a peer back |
/// | `fall` | a whole number from 1 to 1000 | `3` | failed probes in a row that take a peer out |
/// | `fast-interval` | a duration from 1ms to 24h, such as 200ms | | the interval while a peer is in doubt; without it 500ms, or interval if that is less |
/// | `slow-interval` | a duration from 1ms to 24h, such as 200ms | | the interval while a peer is down; without it 5s, or interval if that is more |
/// | `at-once` | a whole number from 1 to 65536 | `256` | how many probes may be under way; those that are due wait in order |
/// | `doubt-failures` | on or off | `off` | a request that fails is a doubt in its peer |
///
/// A flag without a value is on. A comma in a value is written `\,` and a backslash `\\`. Options
/// print as the shortest text that they parse from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeOptions {
    pub(super) is_http: bool,
    pub(super) path: String,
    pub(super) host: Option<String>,
    pub(super) expect: Expect,
    pub(super) port: Option<u16>,
    pub(super) interval: Duration,
    pub(super) jitter: u8,
    pub(super) timeout: Duration,
    pub(super) rise: u32,
    pub(super) fall: u32,
    pub(super) fast: Option<Duration>,
    pub(super) slow: Option<Duration>,
    pub(super) at_once: usize,
    pub(crate) doubt_failures: bool,
}

impl Default for ProbeOptions {
    fn default() -> Self {
        Self {
            is_http: false,
            path: "/".into(),
            host: None,
            expect: Expect::default(),
            port: None,
            interval: Duration::from_secs(2),
            jitter: 10,
            timeout: Duration::from_secs(1),
            rise: 2,
            fall: 3,
            fast: None,
            slow: None,
            at_once: 256,
            doubt_failures: false,
        }
    }
}

/// What an interval or a timeout may be.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(86_400);

/// Returns whether `time` is one that an interval or a timeout may be.
pub(super) fn may_be(time: Duration) -> bool {
    (SHORTEST..=LONGEST).contains(&time)
}

fn cut(time: Duration) -> Duration {
    time.clamp(SHORTEST, LONGEST)
}

impl ProbeOptions {
    /// The defaults: a probe connects.
    #[must_use]
    pub fn tcp() -> Self {
        Self::default()
    }

    /// A probe asks for `path` by HTTP/1.1 without TLS, and a status from 200 to 299 is good.
    ///
    /// # Errors
    ///
    /// `path` does not begin with `/`, is longer than 1,024 bytes, or has spaces or what is not ASCII.
    pub fn http(path: &str) -> Result<Self, SpecError> {
        let mut options = Self { is_http: true, ..Self::default() };
        options.set("path", path)?;
        Ok(options)
    }

    /// Sets the statuses of HTTP that are good, such as `200-299 404`.
    ///
    /// # Errors
    ///
    /// It is not of that form.
    pub fn with_expect(mut self, statuses: &str) -> Result<Self, SpecError> {
        self.set("expect", statuses)?;
        Ok(self)
    }

    /// Sets the `Host` that HTTP names, instead of the peer's own name.
    ///
    /// # Errors
    ///
    /// It is longer than 255 bytes, or has spaces or what is not ASCII.
    pub fn with_host(mut self, host: &str) -> Result<Self, SpecError> {
        self.set("host", host)?;
        Ok(self)
    }

    /// Has another port probed than that of the peer's name; 0: the peer's own.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = Some(port).filter(|port| *port != 0);
        self
    }

    /// Sets the time from one probe of a peer to the next, cut to 1 ms and 24 h.
    #[must_use]
    pub fn with_interval(mut self, interval: Duration) -> Self {
        self.interval = cut(interval);
        self
    }

    /// Sets by how many percent that is longer or shorter, at random: 100 at most.
    #[must_use]
    pub fn with_jitter(mut self, percent: u8) -> Self {
        self.jitter = percent.min(100);
        self
    }

    /// Sets how long a probe may take, from the connect to the answer, cut to 1 ms and 24 h.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = cut(timeout);
        self
    }

    /// Sets how many good probes in a row bring a peer back: 1 to 1,000.
    #[must_use]
    pub fn with_rise(mut self, probes: u32) -> Self {
        self.rise = probes.clamp(1, 1000);
        self
    }

    /// Sets how many failed probes in a row take a peer out: 1 to 1,000.
    #[must_use]
    pub fn with_fall(mut self, probes: u32) -> Self {
        self.fall = probes.clamp(1, 1000);
        self
    }

    /// Sets the interval while a peer is in doubt, which is while probes contradict what it is said to
    /// be; also how often [`doubt`](super::Probing::doubt) may start one. Cut to 1 ms and 24 h.
    #[must_use]
    pub fn with_fast_interval(mut self, interval: Duration) -> Self {
        self.fast = Some(cut(interval));
        self
    }

    /// Sets the interval while a peer is down, cut to 1 ms and 24 h.
    #[must_use]
    pub fn with_slow_interval(mut self, interval: Duration) -> Self {
        self.slow = Some(cut(interval));
        self
    }

    /// Sets how many probes may be under way: 1 to 65,536. Each has a descriptor.
    #[must_use]
    pub fn with_at_once(mut self, probes: usize) -> Self {
        self.at_once = probes.clamp(1, 65_536);
        self
    }

    /// Whether a pick that is finished with [`Outcome::Failure`](crate::Outcome::Failure) is a
    /// [`doubt`](super::Probing::doubt) in its peer. Off by default: peers are then told of each request,
    /// which costs it two calls.
    #[must_use]
    pub fn with_doubt_failures(mut self, doubt: bool) -> Self {
        self.doubt_failures = doubt;
        self
    }

    /// The interval while a peer is in doubt.
    pub(super) fn fast_interval(&self) -> Duration {
        self.fast.unwrap_or(Duration::from_millis(500).min(self.interval))
    }

    /// The interval while a peer is down.
    pub(super) fn slow_interval(&self) -> Duration {
        self.slow.unwrap_or(Duration::from_secs(5).max(self.interval))
    }
}
