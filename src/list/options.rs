//! What can be set on a list, by methods or as text.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use super::events::Observer;
use super::slice::Client;
use crate::cost::Clock;
use crate::error::{SpecError, SpecPlace};
use crate::settings::{self, KeyRow, Label, Setting, whole};
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

/// What a list does when fewer of its peers are available than a [threshold](ListOptions::with_panic)
/// says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnPanic {
    /// Nothing: those that are left serve, and if there is none callers wait.
    #[default]
    Off,
    /// Peers that it has [ejected](ListOptions::with_eject) serve again, and none is ejected; not
    /// those that are not connected, or draining.
    Any,
    /// Every choice fails at once, with [`Cause::BelowThreshold`](crate::Cause::BelowThreshold): the
    /// peers that are left would get the load of all.
    Fail,
}

impl OnPanic {
    fn named(word: &str) -> Option<Self> {
        [Self::Off, Self::Any, Self::Fail].into_iter().find(|on| on.name() == word)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Any => "any",
            Self::Fail => "fail",
        }
    }
}

/// More peers than this are not made room for from the start: that would be 1 GiB.
const MAX_CAPACITY: u64 = 1 << 24;
/// Larger limits, of requests on a peer and of callers that wait, are cut to this.
const MAX_LIMIT: u32 = 1 << 24;

