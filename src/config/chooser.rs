//! One chooser, in this library's own shape or in YARPC's.

use super::chooser_config::{ChooserConfig, PeersConfig};
use super::keyed::read_options;
use super::node::{Entry, Kind};
use super::reading::{Reading, Value};
use super::{grpc, members, policies, source, yarpc};
use crate::settings;

/// The keys of a chooser.
pub(super) const KEYS: [&str; 7] =
    ["policy", "loadBalancingConfig", "options", "peers", "source", "probes", "drain-timeout"];

const NEED: &str = "a map with policy, or in YARPC's shape with peer, with or the name of a policy";
pub(super) const OPTIONS: &str = "options as text, such as fail-fast,timeout=200ms, or as a map";
const PROBES: &str = "probes as text, such as interval=1s,check=http, or as a map";
const TIME: &str = "a whole number of ns, us, ms, s, m or h, such as 200ms, or forever";

pub(super) fn read(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<ChooserConfig> {
    let entries = reading.map(value, NEED)?;
    let has = |key: &str| value.node.get(key).is_some();
    if !has("policy") && !has("loadBalancingConfig") {
        let is_yarpc = |key: &str| matches!(key, "peer" | "with") || policies::named(key).is_some();
        // A list that does not exist has a map, as one that does.
        let is_list = |entry: &Entry| {
            matches!(entry.value.kind, Kind::Map(_)) && !KEYS.contains(&entry.key.as_str())
        };
        let yarpc = entries.iter().any(|entry| is_yarpc(&entry.key));
        if yarpc || (!entries.is_empty() && entries.iter().all(is_list)) {
            return yarpc::read_chooser(reading, value, &[]);
        }
    }
    own(reading, value, entries)
}

fn own(reading: &mut Reading<'_>, value: &Value<'_>, entries: &[Entry]) -> Option<ChooserConfig> {
    let faults = reading.faults.len();
    let (mut policy, mut options, mut balancing) = (None, None, None);
    let (mut peers, mut probes, mut drain_timeout) = (None, None, None);
    for entry in entries {
        let value = value.of(entry);
        match entry.key.as_str() {
            "policy" => policy = policies::read(reading, &value),
            "loadBalancingConfig" => balancing = Some(value),
            "options" => options = read_options(reading, &value, OPTIONS),
            "peers" => peers = members::read(reading, &value).map(PeersConfig::Members),
            "source" => {
                let source = source::read(reading, &value);
                peers = source.map(|source| PeersConfig::Source(Box::new(source)));
            }
            "probes" => probes = read_probes(reading, &value),
            "drain-timeout" => drain_timeout = read_time(reading, &value),
            _ => {}
        }
    }
    let unknown = entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str()));
    for entry in unknown.clone() {
        reading.unknown(value, entry, KEYS);
    }
    // What is not there may be meant by a key that does not exist.
    let complete = unknown.count() == 0;
    let balancers = ["policy", "loadBalancingConfig"];
    exactly_one(reading, value, balancers, complete, "which peer gets a request");
    let mut options = options.unwrap_or_default();
    if let Some(value) = balancing {
        let count = match &peers {
            Some(PeersConfig::Members(members)) => members.len(),
            _ => 0,
        };
        policy = grpc::read(reading, &value, count, &mut options);
    }
    let policy_name = policy.as_ref().map(|policy| policy.name());
    if policy_name == Some("direct") {
        no_peers(reading, value, ["peers", "source"]);
    } else {
        let what = "which peers there are; peers: [] if the program says that";
        exactly_one(reading, value, ["peers", "source"], complete, what);
    }
    let mut config = ChooserConfig::new(policy?);
    config.options = options;
    config.peers = peers.unwrap_or_default();
    set_probes(&mut config, probes);
    config.drain_timeout = drain_timeout;
    (reading.faults.len() == faults).then_some(config)
}

/// One of two keys is there and not both; of a map that is not `complete`, both may be missing.
fn exactly_one(
    reading: &mut Reading<'_>,
    map: &Value<'_>,
    keys: [&str; 2],
    complete: bool,
    says: &str,
) {
    let [one, other] = keys.map(|key| map.node.get(key));
    match (one, other) {
        (Some(_), Some(other)) => {
            let what = format!("stands beside {}", keys[0]);
            reading.fault_key(&map.of(other), what, format!("need one of them: it says {says}"));
        }
        (None, None) if complete => {
            let what = format!("has neither {} nor {}", keys[0], keys[1]);
            reading.fault_key(map, what, format!("need one of them: it says {says}"));
        }
        _ => {}
    }
}

/// `direct` is given no peers.
pub(super) fn no_peers(reading: &mut Reading<'_>, map: &Value<'_>, keys: [&str; 2]) {
    for entry in keys.iter().filter_map(|key| map.node.get(key)) {
        let empty = matches!(&entry.value.kind, Kind::List(items) if items.is_empty());
        if !empty {
            let right = "leave it out: requests name their peers";
            reading.fault_key(&map.of(entry), "is nothing that direct takes", right);
        }
    }
}

/// A time in the form of all settings.
pub(super) fn read_time(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
) -> Option<std::time::Duration> {
    let scalar = reading.text(value, TIME)?;
    let time = settings::duration(&scalar.text);
    if time.is_none() {
        reading.fault(value, format!("cannot be {:?}", scalar.text), format!("need {TIME}"));
    }
    time
}

#[cfg(feature = "probing")]
pub(super) type Probes = crate::transports::ProbeOptions;
#[cfg(not(feature = "probing"))]
pub(super) type Probes = std::convert::Infallible;

#[cfg(feature = "probing")]
pub(super) fn read_probes(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<Probes> {
    let probes: Probes = read_options(reading, value, PROBES)?;
    // A map is not checked for what its keys say of each other.
    if let Err(error) = probes.to_string().parse::<Probes>() {
        super::keyed::fault_of_spec(reading, value, &Default::default(), 0, &error);
    }
    Some(probes)
}

#[cfg(not(feature = "probing"))]
pub(super) fn read_probes(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<Probes> {
    let what = "cannot be had from this build of the library";
    reading.fault_key(value, what, format!("need the feature \"probing\" for {PROBES}"));
    None
}

#[cfg(feature = "probing")]
pub(super) fn set_probes(config: &mut ChooserConfig, probes: Option<Probes>) {
    config.probes = probes;
}

#[cfg(not(feature = "probing"))]
pub(super) fn set_probes(_: &mut ChooserConfig, _: Option<Probes>) {}
