//! How often a request is sent, and for how long.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;

use crate::list::ListOptions;

/// What is called with the name of a peer that has failed.
type OnFailure = Arc<dyn Fn(&str) + Send + Sync>;

/// How a [`Balanced`](super::Balanced) sends requests.
///
/// ```
/// use std::time::Duration;
/// use peerage::adapters::ureq::BalancedOptions;
///
/// let config = ureq::Agent::config_builder().user_agent("users-client/1.0").build();
/// let options = BalancedOptions::new()
///     .with_timeout(Some(Duration::from_secs(2)))
///     .with_try_timeout(Some(Duration::from_millis(500)))
///     .with_tries(2)
///     .with_config(config);
/// # let _ = options;
/// ```
#[derive(Clone)]
pub struct BalancedOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) try_timeout: Option<Duration>,
    pub(super) choose_timeout: Duration,
    pub(super) tries: usize,
    pub(super) config: Config,
    pub(super) on_failure: Option<OnFailure>,
}

impl Default for BalancedOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl BalancedOptions {
    /// Up to three tries within 30 s, and connections that take a second at most.
    #[must_use]
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(1)))
            .max_idle_connections(1024)
            .max_idle_connections_per_host(64)
            .build();
        Self {
            timeout: Some(Duration::from_secs(30)),
            try_timeout: None,
            choose_timeout: ListOptions::DEFAULT_TIMEOUT,
            tries: 3,
            config,
            on_failure: None,
        }
    }

    /// How long a request may take: the wait for a peer, all tries, and reading the answer's body.
    /// `None`: for ever.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one try may take, its body too, so that a peer that hangs leaves time for another.
    /// `None`: as long as the request.
    #[must_use]
    pub fn with_try_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.try_timeout = timeout;
        self
    }

    /// How long a request waits for a peer when none can be chosen, half a second unless it is said;
    /// never longer than the request may take.
    #[must_use]
    pub fn with_choose_timeout(mut self, timeout: Duration) -> Self {
        self.choose_timeout = timeout;
        self
    }

    /// To how many peers a request is sent at most, the first included. Zero is taken for one.
    #[must_use]
    pub fn with_tries(mut self, tries: usize) -> Self {
        self.tries = tries.max(1);
        self
    }

    /// ureq's own settings: root certificates, the user agent, idle connections, buffers. Four of
    /// them are replaced: a proxy is not used, redirects are not followed, statuses are not errors,
    /// and the time of a whole call is the one said here.
    #[must_use]
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Has `call` told the name of each peer that could not be reached, or broke off, or did not
    /// answer in time: for a transport that probes, which then looks at once. It runs on the thread
    /// of the request with no lock held, before the next try; it must not block.
    #[must_use]
    pub fn with_on_failure(mut self, call: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_failure = Some(Arc::new(call));
        self
    }
}

impl fmt::Debug for BalancedOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BalancedOptions")
            .field("timeout", &self.timeout)
            .field("try_timeout", &self.try_timeout)
            .field("choose_timeout", &self.choose_timeout)
            .field("tries", &self.tries)
            .field("config", &self.config)
            .field("on_failure", &self.on_failure.as_ref().map(|_| ".."))
            .finish()
    }
}
