//! What can be set on a list.

use std::sync::Arc;
use std::time::Duration;

use super::events::Observer;

/// The settings of a [`PeerList`](crate::PeerList).
///
/// ```
/// use std::time::Duration;
/// use peerage::ListOptions;
///
/// let options = ListOptions::new()
///     .with_name("users")
///     .with_default_choose_timeout(Duration::from_millis(200));
/// # let _ = options;
/// ```
#[derive(Clone)]
pub struct ListOptions {
    pub(crate) name: Option<String>,
    pub(crate) capacity: usize,
    pub(crate) shuffle: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) fail_fast: bool,
    pub(crate) default_choose_timeout: Duration,
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

impl Default for ListOptions {
    fn default() -> Self {
        Self {
            name: None,
            capacity: 0,
            shuffle: true,
            seed: None,
            fail_fast: false,
            default_choose_timeout: Duration::from_millis(500),
            observer: None,
        }
    }
}

impl ListOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name that errors and status pages use; the policy's by default.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Makes room for so many peers from the start. No limit: a list grows as it needs.
    #[must_use]
    pub fn with_capacity(mut self, peers: usize) -> Self {
        self.capacity = peers;
        self
    }

    /// Whether the additions of one update are put in a random order, so that many clients with
    /// the same list of peers do not all begin with the same one. On by default.
    #[must_use]
    pub fn with_shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Makes the shuffle repeatable. (A policy's random numbers have a seed of their own.)
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Whether a choice fails at once when no peer is available, instead of waiting. Off by
    /// default. A list that has not been started yet is waited for all the same.
    #[must_use]
    pub fn with_fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// Sets how long [`Wait::list_default`](crate::Wait::list_default) waits: 500 ms by default.
    /// (yarpc-go documents the same, and waits 0 ms.)
    #[must_use]
    pub fn with_default_choose_timeout(mut self, timeout: Duration) -> Self {
        self.default_choose_timeout = timeout;
        self
    }

    /// Has events reported.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }
}

impl std::fmt::Debug for ListOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListOptions")
            .field("name", &self.name)
            .field("capacity", &self.capacity)
            .field("shuffle", &self.shuffle)
            .field("seed", &self.seed)
            .field("fail_fast", &self.fail_fast)
            .field("default_choose_timeout", &self.default_choose_timeout)
            .field("observer", &self.observer.is_some())
            .finish()
    }
}
