//! Everything that is known of a policy by its name: one row each.
//!
//! Texts are read by the rows and written by them, errors list them, C and what is built on it is
//! shown them, and a test compares the tables of the documents with them. So to add a policy is to
//! touch four files:
//!
//! | file | what |
//! |---|---|
//! | `NAME.rs` | the policy: `NAME`, and the rule |
//! | `mod.rs` | the module, its export, and a line of the table of policies |
//! | `any.rs` | a variant of [`AnyPolicy`] |
//! | `catalogue.rs` | its row here; if it has settings, a field of [`SpecOptions`] and their keys |
//!
//! and the documents that the test `tests/catalogue.rs` then names.

use std::fmt;

use super::any::AnyPolicy;
use super::bounded::{Bound, Bounded, Rule};
use super::hashring32::HashRing32Options;
use super::priced::PricedOptions;
use super::{
    Direct, FewestPending, HashRing32, Maglev, Priced, Random, Rng, RoundRobin, Single,
    TwoRandomChoices, WeightedRoundRobin,
};
use super::{
    direct, fewest_pending, hashring32, maglev, priced, random, round_robin, single, two_random,
    weighted_round_robin,
};
use crate::cost::Kind;
use crate::settings::{KeyRow, Label, Setting, Thousandths, whole};

/// The policies that have a name, in the order in which texts list them.
///
/// ```
/// for row in peerage::policy::catalogue() {
///     println!("{}: {}", row.name(), row.about());
///     for key in row.keys() {
///         println!("  {}, {}: {}", key.name(), key.accepts(), key.about());
///     }
/// }
/// ```
pub fn catalogue() -> impl ExactSizeIterator<Item = &'static PolicyRow> {
    ROWS.iter()
}

/// What is known of a policy by its name. See [`catalogue`].
pub struct PolicyRow {
    name: Label,
    about: Label,
    keys: &'static [Setting<SpecOptions>],
    #[cfg_attr(not(feature = "capi"), allow(dead_code, reason = "bindings ask for it"))]
    counts_ends: bool,
    make: fn(&SpecOptions, Rng) -> AnyPolicy,
}

impl PolicyRow {
    /// The policy's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name.as_str()
    }

    /// Which peer it picks, in a few words.
    #[must_use]
    pub const fn about(&self) -> &'static str {
        self.about.as_str()
    }

    /// The keys of its settings.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &'static KeyRow> + use<> {
        self.keys.iter().map(Setting::row)
    }

    /// Name and description, for C.
    #[cfg(feature = "capi")]
    pub(crate) const fn labels(&self) -> [Label; 2] {
        [self.name, self.about]
    }

    pub(super) const fn settings(&self) -> &'static [Setting<SpecOptions>] {
        self.keys
    }

    /// Whether it counts requests and looks at nothing else of them: then it can be told of the end of
    /// one as late as with the next choice.
    #[cfg(feature = "capi")]
    pub(crate) const fn counts_ends(&self) -> bool {
        self.counts_ends
    }

    pub(super) fn make(&self, options: &SpecOptions, rng: Rng) -> AnyPolicy {
        (self.make)(options, rng)
    }
}

impl fmt::Debug for PolicyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicyRow").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// The settings of all policies. A spec has those of its policy, and the others' defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpecOptions {
    pub(super) ring: HashRing32Options,
    pub(super) keep: u32,
    /// Of `round-robin`, `random` and the tables.
    pub(super) bound: Option<Thousandths>,
    /// Of `least-loaded` and its kin.
    pub(super) priced: PricedOptions,
    /// Of `two-random-choices`.
    pub(super) drawn: PricedOptions,
}

impl Default for SpecOptions {
    fn default() -> Self {
        Self {
            ring: HashRing32Options::default(),
            keep: direct::KEEP,
            bound: None,
            priced: PricedOptions::new(),
            drawn: PricedOptions::plain(),
        }
    }
}

