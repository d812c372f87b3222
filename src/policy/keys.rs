//! The settings of the policies that texts name, and the keys of each.

use super::direct;
use super::hashring32::HashRing32Options;
use super::priced::PricedOptions;
use crate::settings::{Setting, Thousandths, whole};

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

// Numbers are in the range of their keys when they are set, so the casts keep them.
pub(super) static RING: [Setting<SpecOptions>; 8] = [
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
    [c"bound", c"pass over peers with more than so many times their share in flight", c"off"],
    |options, bound| options.bound = bound,
    |options| options.bound,
);

pub(super) static BOUND: [Setting<SpecOptions>; 1] = [BOUND_KEY];

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

pub(super) static DRAWN: [Setting<SpecOptions>; 3] = [
    priced_key!(choices, drawn, c"2"),
    priced_key!(memory, drawn, c"0"),
    priced_key!(errors, drawn, c"off"),
];

pub(super) static LOADED: [Setting<SpecOptions>; 3] = [
    priced_key!(choices, priced, c"2"),
    priced_key!(memory, priced, c"64"),
    priced_key!(errors, priced, c"on"),
];

pub(super) static TIMED: [Setting<SpecOptions>; 4] = [
    priced_key!(choices, priced, c"2"),
    priced_key!(memory, priced, c"64"),
    priced_key!(errors, priced, c"on"),
    priced_key!(measure, priced, c"on"),
];

pub(super) static DIRECT: [Setting<SpecOptions>; 1] = [Setting::number(
    [c"keep", c"peers that stay retained when no request needs them", c"64"],
    whole!(0, 4294967295),
    |options, n| options.keep = n as u32,
    |options| Some(options.keep.into()),
)];

/// A header without a name is no header.
fn header(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}
