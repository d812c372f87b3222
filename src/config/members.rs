//! Peers: a list of texts and maps.

use std::collections::HashSet;

use super::node::{Entry, Kind};
use super::reading::{Reading, Value};
use crate::attributes::Attributes;
use crate::member::Member;
use crate::peer::Identifier;
use crate::sources::member;

const KEYS: [&str; 5] = ["peer", "weight", "tier", "zone", "shard"];
const NEED: &str = "a peer as text, such as 10.0.0.1:80*3 zone=a, or a map with the key peer";

/// Reads a list of peers. None of them may be there twice.
pub(super) fn read(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<Vec<Member>> {
    let items = reading.list(value, "a list of peers, such as [10.0.0.1:80, 10.0.0.2:80*3]")?;
    let (mut members, mut seen) = (Vec::with_capacity(items.len()), HashSet::new());
    for (number, item) in items.iter().enumerate() {
        let item = value.item(number, item);
        let Some(member) = one(reading, &item) else { continue };
        if seen.insert(member.identifier().to_owned()) {
            members.push(member);
        } else {
            let what = format!("peer {:?} is given twice", member.identifier());
            reading.fault(&item, what, "need it once; weight says how much it takes");
        }
    }
    Some(members)
}

/// Reads one peer.
pub(super) fn one(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<Member> {
    if let Kind::Map(entries) = &value.node.kind {
        return from_map(reading, value, entries);
    }
    let scalar = reading.text(value, NEED)?;
    match member(&scalar.text) {
        Ok(member) => Some(member),
        Err(fault) => {
            reading.fault(value, fault, "");
            None
        }
    }
}

fn from_map(reading: &mut Reading<'_>, map: &Value<'_>, entries: &[Entry]) -> Option<Member> {
    let (mut id, mut attributes) = (None, Attributes::new());
    for entry in entries {
        let value = map.of(entry);
        match entry.key.as_str() {
            "peer" => id = name(reading, &value),
            "weight" => {
                attributes.weight = number(reading, &value, 1, 65535).unwrap_or(1) as u16;
            }
            "tier" => attributes.tier = number(reading, &value, 0, 255).unwrap_or(0) as u8,
            "zone" => attributes.zone = name(reading, &value).map(Into::into),
            "shard" => attributes.shard = name(reading, &value).map(Into::into),
            _ => reading.unknown(map, entry, KEYS),
        }
    }
    if map.node.get("peer").is_none() {
        reading.fault(map, "has no key \"peer\"", "need it, with the name of the peer");
    }
    Some(Member::new(id?, attributes))
}

/// A text that is not empty.
fn name(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<String> {
    let scalar = reading.text(value, "a text")?;
    if scalar.text.is_empty() || scalar.text.contains(char::is_control) {
        let what = format!("cannot be {:?}", scalar.text);
        reading.fault(value, what, "need a text without control characters");
        return None;
    }
    Some(scalar.into_owned().text)
}

/// A whole number in a range.
fn number(reading: &mut Reading<'_>, value: &Value<'_>, min: u64, max: u64) -> Option<u64> {
    let need = format!("a whole number from {min} to {max}");
    let scalar = reading.text(value, &need)?;
    let digits = scalar.text.bytes().all(|byte| byte.is_ascii_digit());
    let number = scalar.text.parse().ok().filter(|number| digits && (min..=max).contains(number));
    if number.is_none() {
        reading.fault(value, format!("cannot be {:?}", scalar.text), format!("need {need}"));
    }
    number
}
