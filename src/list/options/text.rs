//! Settings of a list as text: a row for each key.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use super::{ListOptions, OnPanic};
use crate::error::{SpecError, SpecPlace};
use crate::list::slice::Client;
use crate::settings::{self, KeyRow, Label, Setting, whole};
use crate::wait::QueueOrder;

// What is set is in the range of its key, so the casts keep it.
pub(super) static SETTINGS: [Setting<ListOptions>; 16] = [
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
    Setting::parsed(
        [
            c"queue",
            c"who gets a place that becomes free: the first or the newest; adaptive: the newest once \
              there was always a caller waiting for 100 ms",
            c"adaptive",
        ],
        Label::new(c"adaptive, fifo or lifo"),
        |options, order| QueueOrder::named(order).map(|order| options.queue = order).is_some(),
        |options| Some(options.queue.name().to_owned()),
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
    Setting::parsed(
        [c"panic", c"what to do when too few peers are available", c"off"],
        Label::new(c"off, any or fail"),
        |options, word| OnPanic::named(word).map(|on| options.on_panic = on).is_some(),
        |options| Some(options.on_panic.name().to_owned()),
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

impl ListOptions {
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
