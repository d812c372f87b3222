//! gRPC's `loadBalancingConfig`: a list of policies, of which the first that is supported counts.
//!
//! What is not supported is passed over, and what a policy has no counterpart for here is taken as near as
//! there is; both are noted, so that `peerage check` can tell. What gRPC refuses is refused with its texts
//! (`internal/serviceconfig`, `balancer/*` of grpc-go 1.85).
//!
//! | gRPC | here |
//! |---|---|
//! | `pick_first` | `single`, and the list does not shuffle unless `shuffleAddressList` says so |
//! | `round_robin` | `round-robin` |
//! | `weighted_round_robin` | `weighted-round-robin`: weights are those of the members, not reported ones |
//! | `least_request_experimental` | `two-random-choices:choices=N` |
//! | `ring_hash_experimental` | `hashring32`: as many points in all as `minRingSize`, if the peers are given |
//! | `outlier_detection_experimental` | the option `eject=5`, and its `childPolicy` |
//! | `random_subsetting_experimental` | the option `subset`, and its `childPolicy` |
//!
//! | file | what |
//! |---|---|
//! | `supported` | each policy, with what can be set of it |
//! | `fields` | their fields: numbers, flags |

mod fields;
mod supported;

use self::supported::SUPPORTED;
use super::chooser_config::ChooserConfig;
use super::node::{Entry, Kind};
use super::reading::{Reading, Value};
use crate::list::ListOptions;
use crate::policy::PolicySpec;

/// What a policy of gRPC's sets here.
pub(super) struct Target<'t> {
    pub(super) options: &'t mut ListOptions,
    /// How many peers the chooser is given; 0 if that is not known.
    pub(super) peers: usize,
}

/// Reads the list; `peers` is how many peers the chooser is given, 0 if that is not known.
pub(super) fn read(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    peers: usize,
    options: &mut ListOptions,
) -> Option<PolicySpec> {
    first_supported(reading, value, &mut Target { options, peers })
}

/// The chooser that a service config describes, without peers.
pub(super) fn read_service(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<ChooserConfig> {
    let mut options = ListOptions::new();
    let policy = read(reading, value, 0, &mut options)?;
    let mut config = ChooserConfig::new(policy);
    config.options = options;
    Some(config)
}

fn first_supported(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    to: &mut Target<'_>,
) -> Option<PolicySpec> {
    let items = reading.list(value, "a list of policies, such as [{round_robin: {}}]")?;
    let mut names = vec![];
    for (number, item) in items.iter().enumerate() {
        let item = value.item(number, item);
        let entry = only_entry(reading, &item, number)?;
        let value = item.of(entry);
        let Some((_, read)) = SUPPORTED.iter().find(|(name, _)| *name == entry.key) else {
            reading.note(&value, "is passed over", "this library has no counterpart");
            names.push(entry.key.as_str());
            continue;
        };
        return read(reading, &value, to);
    }
    let what = format!(
        "invalid loadBalancingConfig: no supported policies found in [{}]",
        names.join(" ")
    );
    let all: Vec<_> = SUPPORTED.iter().map(|(name, _)| *name).collect();
    reading.fault(value, what, format!("need one of {}", all.join(", ")));
    None
}

fn only_entry<'n>(reading: &mut Reading<'_>, item: &Value<'n>, number: usize) -> Option<&'n Entry> {
    if let Kind::Map(entries) = &item.node.kind {
        if let [entry] = entries.as_slice() {
            return Some(entry);
        }
    }
    let what = format!(
        "invalid loadBalancingConfig: entry {number} does not contain exactly 1 policy/config pair"
    );
    reading.fault(item, what, "need a map such as {round_robin: {}}");
    None
}
