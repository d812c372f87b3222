//! Fields of a policy's configuration, in the JSON of protocol buffers: a number may stand in quotes, and a
//! name be written with underscores.

use crate::config::node::Entry;
use crate::config::reading::{Reading, Value};
use crate::config::suggest::instead;

/// The fields of one policy, of which those are taken that are asked for.
pub(super) struct Fields<'n> {
    map: Value<'n>,
    entries: &'n [Entry],
}

impl<'n> Fields<'n> {
    /// What is none of `known` is passed over, as gRPC does, and noted.
    pub(super) fn of(reading: &mut Reading<'_>, map: &Value<'n>, known: &[&str]) -> Option<Self> {
        let entries = reading.map_or_nothing(map, "a map of the policy's fields")?;
        for entry in entries.iter().filter(|entry| !known.iter().any(|name| is(entry, name))) {
            let what = format!("there is no key {:?}: it is passed over", entry.key);
            reading.note(&map.of(entry), what, instead(&entry.key, known.iter().copied()));
        }
        Some(Self { map: *map, entries })
    }

    pub(super) fn get(&'n self, name: &str) -> Option<Value<'n>> {
        let entry = self.entries.iter().find(|entry| is(entry, name))?;
        Some(self.map.of(entry))
    }

    /// A whole number that 32 bits hold; `None` if it is not there. What is none is noted.
    pub(super) fn number(&'n self, reading: &mut Reading<'_>, name: &str) -> Option<u32> {
        let value = self.get(name)?;
        let scalar = reading.text(&value, "a whole number")?;
        let digits = scalar.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = scalar.text.parse().ok().filter(|_| digits);
        if number.is_none() {
            let what = format!("cannot be {:?}", scalar.text);
            reading.fault(&value, what, "need a whole number from 0 to 4294967295");
        }
        number
    }

    /// A flag; off if it is not there.
    pub(super) fn flag(&'n self, reading: &mut Reading<'_>, name: &str) -> bool {
        let Some(value) = self.get(name) else { return false };
        let Some(scalar) = reading.text(&value, "true or false") else { return false };
        match scalar.text.as_str() {
            "true" => true,
            "false" => false,
            other => {
                reading.fault(&value, format!("cannot be {other:?}"), "need true or false");
                false
            }
        }
    }

    /// Notes of each of these that it is passed over.
    pub(super) fn pass_over(&'n self, reading: &mut Reading<'_>, names: &[&str], why: &str) {
        for value in names.iter().filter_map(|name| self.get(name)) {
            reading.note(&value, "is passed over", why);
        }
    }
}

fn is(entry: &Entry, name: &str) -> bool {
    let key = entry.key.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase());
    // A name with capitals has no underscores.
    key.eq(name.chars().map(|c| c.to_ascii_lowercase()))
}
