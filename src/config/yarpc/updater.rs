//! Which peers a list has: exactly one updater in its map.

use crate::config::chooser_config::PeersConfig;
use crate::config::node::{Entry, Kind};
use crate::config::reading::{Reading, Value};
use crate::config::{members, source};
use crate::sources::{Scheme, schemes};

/// Whether a key names one.
pub(super) fn is_updater(key: &str) -> bool {
    matches!(key, "peers" | "source") || source::scheme(key).is_some()
}

/// The updaters, in the order in which YARPC lists what it has.
fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = schemes().map(Scheme::name).chain(["peers", "source"]).collect();
    names.sort_unstable();
    names
}

/// Reads it; `entries` are those of the list.
pub(super) fn read(
    reading: &mut Reading<'_>,
    list: &Value<'_>,
    entries: &[Entry],
) -> Option<PeersConfig> {
    // YARPC takes `peers: []` for none.
    let is_there = |entry: &&Entry| {
        let empty = match &entry.value.kind {
            Kind::Null => true,
            Kind::List(items) => items.is_empty(),
            _ => false,
        };
        is_updater(&entry.key) && !(entry.key == "peers" && empty)
    };
    let found: Vec<_> = entries.iter().filter(is_there).collect();
    match found.as_slice() {
        [entry] => one(reading, &list.of(entry), &entry.key),
        [] => {
            let mut keys: Vec<_> = entries
                .iter()
                .map(|entry| entry.key.as_str())
                .filter(|key| *key != "peers")
                .collect();
            keys.sort_unstable();
            let what =
                format!("no recognized peer list updater in config: got {}", keys.join(", "));
            reading.fault_key(list, what, format!("need one of {}", names().join(", ")));
            None
        }
        [first, ..] => {
            let mut keys: Vec<_> = found.iter().map(|entry| entry.key.as_str()).collect();
            keys.sort_unstable();
            let what =
                format!("found too many peer list updaters in config: got {}", keys.join(", "));
            reading.fault_key(&list.of(first), what, "need one of them");
            None
        }
    }
}

fn one(reading: &mut Reading<'_>, value: &Value<'_>, key: &str) -> Option<PeersConfig> {
    if key == "peers" {
        return members::read(reading, value).map(PeersConfig::Members);
    }
    let source = if key == "source" {
        source::read(reading, value)
    } else {
        of_scheme(reading, value, source::scheme(key)?)
    };
    source.map(|source| PeersConfig::Source(Box::new(source)))
}

/// `dns: users.internal:80`, or `dns: {name: users.internal, port: 80, record: A, max-ttl: 5s}`.
fn of_scheme(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    scheme: &'static Scheme,
) -> Option<crate::sources::SourceUri> {
    let Kind::Map(entries) = &value.node.kind else {
        let scalar =
            reading.text(value, &format!("what stands behind the colon of {}", scheme.form()))?;
        let uri = format!("{}:{}", scheme.name(), scalar.text);
        return source::parse(reading, value, &scalar, &uri, scheme.name().len() + 1);
    };
    let Some(entry) = value.node.get("name") else {
        let right = format!("need it, with what stands behind the colon of {}", scheme.form());
        reading.fault(value, "has no key \"name\"", right);
        return None;
    };
    let name_value = value.of(entry);
    let name = reading.text(&name_value, "a text")?;
    let is_dns = scheme.name() == "dns";
    let (mut scheme, mut rest) = (scheme, name.text.clone());
    if let Some(record) = value.node.get("record").filter(|_| is_dns) {
        let record_value = value.of(record);
        let record = reading.text(&record_value, "A, AAAA or SRV")?;
        match record.text.as_str() {
            "A" | "AAAA" => {}
            "SRV" => scheme = source::scheme("dns+srv")?,
            other => {
                reading.fault(&record_value, format!("cannot be {other:?}"), "need A, AAAA or SRV");
                return None;
            }
        }
    }
    if let Some(port) = value.node.get("port").filter(|_| is_dns) {
        let port_value = value.of(port);
        let port = reading.text(&port_value, "a port")?;
        rest = format!("{rest}:{}", port.text);
    }
    let uri = format!("{}:{rest}", scheme.name());
    let others: &[&str] = if is_dns { &["name", "port", "record"] } else { &["name"] };
    let before = scheme.name().len() + 1;
    source::with_options(
        reading,
        value,
        (&name_value, &name),
        (scheme, &uri, before),
        entries,
        others,
    )
}
