//! What a file says of a list in YARPC's words, and in those that `bindings/go/yarpc` has beside them.

use std::time::Duration;

use super::{go, updater};
use crate::config::chooser::{self, OPTIONS};
use crate::config::chooser_config::ChooserConfig;
use crate::config::keyed::{fault_of_spec, flag, read_map, read_options};
use crate::config::node::{Entry, Kind};
use crate::config::reading::{Reading, Value};
use crate::list::ListOptions;
use crate::policy::PolicySpec;
use crate::settings;

/// YARPC's word for a setting, and this library's.
type Word = (&'static str, Means);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    Option(&'static str),
    Policy(&'static str),
    /// How long a stop drains.
    Drain,
    /// The texts of the library itself; probes.
    Settings,
    Options,
    Probes,
}

const LIST: [Word; 7] = [
    ("capacity", Means::Option("capacity")),
    ("failFast", Means::Option("fail-fast")),
    ("defaultChooseTimeout", Means::Option("timeout")),
    ("drainTimeout", Means::Drain),
    ("settings", Means::Settings),
    ("options", Means::Options),
    ("probes", Means::Probes),
];

const RING: [Word; 13] = [
    ("offsetHeader", Means::Policy("offset-header")),
    ("offsetGeneratorValue", Means::Policy("offset-generator")),
    ("peerOverrideHeader", Means::Policy("peer-override-header")),
    ("alternateShardKeyHeader", Means::Policy("alternate-shard-key-header")),
    ("replicaDelimiter", Means::Policy("delimiter")),
    ("numReplicas", Means::Policy("replicas")),
    ("numPeersEstimate", Means::Option("capacity")),
    ("defaultChooseTimeout", Means::Option("timeout")),
    ("maxOffset", Means::Policy("max-offset")),
    ("drainTimeout", Means::Drain),
    ("settings", Means::Settings),
    ("options", Means::Options),
    ("probes", Means::Probes),
];

/// Reads the map of a list.
pub(super) fn read(
    reading: &mut Reading<'_>,
    list: &Value<'_>,
    policy: PolicySpec,
) -> Option<ChooserConfig> {
    let faults = reading.faults.len();
    let entries =
        reading.map_or_nothing(list, "a map with an updater, such as peers, and what is set")?;
    let direct = policy.name() == "direct";
    let words: &[Word] = match policy.name() {
        "hashring32" => &RING,
        // Its peers come from requests.
        "direct" => &LIST[1..],
        _ => &LIST,
    };
    let mut config = ChooserConfig::new(policy);
    let find = |means| {
        let word = words.iter().find(|(_, other)| *other == means)?;
        entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(word.0))
    };
    // The library's own texts say more, so they come first, and YARPC's words leave alone what they say.
    let (mut set, mut options) = (vec![], vec![]);
    if let Some(entry) = find(Means::Settings) {
        set = mentioned(entry);
        settings_of(reading, &list.of(entry), &mut config.policy);
    }
    if let Some(entry) = find(Means::Options) {
        options = mentioned(entry);
        config.options = read_options(reading, &list.of(entry), OPTIONS).unwrap_or_default();
    }
    for entry in entries {
        let value = list.of(entry);
        match words.iter().find(|(word, _)| entry.key.eq_ignore_ascii_case(word)) {
            Some((_, Means::Option(key))) if !options.iter().any(|said| said == key) => {
                option(reading, &value, key, &mut config.options);
            }
            Some((_, Means::Policy(key))) if !set.iter().any(|said| said == key) => {
                policy_key(reading, &value, key, &mut config.policy);
            }
            Some((_, Means::Drain)) => config.drain_timeout = time(reading, &value),
            Some((_, Means::Probes)) => {
                let probes = chooser::read_probes(reading, &value);
                chooser::set_probes(&mut config, probes);
            }
            Some(_) => {}
            None if updater::is_updater(&entry.key) && !direct => {}
            None => reading.unknown(list, entry, words.iter().map(|(word, _)| *word)),
        }
    }
    if !direct {
        config.peers = updater::read(reading, list, entries).unwrap_or_default();
    }
    (reading.faults.len() == faults).then_some(config)
}

