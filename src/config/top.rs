//! A file as a whole.

use super::config_file::Config;
use super::node::Entry;
use super::reading::{Reading, Value};
use super::yarpc::read_outbounds;
use super::{chooser, grpc};

const KEYS: [&str; 3] = ["choosers", "outbounds", "loadBalancingConfig"];
/// Keys that are left alone begin with this: for anchors, and for other readers.
const OWN: &str = "x-";
/// What a file of YARPC's may have beside its outbounds.
const OF_YARPC: [&str; 4] = ["inbounds", "transports", "logging", "metrics"];
/// What a service config of gRPC's may have beside its policies.
const OF_GRPC: [&str; 4] =
    ["loadBalancingPolicy", "methodConfig", "retryThrottling", "healthCheckConfig"];
/// The name of the chooser that a service config describes.
const OF_SERVICE: &str = "default";

const NEED: &str = "a map with choosers by their names, or with outbounds as YARPC has them, or with \
                    loadBalancingConfig as a service config of gRPC's has it";

/// Reads it. What is wrong is noted; then the configuration is not to be used.
pub(super) fn read(reading: &mut Reading<'_>, file: &Value<'_>) -> Config {
    let mut config = Config::new();
    let Some(entries) = reading.map_or_nothing(file, NEED) else { return config };
    let has = |name: &str| entries.iter().any(|entry| entry.key.eq_ignore_ascii_case(name));
    let (yarpc, grpc) = (has("outbounds"), has("loadBalancingConfig"));
    for entry in entries {
        let (value, key) = (file.of(entry), entry.key.as_str());
        if key == "choosers" {
            choosers(reading, &value, &mut config);
        } else if key.eq_ignore_ascii_case("outbounds") {
            read_outbounds(reading, &value, &mut config);
        } else if key == "loadBalancingConfig" {
            service(reading, &value, &mut config);
        } else if !is_left_alone(entry, yarpc, grpc) {
            reading.unknown(file, entry, KEYS);
        }
    }
    if entries.is_empty() && reading.faults.is_empty() {
        reading.fault(file, "is empty", format!("need {NEED}"));
    }
    config
}

fn is_left_alone(entry: &Entry, yarpc: bool, grpc: bool) -> bool {
    let is = |name: &&str| entry.key.eq_ignore_ascii_case(name);
    entry.key.starts_with(OWN)
        || (yarpc && OF_YARPC.iter().any(is))
        || (grpc && OF_GRPC.contains(&entry.key.as_str()))
}

fn choosers(reading: &mut Reading<'_>, value: &Value<'_>, to: &mut Config) {
    let Some(entries) = reading.map(value, "a map of choosers by their names") else { return };
    for entry in entries {
        let value = value.of(entry);
        if entry.key.is_empty() {
            reading.fault_key(&value, "has no name", "need one");
        } else if let Some(chooser) = chooser::read(reading, &value) {
            if !to.add(&entry.key, chooser) {
                twice(reading, &value);
            }
        }
    }
}

/// A service config says nothing of peers: the program does.
fn service(reading: &mut Reading<'_>, value: &Value<'_>, to: &mut Config) {
    if let Some(chooser) = grpc::read_service(reading, value) {
        if !to.add(OF_SERVICE, chooser) {
            twice(reading, value);
        }
    }
}

/// A chooser has the name of one that stands elsewhere in the file.
pub(super) fn twice(reading: &mut Reading<'_>, value: &Value<'_>) {
    reading.fault_key(value, "is a chooser's name for the second time", "need another");
}
