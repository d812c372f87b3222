//! Writing through serde: the shape of this library, with each part as the shortest text that it is read
//! from.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::chooser_config::{ChooserConfig, PeersConfig};
use super::config_file::Config;
use crate::list::ListOptions;
use crate::member::Member;
use crate::peer::Identifier;
use crate::policy::PolicySpec;
use crate::settings::show_duration;
use crate::sources::{SourceUri, write_lines};
#[cfg(feature = "probing")]
use crate::transports::ProbeOptions;

macro_rules! as_text {
    ($($(#[$attribute:meta])* $type:ty;)*) => {$(
        $(#[$attribute])*
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )*};
}

as_text! {
    PolicySpec;
    SourceUri;
    ListOptions;
    #[cfg(feature = "probing")]
    ProbeOptions;
}

impl Serialize for Member {
    /// As text; as a map, if its name or an attribute has what a text cannot have.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let attributes = self.attributes();
        if let Ok(text) = write_lines("", [(self.identifier(), &attributes)]) {
            if let Some(line) = text.lines().nth(1) {
                return to.serialize_str(line);
            }
        }
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("peer", self.identifier())?;
        if attributes.weight > 1 {
            map.serialize_entry("weight", &attributes.weight)?;
        }
        if attributes.tier > 0 {
            map.serialize_entry("tier", &attributes.tier)?;
        }
        for (key, value) in [("zone", &attributes.zone), ("shard", &attributes.shard)] {
            if let Some(value) = value {
                map.serialize_entry(key, &**value)?;
            }
        }
        map.end()
    }
}

impl Serialize for ChooserConfig {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("policy", &self.policy)?;
        let options = self.options.to_string();
        if !options.is_empty() {
            map.serialize_entry("options", &options)?;
        }
        match &self.peers {
            PeersConfig::Members(none) if none.is_empty() && self.policy.name() == "direct" => {}
            PeersConfig::Members(members) => map.serialize_entry("peers", members)?,
            PeersConfig::Source(source) => map.serialize_entry("source", source)?,
        }
        #[cfg(feature = "probing")]
        if let Some(probes) = &self.probes {
            map.serialize_entry("probes", probes)?;
        }
        if let Some(time) = self.drain_timeout {
            map.serialize_entry("drain-timeout", &show_duration(time))?;
        }
        map.end()
    }
}

impl Serialize for Config {
    /// Without the notes; a list is not named if it has its chooser's name.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut choosers = self.choosers.clone();
        for (name, chooser) in &mut choosers {
            if chooser.options.name.as_ref() == Some(name) {
                chooser.options.name = None;
            }
        }
        let mut map = to.serialize_map(Some(1))?;
        map.serialize_entry("choosers", &choosers)?;
        map.end()
    }
}