// What is set is in the range of its key, so the casts keep it.
static SETTINGS: [Setting<ListOptions>; 16] = [
    Setting::text(
        [c"name", c"the name in errors and status pages instead of the policy's", c""],
        |options, name| options.name = Some(name).filter(|name| !name.is_empty()),
        |options| options.name.as_deref(),
    ),
    Setting::number(
        [c"capacity", c"peers to make room for from the start", c"0"],
        whole!(0, 16777216),
        |options, peers| options.capacity = peers as usize,
        |options| Some(options.capacity as u64),
    ),
    Setting::flag(
        [c"shuffle", c"put the additions of one update in a random order", c"on"],
        |options, shuffle| options.shuffle = shuffle,
        |options| options.shuffle,
    ),
    Setting::number(
        [c"seed", c"make random orders and choices repeatable", c""],
        whole!(0, 18446744073709551615),
        |options, seed| options.seed = Some(seed),
        |options| options.seed,
    ),
    Setting::flag(
        [c"fail-fast", c"fail at once when no peer is available instead of waiting", c"off"],
        |options, fail_fast| options.fail_fast = fail_fast,
        |options| options.fail_fast,
    ),
    Setting::duration(
        [c"timeout", c"how long a choice waits that does not say how long", c"500ms"],
        |options, timeout| options.default_timeout = timeout,
        |options| options.default_timeout,
    ),
    Setting::number(
        [c"max-pending", c"how many requests a peer may have in flight; the others wait for a place", c""],
        whole!(1, 16777216),
        |options, requests| options.max_pending = NonZeroU32::new(requests as u32),
        |options| options.max_pending.map(|requests| requests.get().into()),
    ),
    Setting::choice(
        [
            c"queue",
            c"who gets a place that becomes free: the first or the newest; adaptive: the newest once \
              there was always a caller waiting for 100 ms",
            c"adaptive",
        ],
        Label::new(c"adaptive, fifo or lifo"),
        |options, order| QueueOrder::named(order).map(|order| options.queue = order).is_some(),
        |options| options.queue.name(),
    ),
    Setting::number(
        [c"max-waiting", c"how many may wait; one more gets an error at once", c""],
        whole!(0, 16777216),
        |options, callers| options.max_waiting = Some(callers as usize),
        |options| options.max_waiting.map(|callers| callers as u64),
    ),
    Setting::number(
        [c"eject", c"failures in a row after which a peer is left alone for a while; 0: off", c"0"],
        whole!(0, 1000),
        |options, failures| options.eject = failures as u16,
        |options| Some(options.eject.into()),
    ),
    Setting::choice(
        [c"panic", c"what to do when too few peers are available", c"off"],
        Label::new(c"off, any or fail"),
        |options, word| OnPanic::named(word).map(|on| options.on_panic = on).is_some(),
        |options| options.on_panic.name(),
    ),
    Setting::number(
        [c"panic-threshold", c"percent of the peers: when fewer are available is too few", c"50"],
        whole!(1, 100),
        |options, percent| options.panic_threshold = percent as u8,
        |options| Some(options.panic_threshold.into()),
    ),
    Setting::number(
        [c"subset", c"how many of its peers to use, about; 0: all", c"0"],
        whole!(0, 16777216),
        |options, peers| options.subset = peers as usize,
        |options| Some(options.subset as u64),
    ),
    Setting::parsed(
        [c"client", c"which client this is, for a subset; without it a random one", c""],
        Label::new(c"INDEX/COUNT with INDEX below COUNT, such as 3/10, or a name"),
        |options, text| {
            let client = Client::parse(text);
            let reads = client.is_some() || text.is_empty();
            if reads {
                options.client = client;
            }
            reads
        },
        |options| options.client.as_ref().map(Client::text),
    ),
    Setting::number(
        [
            c"spill",
            c"percent of a tier: with fewer available the next one serves too; 0: no tiers",
            c"0",
        ],
        whole!(0, 100),
        |options, percent| options.spill = percent as u8,
        |options| Some(options.spill.into()),
    ),
    Setting::text(
        [c"zone", c"the zone whose peers serve before those of others", c""],
        |options, zone| options.zone = Some(zone).filter(|zone| !zone.is_empty()),
        |options| options.zone.as_deref(),
    ),
];

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

    /// The keys that the text of options may have.
    pub fn keys() -> impl ExactSizeIterator<Item = &'static KeyRow> {
        SETTINGS.iter().map(Setting::row)
    }

    /// Sets one key to a value as it is: nothing in it is escaped.
    ///
    /// # Errors
    ///
    /// There is no such key, or the value is not one that it takes. Nothing is changed.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        settings::set(&SETTINGS, self, key, value, &SpecPlace::OPTIONS)
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

    /// Limits the requests that each peer may have in flight, up to 16,777,216. When every peer that would
    /// do has so many, callers wait for a place up to their deadline, and a request that ends hands its
    /// place to one of them. 0 is no limit, the default.
    ///
    /// It holds for every policy, one of one's own included: a peer with so many requests cannot be
    /// pinned. With as many as a peer works on at once, and one client, the list is the queue of all
    /// peers together.
    ///
    /// ```
    /// use peerage::policy::Random;
    /// use peerage::transports::Always;
    /// use peerage::{Cause, Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
    ///
    /// let options = ListOptions::new().with_max_pending(1);
    /// let list = PeerList::new(Random::new(), Always::new(), options);
    /// list.start()?;
    /// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
    ///
    /// let pick = list.try_choose(&Request::new())?;
    /// let error = list.try_choose(&Request::new()).unwrap_err();
    /// assert_eq!(error.cause(), Cause::AtCapacity);
    /// pick.finish(Outcome::Success);
    /// list.try_choose(&Request::new())?.finish(Outcome::Success);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_max_pending(mut self, requests: u32) -> Self {
        self.max_pending = NonZeroU32::new(requests.min(MAX_LIMIT));
        self
    }

    /// Sets who of the callers that wait for a place gets the next one.
    #[must_use]
    pub fn with_queue(mut self, order: QueueOrder) -> Self {
        self.queue = order;
        self
    }

    /// Limits how many may wait, blocked callers and notices together, up to 16,777,216: one more gets
    /// [`ChooseErrorKind::QueueFull`](crate::ChooseErrorKind::QueueFull) at once. No limit by default.
    #[must_use]
    pub fn with_max_waiting(mut self, callers: usize) -> Self {
        self.max_waiting = Some(callers.min(MAX_LIMIT as usize));
        self
    }

    /// Has events reported.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Leaves a peer alone after so many failures in a row, up to 1,000: 5 is a good number. 0, the
    /// default, ejects no peer.
    ///
    /// It is out for a second, twice as long each time that it fails again, up to thirty; a tenth
    /// more or less. Then one request tries it: if that succeeds the peer is in full service, if it
    /// fails the peer is out again, and if it says nothing (cancelled, not sent) the next one tries.
    /// Threads that choose at the very moment may send more than one, and a probe that has not ended
    /// for as long as the peer was out is joined by another. At most half of the peers are out, and
    /// never the last that can be chosen: if there is no other left, the peer serves. Failures are
    /// [`Failure`](crate::Outcome::Failure) and [`Overloaded`](crate::Outcome::Overloaded).
    ///
    /// It is for policies that go by no price, such as round-robin, random and hash rings: the policies
    /// that price peers ignore it, as a price does the same and comes back sooner; so does `direct`,
    /// whose requests name their peer. The list has no thread of its own: see
    /// [`tick`](crate::PeerList::tick).
    ///
    /// ```
    /// use peerage::policy::RoundRobin;
    /// use peerage::transports::Always;
    /// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
    ///
    /// let options = ListOptions::new().with_eject(2).with_shuffle(false);
    /// let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    /// list.start()?;
    /// list.update(ListUpdates::adding(["a", "b"]))?;
    /// for _ in 0..4 {
    ///     let pick = list.try_choose(&Request::new())?;
    ///     let outcome = if pick.identifier() == "a" { Outcome::Failure } else { Outcome::Success };
    ///     pick.finish(outcome);
    /// }
    /// assert!(!list.is_available("a"));
    /// assert_eq!(list.introspect().peers[0].reasons.to_string(), "ejected");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_eject(mut self, failures: u16) -> Self {
        self.eject = failures.min(1000);
        self
    }

    /// Does this when fewer than so many percent of the peers are available, 1 to 100, and cut to that.
    /// Peers that are not connected, ejected or draining are not. Off by default; a list without peers
    /// does not panic.
    #[must_use]
    pub fn with_panic(mut self, on_panic: OnPanic, percent: u8) -> Self {
        (self.on_panic, self.panic_threshold) = (on_panic, percent.clamp(1, 100));
        self
    }

    /// Uses about so many of the peers, and does not retain the others: for one of many clients of many
    /// servers, which are not to be all connected with each other. 0, the default, uses all.
    ///
    /// Clients that are numbered have slices of the peers that give every peer the same number of
    /// clients, and so about the same load: within a part in `size`. When a peer comes or goes, a
    /// client has to connect to a third or half of another on average, to two at most; when the number
    /// of clients changes, to more. At least so many peers are used that each has a client, and at
    /// least three quarters of `size`. A [named](Client::Named) client has a place by its name, and one
    /// without a name a random place: loads are as uneven then as that is.
    ///
    /// Peers outside are known, not retained, and counted as
    /// [uninitialized](crate::PeerList::uninitialized). Who is inside is settled at the end of each
    /// update.
    ///
    /// ```
    /// use peerage::policy::RoundRobin;
    /// use peerage::transports::Always;
    /// use peerage::{Client, Lifecycle, List, ListOptions, ListUpdates, PeerList};
    ///
    /// let client = Client::Numbered { index: 3, count: 5 };
    /// let options = ListOptions::new().with_subset(2, client);
    /// assert_eq!(options.to_string(), "subset=2,client=3/5");
    /// let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    /// list.start()?;
    /// list.update(ListUpdates::adding(["a", "b", "c", "d", "e", "f"]))?;
    /// assert!(list.available() < 4 && list.uninitialized() > 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_subset(mut self, size: usize, client: Client) -> Self {
        (self.subset, self.client) = (size.min(MAX_CAPACITY as usize), Some(client));
        self
    }

    /// Lets peers serve by their [tiers](crate::Attributes::tier): those of the lowest, and those of each
    /// tier after it while of every one before fewer than so many percent can be chosen. 1 is: the next
    /// tier serves when none can. 0, the default, makes no difference between tiers. Up to 100.
    ///
    /// Peers of a later tier stay retained and connected. Each change of a peer's availability is paid
    /// with a look at all peers.
    ///
    /// ```
    /// use peerage::policy::Random;
    /// use peerage::transports::Always;
    /// use peerage::{Attributes, Lifecycle, List, ListOptions, Member, PeerList};
    ///
    /// let options = ListOptions::new().with_spill(70);
    /// let list = PeerList::new(Random::new(), Always::new(), options);
    /// list.start()?;
    /// let tier = |id: &str, tier| Member::new(id, Attributes::new().with_tier(tier));
    /// list.replace(vec![std::sync::Arc::new(tier("a", 0)), std::sync::Arc::new(tier("b", 1))])?;
    /// assert!(list.is_available("a") && !list.is_available("b"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_spill(mut self, percent: u8) -> Self {
        self.spill = percent.min(100);
        self
    }

    /// Lets peers of this [zone](crate::Attributes::zone) serve before those of others, whatever their
    /// tiers; [`with_spill`](Self::with_spill) says when others serve too, and without it they do when
    /// no peer of the zone can be chosen.
    #[must_use]
    pub fn with_zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = Some(zone.into()).filter(|zone| !zone.is_empty());
        self
    }

    /// Without what narrows the choice: for `direct`, whose requests name their peer.
    pub(crate) fn without_choice(mut self) -> Self {
        self.eject = 0;
        self.on_panic = OnPanic::Off;
        self.subset = 0;
        (self.spill, self.zone) = (0, None);
        self
    }

    /// Takes the time by which what is learnt of peers fades, ejected peers come back, and a queue has not
    /// drained, from
    /// `clock`: for simulations.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }
}

