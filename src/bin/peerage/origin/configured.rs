//! A chooser of a configuration.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
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
    let Ok(file) = File::open(path) else { return false };
    let read = serde_json::from_reader::<_, HashMap<String, IgnoredAny>>(BufReader::new(file));
    let keys = ["choosers", "outbounds", "loadBalancingConfig"];
    read.is_ok_and(|map| keys.iter().any(|key| map.contains_key(*key)))
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
