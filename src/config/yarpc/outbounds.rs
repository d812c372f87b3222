//! Outbounds: for each name a transport with a chooser in it.

use super::chooser::read_chooser;
use crate::config::chooser_config::ChooserConfig;
use crate::config::config_file::Config;
use crate::config::node::Entry;
use crate::config::reading::{Reading, Value};
use crate::config::top::twice;

/// What transports have in an outbound beside a chooser, as YARPC's own do. Others have nothing.
const TRANSPORTS: [(&str, &[&str]); 3] = [
    ("http", &["url", "addHeaders", "tls"]),
    ("grpc", &["address", "tls", "compressor", "grpc-keepalive"]),
    ("tchannel", &["tls", "enable-buffer-reuse"]),
];

const NEED: &str = "a map with a transport";
const SECTIONS: [&str; 3] = ["unary", "oneway", "stream"];

/// Reads all outbounds into choosers of the same names. One with several of `unary`, `oneway` and `stream`
/// gives several choosers, such as `users.unary` and `users.oneway`.
pub(crate) fn read(reading: &mut Reading<'_>, value: &Value<'_>, to: &mut Config) {
    let Some(outbounds) = reading.map(value, "a map of outbounds by their names") else { return };
    for entry in outbounds {
        one(reading, &value.of(entry), &entry.key, to);
    }
}

fn one(reading: &mut Reading<'_>, outbound: &Value<'_>, name: &str, to: &mut Config) {
    let Some(entries) = reading.map_or_nothing(outbound, NEED) else { return };
    let is_section = |entry: &&Entry| SECTIONS.contains(&entry.key.as_str());
    let (sections, others): (Vec<_>, Vec<_>) =
        entries.iter().filter(|entry| entry.key != "service").partition(is_section);
    if sections.is_empty() {
        if let Some(chooser) = transport(reading, outbound, &others) {
            if !to.add(name, chooser) {
                twice(reading, outbound);
            }
        }
        return;
    }
    for entry in others {
        let value = outbound.of(entry);
        let what = "too many attributes in explicit outbound configuration";
        reading.fault_key(&value, what, "need unary, oneway and stream alone beside service");
    }
    for entry in &sections {
        let section = outbound.of(entry);
        let Some(inside) = reading.map_or_nothing(&section, NEED) else { continue };
        let inside: Vec<_> = inside.iter().collect();
        if let Some(chooser) = transport(reading, &section, &inside) {
            let whole = format!("{name}.{}", entry.key);
            if !to.add(if sections.len() == 1 { name } else { &whole }, chooser) {
                twice(reading, &section);
            }
        }
    }
}

fn transport(
    reading: &mut Reading<'_>,
    outbound: &Value<'_>,
    entries: &[&Entry],
) -> Option<ChooserConfig> {
    let names = "such as http, grpc or tchannel";
    match entries {
        [entry] => {
            let own = TRANSPORTS.iter().find(|(name, _)| *name == entry.key);
            let own = own.map_or(&[][..], |(_, keys)| keys);
            read_chooser(reading, &outbound.of(entry), own)
        }
        [] => {
            let what = "failed to decode outbound: an outbound type is required";
            reading.fault(outbound, what, format!("need one, {names}"));
            None
        }
        _ => {
            let keys: Vec<_> = entries.iter().map(|entry| entry.key.as_str()).collect();
            let what = "failed to decode outbound: at most one outbound type may be specified";
            let right = format!("need one, {names}, and not {}", keys.join(", "));
            reading.fault(outbound, what, right);
            None
        }
    }
}