/// `settings: errors=on,choices=3`, or a map of these.
fn settings_of(reading: &mut Reading<'_>, value: &Value<'_>, policy: &mut PolicySpec) {
    if let Kind::Map(entries) = &value.node.kind {
        return read_map(reading, value, entries, policy);
    }
    let Some(scalar) = reading.text(value, "settings of the policy as text, or a map") else {
        return;
    };
    if scalar.text.is_empty() {
        return;
    }
    match format!("{}:{}", policy.name(), scalar.text).parse() {
        Ok(read) => *policy = read,
        Err(error) => {
            fault_of_spec(reading, value, &scalar, policy.name().len() + 1, &error);
        }
    }
}

/// The keys that a text or a map of the library's own has.
fn mentioned(entry: &Entry) -> Vec<String> {
    match &entry.value.kind {
        Kind::Map(entries) => entries.iter().map(|entry| entry.key.clone()).collect(),
        Kind::Scalar(scalar) => {
            // An escaped comma is part of a value.
            let text = scalar.text.replace(r"\\", "").replace(r"\,", "");
            let key = |part: &str| part.split('=').next().unwrap_or_default().to_owned();
            text.split(',').map(key).collect()
        }
        _ => vec![],
    }
}

fn option(reading: &mut Reading<'_>, value: &Value<'_>, key: &str, to: &mut ListOptions) {
    if key == "timeout" {
        if let Some(time) = time(reading, value) {
            to.default_timeout = time;
        }
        return;
    }
    let Some(row) = ListOptions::keys().find(|row| row.name() == key) else { return };
    let Some(scalar) = reading.text(value, row.accepts()) else { return };
    let number = scalar.text.parse::<i64>();
    if key == "capacity" && value_is(value, "capacity") && number.as_ref().is_ok_and(|n| *n <= 0) {
        let what = format!("Capacity must be greater than 0. Got: {}.", scalar.text);
        return reading.fault(value, what, "");
    }
    // YAML of YARPC's time has these two for flags in any case.
    if to.set(key, flag(&scalar)).is_err() {
        let need = if key == "fail-fast" { "true or false" } else { row.accepts() };
        reading.fault(value, format!("cannot be {:?}", scalar.text), format!("need {need}"));
    }
}

/// Whether the value stands below this key of YARPC's.
fn value_is(value: &Value<'_>, key: &str) -> bool {
    value.key.last().is_some_and(|last| last.eq_ignore_ascii_case(key))
}

fn policy_key(reading: &mut Reading<'_>, value: &Value<'_>, key: &str, to: &mut PolicySpec) {
    let row = to.row().keys().find(|row| row.name() == key);
    let Some(row) = row else { return };
    let Some(scalar) = reading.text(value, row.accepts()) else { return };
    // YARPC takes 0 for what is not said.
    if key == "replicas" && scalar.text == "0" {
        return;
    }
    if to.set(key, &scalar.text).is_err() {
        let what = format!("cannot be {:?}", scalar.text);
        reading.fault(value, what, format!("need {}", row.accepts()));
    }
}

/// A duration as Go reads it, or as all settings have it.
fn time(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<Duration> {
    const NEED: &str = "a duration with its unit, such as 200ms, 1.5s or 1m30s, or forever";
    let scalar = reading.text(value, NEED)?;
    if let Some(time) = settings::duration(&scalar.text) {
        return Some(time);
    }
    match go::duration(&scalar.text) {
        Ok(time) => Some(time),
        Err(go::NoDuration::Negative) => {
            let what = format!("must not be negative. Got: {}.", scalar.text);
            reading.fault(value, what, "");
            None
        }
        Err(go::NoDuration::Malformed) => {
            reading.fault(value, format!("cannot be {:?}", scalar.text), format!("need {NEED}"));
            None
        }
    }
}
