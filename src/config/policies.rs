//! A policy: `hashring32:replicas=50`, or a map whose one key is its name.

use super::keyed::{fault_of_spec, read_map};
use super::node::Kind;
use super::reading::{Reading, Value};
use super::suggest::instead;
use crate::policy::{PolicyRow, PolicySpec, catalogue};

const NEED: &str = "a policy as text, such as least-loaded:choices=3, or a map with one as its key";

/// The names that policies have.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    catalogue().map(PolicyRow::name)
}

/// The policy of this name with its defaults.
pub(super) fn named(name: &str) -> Option<PolicySpec> {
    catalogue().find(|row| row.name() == name)?.name().parse().ok()
}

pub(super) fn read(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<PolicySpec> {
    let entries = match &value.node.kind {
        Kind::Map(entries) => entries,
        _ => {
            let scalar = reading.text(value, NEED)?;
            return match scalar.text.parse() {
                Ok(policy) => Some(policy),
                Err(error) => {
                    fault_of_spec(reading, value, &scalar, 0, &error);
                    None
                }
            };
        }
    };
    let [entry] = entries.as_slice() else {
        let what = format!("is a map of {} keys", entries.len());
        reading.fault(value, what, "need one, the policy, with a map of its settings");
        return None;
    };
    let Some(mut policy) = named(&entry.key) else {
        let (what, right) =
            (format!("no policy is called {:?}", entry.key), instead(&entry.key, names()));
        reading.fault(value, what, right);
        return None;
    };
    let settings = value.of(entry);
    let keys = reading.map_or_nothing(&settings, "a map of the policy's settings")?;
    read_map(reading, &settings, keys, &mut policy);
    Some(policy)
}
