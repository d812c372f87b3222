//! A file as a whole.

use super::chooser;
use super::config_file::Config;
use super::reading::{Reading, Value};
use super::yarpc::read_outbounds;

const KEYS: [&str; 2] = ["choosers", "outbounds"];
/// Keys that are left alone begin with this.
const OWN: &str = "x-";
/// What a file of YARPC's may have beside its outbounds.
const OF_YARPC: [&str; 4] = ["inbounds", "transports", "logging", "metrics"];

/// Reads it. What is wrong is noted; then the configuration is not to be used.
pub(super) fn read(reading: &mut Reading<'_>, file: &Value<'_>) -> Config {
    let mut config = Config::new();
    let need = "a map with choosers by their names, or with outbounds as YARPC has them";
    let Some(entries) = reading.map(file, need) else { return config };
    let find = |key: &str| entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key));
    let outbounds = find("outbounds");
    for entry in entries {
        let is = |key: &&str| entry.key.eq_ignore_ascii_case(key);
        if entry.key == "choosers" {
            choosers(reading, &file.of(entry), &mut config);
        } else if is(&"outbounds") {
            read_outbounds(reading, &file.of(entry), &mut config);
        } else if entry.key.starts_with(OWN) {
            // For anchors, and for other readers.
        } else if outbounds.is_none() || !OF_YARPC.iter().any(|key| is(key)) {
            reading.unknown(file, entry, KEYS);
        }
    }
    if entries.is_empty() {
        reading.fault(file, "is empty", format!("need {need}"));
    }
    config
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

/// A chooser has the name of one that stands elsewhere in the file.
pub(super) fn twice(reading: &mut Reading<'_>, value: &Value<'_>) {
    reading.fault_key(value, "is a chooser's name for the second time", "need another");
}