impl FromStr for ListOptions {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let mut options = Self::default();
        settings::apply(&SETTINGS, &mut options, text, (&SpecPlace::OPTIONS, 0))?;
        Ok(options)
    }
}

impl fmt::Display for ListOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        settings::write(&SETTINGS, self, &Self::default(), "", f)
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_in_the_rows_are_those_of_the_settings() {
        let defaults = ListOptions::new();
        assert_eq!(SETTINGS.iter().map(|key| key.check(&defaults)).count(), 16);
    }

    #[test]
    fn every_key_is_read_and_printed() {
        let text = "name=a\\,b,capacity=100,shuffle=off,seed=7,fail-fast,timeout=forever,\
                    max-pending=3,queue=lifo,max-waiting=0,eject=5,panic=fail,panic-threshold=20,\
                    subset=20,client=3/10,spill=70,zone=eu-1";
        let options: ListOptions = text.parse().unwrap();
        assert_eq!(options.to_string(), text);
        assert_eq!(options.name.as_deref(), Some("a,b"));
        assert_eq!((options.capacity, options.seed), (100, Some(7)));
        assert!(!options.shuffle && options.fail_fast);
        assert_eq!(options.default_timeout, Duration::MAX);
        assert_eq!((options.max_pending, options.max_waiting), (NonZeroU32::new(3), Some(0)));
        assert_eq!(options.queue, QueueOrder::Lifo);
        assert_eq!("".parse::<ListOptions>().unwrap().to_string(), "");
        assert_eq!(
            "shuffle,fail-fast=off,name=,queue=adaptive"
                .parse::<ListOptions>()
                .unwrap()
                .to_string(),
            ""
        );
    }

    #[test]
    fn what_methods_set_parses_back() {
        let options = ListOptions::new()
            .with_name(r"back\slash, comma = 1")
            .with_capacity(usize::MAX)
            .with_shuffle(false)
            .with_seed(u64::MAX)
            .with_fail_fast(true)
            .with_default_timeout(Duration::new(u64::MAX, 1));
        let text = r"name=back\\slash\, comma = 1,capacity=16777216,shuffle=off,seed=18446744073709551615,fail-fast,timeout=18446744073709551615000000001ns";
        assert_eq!(options.to_string(), text);
        assert_eq!(text.parse::<ListOptions>().unwrap().to_string(), text);
        assert_eq!(options.with_name("").name, None);
        let seed = "seed=0".parse::<ListOptions>().unwrap();
        assert_eq!((seed.seed, seed.to_string()), (Some(0), "seed=0".into()));
    }

    #[test]
    fn methods_stay_on_top_of_a_text() {
        let options: ListOptions = "fail-fast,timeout=1s,name=text".parse().unwrap();
        let options = options.with_fail_fast(false).with_name("method");
        assert_eq!(options.to_string(), "name=method,timeout=1s");
    }

    #[test]
    fn errors_name_what_is_wrong_and_what_would_be_right() {
        let error = |text: &str| text.parse::<ListOptions>().unwrap_err().to_string();
        assert_eq!(
            error("fail-fast,timeuot=1s"),
            "options at byte 10: there is no key \"timeuot\"; need one of name, capacity, \
             shuffle, seed, fail-fast, timeout, max-pending, queue, max-waiting, eject, panic, \
             panic-threshold, subset, client, spill, zone"
        );
        assert_eq!(
            error("timeout=500"),
            "options at byte 0: timeout=\"500\" must be a whole number of ns, us, ms, s, m or h, \
             such as 200ms, or forever"
        );
        assert_eq!(
            error("client=10/10"),
            "options at byte 0: client=\"10/10\" must be INDEX/COUNT with INDEX below COUNT, such as \
             3/10, or a name"
        );
        assert_eq!(error("panic=on"), "options at byte 0: panic=\"on\" must be off, any or fail");
        assert_eq!(
            error("capacity=16777217"),
            "options at byte 0: capacity=\"16777217\" must be a whole number from 0 to 16777216"
        );
        assert_eq!(
            error("max-pending=0"),
            "options at byte 0: max-pending=\"0\" must be a whole number from 1 to 16777216"
        );
        assert_eq!(
            error("queue=random"),
            "options at byte 0: queue=\"random\" must be adaptive, fifo or lifo"
        );
        let mut options: ListOptions = "seed=3".parse().unwrap();
        assert_eq!(
            options.set("seed", "-3").unwrap_err().to_string(),
            "options: seed=\"-3\" must be a whole number from 0 to 18446744073709551615"
        );
        options.set("name", r"a,\b").unwrap();
        assert_eq!(options.to_string(), r"name=a\,\\b,seed=3");
    }
}
