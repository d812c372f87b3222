//! What an outbound has for a chooser: `peer`, `with`, or the name of a policy with a list.

use super::{go, list};
use crate::attributes::Attributes;
use crate::config::chooser_config::{ChooserConfig, PeersConfig};
use crate::config::node::{Entry, Kind};
use crate::config::policies;
use crate::config::reading::{Reading, Value};
use crate::config::suggest::instead;
use crate::member::Member;

/// Reads it; `own` are the keys that the transport has beside it.
pub(crate) fn read_chooser(
    reading: &mut Reading<'_>,
    outbound: &Value<'_>,
    own: &[&str],
) -> Option<ChooserConfig> {
    let entries =
        reading.map_or_nothing(outbound, "a map with peer, with or the name of a policy")?;
    let is = |entry: &Entry, key: &str| entry.key.eq_ignore_ascii_case(key);
    let find = |key: &str| entries.iter().find(|entry| is(entry, key));
    let said = |entry: &&Entry| {
        !matches!(&entry.value.kind, Kind::Null)
            && !matches!(&entry.value.kind, Kind::Scalar(scalar) if scalar.text.is_empty())
    };
    let (peer, preset) = (find("peer").filter(said), find("with").filter(said));
    let rest = entries.iter().filter(|entry| {
        !is(entry, "peer") && !is(entry, "with") && !own.iter().any(|key| is(entry, key))
    });
    let rest: Vec<_> = rest.collect();
    if let (Some(_), Some(preset)) = (peer, preset) {
        reading.fault_key(&outbound.of(preset), "stands beside peer", "need one of them");
        return None;
    }
    if let Some(entry) = peer.or(preset) {
        if !rest.is_empty() {
            let what = unrecognized(&rest);
            let right = format!("need nothing beside {}", entry.key);
            reading.fault_key(&outbound.of(rest[0]), what, right);
            return None;
        }
        let value = outbound.of(entry);
        let text = reading.text_of_yarpc(&value, "a text")?;
        return if peer.is_some() {
            single(reading, &value, &text)
        } else {
            with(reading, &value, &text)
        };
    }
    match rest.as_slice() {
        [] => alone(
            reading,
            outbound,
            find("url")
                .or_else(|| find("address"))
                .filter(|entry| own.iter().any(|key| is(entry, key))),
        ),
        [entry] => one(reading, &outbound.of(entry), &entry.key),
        _ => {
            let right = format!("need one of {}, peer or with", names().join(", "));
            reading.fault_key(&outbound.of(rest[0]), unrecognized(&rest), right);
            None
        }
    }
}

fn unrecognized(rest: &[&Entry]) -> String {
    format!("unrecognized attributes in outbound config: {}", go::map(rest.iter().copied()))
}

/// The policies, in the order in which YARPC lists what it has.
fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = policies::names().collect();
    names.sort_unstable();
    names
}

fn one(reading: &mut Reading<'_>, value: &Value<'_>, name: &str) -> Option<ChooserConfig> {
    let Some(policy) = policies::named(name) else {
        let what = format!("no recognized peer list or chooser {name:?}");
        reading.fault_key(value, what, instead(name, names()));
        return None;
    };
    list::read(reading, value, policy)
}

/// A transport with nothing but the address that it has itself.
fn alone(
    reading: &mut Reading<'_>,
    outbound: &Value<'_>,
    address: Option<&Entry>,
) -> Option<ChooserConfig> {
    let Some(entry) = address else {
        let all = names().join(" ");
        let what = format!("no peer list or chooser provided in config, need one of: [{all}]");
        reading.fault_key(outbound, what, "");
        return None;
    };
    let value = outbound.of(entry);
    let text = reading.text_of_yarpc(&value, "a text")?;
    if !entry.key.eq_ignore_ascii_case("url") {
        return single(reading, &value, &text);
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", &text));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| {
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let port = match scheme {
        _ if has_port => "",
        "http" => ":80",
        "https" => ":443",
        _ => {
            reading.fault(&value, format!("cannot be {text:?}"), "need a URL of http or https");
            return None;
        }
    };
    single(reading, &value, &format!("{host}{port}"))
}

fn single(reading: &mut Reading<'_>, value: &Value<'_>, address: &str) -> Option<ChooserConfig> {
    if address.is_empty() || address.contains(char::is_control) || address.starts_with(':') {
        reading.fault(value, format!("cannot be {address:?}"), "need the name of a peer");
        return None;
    }
    let mut config = ChooserConfig::new(policies::named("single")?);
    config.peers = PeersConfig::Members(vec![Member::new(address, Attributes::new())]);
    Some(config)
}

fn with(reading: &mut Reading<'_>, value: &Value<'_>, name: &str) -> Option<ChooserConfig> {
    let preset = reading.presets.get(name).cloned();
    if preset.is_none() {
        let what = format!("no recognized peer chooser preset {name:?}");
        let right = match reading.presets.is_empty() {
            true => "the program has none".to_owned(),
            false => instead(name, reading.presets.keys().map(String::as_str)),
        };
        reading.fault(value, what, right);
    }
    preset
}
