//! Reading through serde, from any format that describes itself: JSON, TOML, YAML ..
//!
//! A value becomes a tree, and the tree is read as that of a file is, so that what is accepted and what is
//! said of faults is the same. A format tells no lines of a value, but many add one to the error. `${NAME}`
//! stands for itself: that is the [`Reader`](super::Reader)'s.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::chooser_config::ChooserConfig;
use super::config_file::Config;
use super::finding::ConfigErrors;
use super::keyed::read_options;
use super::node::{Entry, Kind, Node};
use super::reading::{Key, Presets, Reading, Value};
use super::{chooser, members, policies, source, top};
use crate::list::ListOptions;
use crate::member::Member;
use crate::policy::PolicySpec;
use crate::sources::SourceUri;
#[cfg(feature = "probing")]
use crate::transports::ProbeOptions;

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a flag, a list or a map")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::scalar(flag.to_string(), false))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::scalar(number.to_string(), false))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::scalar(number.to_string(), false))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::scalar(number.to_string(), false))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::scalar(text, true))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node { place: None, kind: Kind::Null })
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Node, D::Error> {
        Node::deserialize(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = vec![];
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node { place: None, kind: Kind::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let (mut entries, mut seen) = (vec![], std::collections::HashSet::new());
        while let Some(key) = map.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(de::Error::custom(format!("key {key:?} is given twice; need it once")));
            }
            let value = map.next_value()?;
            entries.push(Entry { key, place: None, value });
        }
        Ok(Node { place: None, kind: Kind::Map(entries) })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Tree)
    }
}

/// Reads a tree, and makes one error of all faults.
fn read<'de, T, D: Deserializer<'de>>(
    from: D,
    read: impl FnOnce(&mut Reading<'_>, &Value<'_>) -> Option<T>,
) -> Result<T, D::Error> {
    let (node, presets) = (Node::deserialize(from)?, Presets::new());
    let mut reading = Reading::plain(&presets);
    let value = read(&mut reading, &Value { key: Key::ROOT, node: &node });
    match value {
        Some(value) if reading.faults.is_empty() => Ok(value),
        _ => Err(de::Error::custom(ConfigErrors::new(reading.faults))),
    }
}

macro_rules! deserialize {
    ($($(#[$attribute:meta])* $type:ty, $read:expr;)*) => {$(
        $(#[$attribute])*
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                read(from, $read)
            }
        }
    )*};
}

deserialize! {
    ChooserConfig, chooser::read;
    PolicySpec, policies::read;
    SourceUri, source::read;
    Member, members::one;
    ListOptions, |reading, value| read_options(reading, value, chooser::OPTIONS);
    #[cfg(feature = "probing")]
    ProbeOptions, chooser::read_probes;
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read(from, |reading, value| {
            let config = top::read(reading, value);
            Some(Config { notes: std::mem::take(&mut reading.notes), ..config })
        })
    }
}