static ROWS: [PolicyRow; 12] = [
    PolicyRow {
        name: round_robin::NAME,
        about: Label::new(c"every peer in turn"),
        keys: &BOUND,
        counts_ends: false,
        make: |options, rng| {
            bounded(options, RoundRobin::new().with_rng(rng), AnyPolicy::RoundRobin)
        },
    },
    PolicyRow {
        name: weighted_round_robin::NAME,
        about: Label::new(c"every peer in turn, as often as its weight says"),
        keys: &[],
        counts_ends: false,
        make: |_, rng| AnyPolicy::WeightedRoundRobin(WeightedRoundRobin::new().with_rng(rng)),
    },
    PolicyRow {
        name: random::NAME,
        about: Label::new(c"any peer, each as likely as the others"),
        keys: &BOUND,
        counts_ends: false,
        make: |options, rng| bounded(options, Random::new().with_rng(rng), AnyPolicy::Random),
    },
    PolicyRow {
        name: two_random::NAME,
        about: Label::new(c"of two random peers the one with fewer requests in flight"),
        keys: &DRAWN,
        counts_ends: false,
        make: |options, rng| {
            if options.drawn == PricedOptions::plain() {
                return AnyPolicy::TwoRandomChoices(TwoRandomChoices::new().with_rng(rng));
            }
            priced(two_random::NAME, Kind::Pending, &options.drawn, rng)
        },
    },
    PolicyRow {
        name: fewest_pending::NAME,
        about: Label::new(c"the peer with the fewest requests in flight"),
        keys: &[],
        counts_ends: true,
        make: |_, rng| AnyPolicy::FewestPending(FewestPending::new().with_rng(rng)),
    },
    PolicyRow {
        name: priced::LEAST_LOADED,
        about: Label::new(c"the cheapest of a few peers: few requests in flight, few failures"),
        keys: &LOADED,
        counts_ends: false,
        make: |options, rng| priced(priced::LEAST_LOADED, Kind::Pending, &options.priced, rng),
    },
    PolicyRow {
        name: priced::LEAST_LATENCY,
        about: Label::new(c"the same, and short latencies"),
        keys: &TIMED,
        counts_ends: false,
        make: |options, rng| priced(priced::LEAST_LATENCY, Kind::Latency, &options.priced, rng),
    },
    PolicyRow {
        name: priced::LEAST_REPORTED,
        about: Label::new(c"the same by the requests in flight that peers report"),
        keys: &TIMED,
        counts_ends: false,
        make: |options, rng| priced(priced::LEAST_REPORTED, Kind::Reported, &options.priced, rng),
    },
    PolicyRow {
        name: hashring32::NAME,
        about: Label::new(c"the peer that owns the shard key on a hash ring"),
        keys: &RING,
        counts_ends: false,
        make: |options, rng| {
            let ring = HashRing32::new(options.ring.clone()).with_rng(rng);
            bounded(options, ring, AnyPolicy::HashRing32)
        },
    },
    PolicyRow {
        name: maglev::NAME,
        about: Label::new(c"the peer that has the shard key in a table of even shares"),
        keys: &BOUND,
        counts_ends: false,
        make: |options, rng| bounded(options, Maglev::new().with_rng(rng), AnyPolicy::Maglev),
    },
    PolicyRow {
        name: single::NAME,
        about: Label::new(c"the one peer there is"),
        keys: &[],
        counts_ends: false,
        make: |_, _| AnyPolicy::Single(Single::new()),
    },
    PolicyRow {
        name: direct::NAME,
        about: Label::new(c"the peer that the shard key names"),
        keys: &DIRECT,
        counts_ends: false,
        make: |_, _| AnyPolicy::Direct(Direct::new()),
    },
];

