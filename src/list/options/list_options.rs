//! The settings of a list.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::{MAX_CAPACITY, OnPanic};
use crate::cost::Clock;
use crate::events::Observer;
use crate::list::slice::Client;
use crate::wait::QueueOrder;

/// The settings of a [`PeerList`](crate::PeerList).
///
/// ```
/// use std::time::Duration;
/// use peerage::ListOptions;
///
/// let options = ListOptions::new()
///     .with_name("users")
///     .with_default_timeout(Duration::from_millis(200));
/// assert_eq!(options.to_string(), "name=users,timeout=200ms");
/// ```
///
/// As text, for configuration files: `key[=value],...`, the same in every language.
///
/// ```
/// use peerage::ListOptions;
///
/// let options: ListOptions = "fail-fast,timeout=200ms,seed=7,shuffle=off".parse()?;
/// let options = options.with_name("users");
///
/// let wrong = "timeout=200".parse::<ListOptions>().unwrap_err();
/// assert!(wrong.to_string().contains(r#"timeout="200" must be a whole number of ns, us, ms"#));
/// # let _ = options;
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
///
/// | key | accepts | default | what |
/// |---|---|---|---|
/// | `name` | text | | the name in errors and status pages instead of the policy's |
/// | `capacity` | a whole number from 0 to 16777216 | `0` | peers to make room for from the start |
/// | `shuffle` | on or off | `on` | put the additions of one update in a random order |
/// | `seed` | a whole number from 0 to 18446744073709551615 | | make random orders and choices repeatable |
/// | `fail-fast` | on or off | `off` | fail at once when no peer is available instead of waiting |
/// | `timeout` | a whole number of ns, us, ms, s, m or h, such as 200ms, or forever | `500ms` | how long a choice waits that does not say how long |
/// | `max-pending` | a whole number from 1 to 16777216 | | how many requests a peer may have in flight; the others wait for a place |
/// | `queue` | adaptive, fifo or lifo | `adaptive` | who gets a place that becomes free: the first or the newest; adaptive: the newest once there was always a caller waiting for 100 ms |
/// | `max-waiting` | a whole number from 0 to 16777216 | | how many may wait; one more gets an error at once |
/// | `eject` | a whole number from 0 to 1000 | `0` | failures in a row after which a peer is left alone for a while; 0: off |
/// | `panic` | off, any or fail | `off` | what to do when too few peers are available |
/// | `panic-threshold` | a whole number from 1 to 100 | `50` | percent of the peers: when fewer are available is too few |
/// | `subset` | a whole number from 0 to 16777216 | `0` | how many of its peers to use, about; 0: all |
/// | `client` | INDEX/COUNT with INDEX below COUNT, such as 3/10, or a name | | which client this is, for a subset; without it a random one |
/// | `spill` | a whole number from 0 to 100 | `0` | percent of a tier: with fewer available the next one serves too; 0: no tiers |
/// | `zone` | text | | the zone whose peers serve before those of others |
///
/// A flag without a value is on. A comma in a value is written `\,` and a backslash `\\`. Options
/// print as the shortest text that they parse from; an observer and a clock have none.
#[derive(Clone)]
pub struct ListOptions {
    pub(crate) name: Option<String>,
    pub(crate) capacity: usize,
    pub(crate) shuffle: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) fail_fast: bool,
    pub(crate) default_timeout: Duration,
    pub(crate) max_pending: Option<NonZeroU32>,
    pub(crate) queue: QueueOrder,
    pub(crate) max_waiting: Option<usize>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) eject: u16,
    pub(crate) on_panic: OnPanic,
    pub(crate) panic_threshold: u8,
    pub(crate) subset: usize,
    pub(crate) client: Option<Client>,
    pub(crate) spill: u8,
    pub(crate) zone: Option<String>,
}

impl Default for ListOptions {
    fn default() -> Self {
        Self {
            name: None,
            capacity: 0,
            shuffle: true,
            seed: None,
            fail_fast: false,
            default_timeout: Self::DEFAULT_TIMEOUT,
            max_pending: None,
            queue: QueueOrder::Adaptive,
            max_waiting: None,
            observer: None,
            clock: None,
            eject: 0,
            on_panic: OnPanic::Off,
            panic_threshold: 50,
            subset: 0,
            client: None,
            spill: 0,
            zone: None,
        }
    }
}

impl ListOptions {
    /// How long [`Wait::list_default`](crate::Wait::list_default) waits if nothing else is set: 500
    /// ms. (yarpc-go documents the same, and waits 0 ms.)
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_millis(500);

    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name that errors and status pages use; the policy's by default, and if it is empty.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// Makes room for so many peers from the start, up to 16,777,216. No limit: a list grows as it
    /// needs.
    #[must_use]
    pub fn with_capacity(mut self, peers: usize) -> Self {
        self.capacity = peers.min(MAX_CAPACITY as usize);
        self
    }

    /// Whether the additions of one update are put in a random order, so that many clients with
    /// the same list of peers do not all begin with the same one. On by default.
    #[must_use]
    pub fn with_shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Makes the shuffle repeatable, and the policy of a chooser that is
    /// [made of a spec](crate::AnyChooser::from_spec). (A policy that is made by itself has a seed of
    /// its own.)
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

    /// Sets how long [`Wait::list_default`](crate::Wait::list_default) waits:
    /// [`DEFAULT_TIMEOUT`](Self::DEFAULT_TIMEOUT) by default. [`Duration::MAX`] is for ever.
    #[must_use]
    pub fn with_default_timeout(mut self, timeout: Duration) -> Self {
        self.default_timeout = timeout;
        self
    }

    /// Has events reported.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Takes the time by which what is learnt of peers fades, ejected peers come back, and a queue has
    /// not drained, from `clock`: for simulations.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }
}

impl fmt::Debug for ListOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListOptions")
            .field("text", &self.to_string())
            .field("observer", &self.observer.is_some())
            .field("clock", &self.clock)
            .finish()
    }
}
