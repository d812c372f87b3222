//! Everything that is known of a policy by its name: one row each.
//!
//! Texts are read by the rows and written by them, errors list them, C and what is built on it is
//! shown them, and a test compares the tables of the documents with them. So to add a policy is to
//! touch five files:
//!
//! | file | what |
//! |---|---|
//! | `NAME.rs` | the policy: `NAME`, and the rule |
//! | `mod.rs` | the module, its export, and a line of the table of policies |
//! | `any.rs` | a variant of [`AnyPolicy`] |
//! | `catalogue.rs` | its row here |
//! | `keys.rs` | if it has settings, a field of [`SpecOptions`] and their keys |
//!
//! and the documents that the test `tests/catalogue.rs` then names.

use std::fmt;

use super::any::AnyPolicy;
use super::bounded::{Bound, Bounded, Rule};
use super::keys::{BOUND, DIRECT, DRAWN, LOADED, RING, SpecOptions, TIMED};
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
use crate::settings::{KeyRow, Label, Setting};

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