// Numbers are in the range of their keys when they are set, so the casts keep them.
static RING: [Setting<SpecOptions>; 8] = [
    Setting::number(
        [c"replicas", c"points of each member on the ring", c"100"],
        whole!(1, 65536),
        |options, n| options.ring.replicas = n as u32,
        |options| Some(options.ring.replicas.into()),
    ),
    Setting::text(
        [c"delimiter", c"what stands between a member's name and the number of its point", c""],
        |options, text| options.ring.replica_delimiter = text,
        |options| Some(&options.ring.replica_delimiter),
    ),
    Setting::text(
        [c"peer-override-header", c"the header that names the member to take", c""],
        |options, name| options.ring.peer_override_header = header(name),
        |options| options.ring.peer_override_header.as_deref(),
    ),
    Setting::text(
        [c"offset-header", c"the header that says how many members to go past", c""],
        |options, name| options.ring.offset_header = header(name),
        |options| options.ring.offset_header.as_deref(),
    ),
    Setting::number(
        [c"max-offset", c"the largest offset that a header may ask for", c"32"],
        whole!(0, 255),
        |options, n| options.ring.max_offset = n as u32,
        |options| Some(options.ring.max_offset.into()),
    ),
    Setting::number(
        [c"offset-generator", c"go past a random number of members below this", c"0"],
        whole!(0, 256),
        |options, n| options.ring.offset_generator = n as u32,
        |options| Some(options.ring.offset_generator.into()),
    ),
    Setting::text(
        [
            c"alternate-shard-key-header",
            c"the header whose value is hashed instead of the shard key",
            c"",
        ],
        |options, name| options.ring.alternate_shard_key_header = header(name),
        |options| options.ring.alternate_shard_key_header.as_deref(),
    ),
    BOUND_KEY,
];

/// Of policies that do not look at load.
const BOUND_KEY: Setting<SpecOptions> = Setting::decimal(
    [c"bound", c"pass over peers with more than so many times the mean in flight", c"off"],
    |options, bound| options.bound = bound,
    |options| options.bound,
);

static BOUND: [Setting<SpecOptions>; 1] = [BOUND_KEY];

/// The policy itself, or with its bound.
fn bounded<P: Rule>(options: &SpecOptions, policy: P, plain: fn(P) -> AnyPolicy) -> AnyPolicy {
    match options.bound {
        None => plain(policy),
        Some(bound) => AnyPolicy::Bounded(Bounded::new(policy, Bound::of_thousandths(bound))),
    }
}

fn priced(name: Label, kind: Kind, options: &PricedOptions, rng: Rng) -> AnyPolicy {
    AnyPolicy::Priced(Priced::new(name, kind, options).with_rng(rng))
}

/// A key of the policies that price peers: where their settings are, and the default.
macro_rules! priced_key {
    (choices, $field:ident, $default:literal) => {
        Setting::number(
            [c"choices", c"random peers that are looked at", $default],
            whole!(1, 16),
            |options: &mut SpecOptions, n| options.$field.choices = n as u8,
            |options| Some(options.$field.choices.into()),
        )
    };
    (memory, $field:ident, $default:literal) => {
        Setting::number(
            [
                c"memory",
                c"the most peers that are remembered as cheap, and looked at too",
                $default,
            ],
            whole!(0, 64),
            |options: &mut SpecOptions, n| options.$field.memory = n as u8,
            |options| Some(options.$field.memory.into()),
        )
    };
    (errors, $field:ident, $default:literal) => {
        Setting::flag(
            [c"errors", c"requests that fail make their peer dearer", $default],
            |options: &mut SpecOptions, errors| options.$field.errors = errors,
            |options| options.$field.errors,
        )
    };
    (measure, $field:ident, $default:literal) => {
        Setting::flag(
            [c"measure", c"measure latencies that a finish does not give", $default],
            |options: &mut SpecOptions, measure| options.$field.measure = measure,
            |options| options.$field.measure,
        )
    };
}

static DRAWN: [Setting<SpecOptions>; 3] = [
    priced_key!(choices, drawn, c"2"),
    priced_key!(memory, drawn, c"0"),
    priced_key!(errors, drawn, c"off"),
];

static LOADED: [Setting<SpecOptions>; 3] = [
    priced_key!(choices, priced, c"2"),
    priced_key!(memory, priced, c"64"),
    priced_key!(errors, priced, c"on"),
];

static TIMED: [Setting<SpecOptions>; 4] = [
    priced_key!(choices, priced, c"2"),
    priced_key!(memory, priced, c"64"),
    priced_key!(errors, priced, c"on"),
    priced_key!(measure, priced, c"on"),
];

static DIRECT: [Setting<SpecOptions>; 1] = [Setting::number(
    [c"keep", c"peers that stay retained when no request needs them", c"64"],
    whole!(0, 4294967295),
    |options, n| options.keep = n as u32,
    |options| Some(options.keep.into()),
)];

/// A header without a name is no header.
fn header(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}
