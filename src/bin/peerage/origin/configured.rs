//! A chooser of a configuration.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use peerage::config::{ChooserConfig, Config, ConfigErrors, PeersConfig};
use serde::de::IgnoredAny;

use super::fixed::Fixed;
use super::{Origin, Peers};
use crate::fault::Fault;
use crate::name::word;

/// Whether a file is a configuration, and no list of peers: by its name, and JSON by its keys.
pub(super) fn is_one(path: &str) -> bool {
    let path = Path::new(path);
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("yaml" | "yml") => true,
        // What is no plain file may be read but once.
        Some("json") => path.is_file() && has_choosers(path),
        _ => false,
    }
}

fn has_choosers(path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(path) else { return false };
    // A mark that some editors put before a text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let read = serde_json::from_str::<HashMap<String, IgnoredAny>>(text);
    // In any case: YARPC's key may be so, and of the others a configuration says how they are written.
    let is_one = |key: &String| {
        let keys = ["choosers", "outbounds", "loadBalancingConfig"];
        keys.iter().any(|known| key.eq_ignore_ascii_case(known))
    };
    // A list of peers may have keys for other readers.
    read.is_ok_and(|map| !map.contains_key("peers") && map.keys().any(is_one))
}

/// Reads the chooser called `name`, or the only one.
pub(super) fn read(path: &str, name: Option<&str>) -> Result<Origin, Fault> {
    let mut config =
        Config::read(Path::new(path)).map_err(|errors| Fault::Wrong(wrong(&errors)))?;
    let names: Vec<_> = config.choosers.keys().map(|name| word(name)).collect();
    let names = names.join(", ");
    let name = match (name, config.choosers.len()) {
        (_, 0) => return Err(Fault::wrong(format!("{path}: there is no chooser in it"))),
        (Some(name), _) => name.to_owned(),
        (None, 1) => config.choosers.keys().next().cloned().unwrap_or_default(),
        (None, _) => {
            return Err(Fault::wrong(format!("{path}: need --chooser with one of {names}")));
        }
    };
    let Some(chooser) = config.choosers.remove(&name) else {
        let there = format!("{path}: there is no chooser {name:?}; need one of {names}");
        return Err(Fault::wrong(there));
    };
    let ChooserConfig { policy, options, peers, probes, .. } = chooser;
    let peers = match peers {
        PeersConfig::Source(uri) => Peers::Uri(uri),
        PeersConfig::Members(members) => Peers::Fixed(Box::new(Fixed { name, members })),
        _ => return Err(Fault::failed(format!("{path}: its peers are of a new kind"))),
    };
    Ok(Origin { peers, policy: Some(policy), options, probes })
}

/// All that is wrong, a line each.
pub(crate) fn wrong(errors: &ConfigErrors) -> Vec<String> {
    errors.findings().iter().map(ToString::to_string).collect()
}
