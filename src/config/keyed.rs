//! What has keys: a policy, the options of a list, probes. Each is a text in its own grammar, or a map.

use std::str::FromStr;

use super::node::{Entry, Kind, Scalar};
use super::reading::{Reading, Value};
use super::suggest::instead;
use crate::error::{SpecError, SpecPlace};
use crate::list::ListOptions;
use crate::policy::PolicySpec;
use crate::settings::KeyRow;
#[cfg(feature = "probing")]
use crate::transports::ProbeOptions;

/// A struct whose keys are set by their names.
pub(super) trait Keyed {
    fn rows(&self) -> Vec<&'static KeyRow>;
    fn put(&mut self, key: &str, value: &str) -> Result<(), SpecError>;
}

impl Keyed for PolicySpec {
    fn rows(&self) -> Vec<&'static KeyRow> {
        self.row().keys().collect()
    }

    fn put(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        self.set(key, value)
    }
}

impl Keyed for ListOptions {
    fn rows(&self) -> Vec<&'static KeyRow> {
        Self::keys().collect()
    }

    fn put(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        self.set(key, value)
    }
}

#[cfg(feature = "probing")]
impl Keyed for ProbeOptions {
    fn rows(&self) -> Vec<&'static KeyRow> {
        Self::keys().collect()
    }

    fn put(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        self.set(key, value)
    }
}

/// Sets what a map says.
pub(super) fn read_map<K: Keyed>(
    reading: &mut Reading<'_>,
    map: &Value<'_>,
    entries: &[Entry],
    to: &mut K,
) {
    let rows = to.rows();
    for entry in entries {
        match rows.iter().find(|row| row.name() == entry.key) {
            Some(row) => read_one(reading, &map.of(entry), row, to),
            None => reading.unknown(map, entry, rows.iter().map(|row| row.name())),
        }
    }
}

/// Sets one key to a value.
pub(super) fn read_one<K: Keyed>(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    row: &KeyRow,
    to: &mut K,
) {
    let Some(scalar) = reading.text(value, row.accepts()) else { return };
    let text = if row.accepts() == "on or off" { flag(&scalar) } else { &scalar.text };
    if to.put(row.name(), text).is_err() {
        let what = format!("cannot be {:?}", scalar.text);
        reading.fault(value, what, format!("need {}", row.accepts()));
    }
}

/// What YAML and JSON take for a flag, in the words of the other texts.
pub(super) fn flag(scalar: &Scalar) -> &str {
    match scalar.text.to_ascii_lowercase().as_str() {
        "true" | "yes" if !scalar.quoted => "on",
        "false" | "no" if !scalar.quoted => "off",
        _ => &scalar.text,
    }
}

/// Notes what a text of another grammar has wrong, at its place. The text that was parsed has `before` more
/// bytes than the one in the file, in front.
pub(super) fn fault_of_spec(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    scalar: &Scalar,
    before: usize,
    error: &SpecError,
) {
    let at =
        |place: &SpecPlace| Some((scalar, place.byte().map(|byte| byte.saturating_sub(before))));
    let (place, what, right) = match error {
        SpecError::UnknownPolicy { name, known } => {
            let what = format!("no policy is called {name:?}");
            (None, what, instead(name, known.split(", ")))
        }
        SpecError::UnknownSource { scheme, known } => {
            let what = format!("no source is called {scheme:?}");
            (None, what, instead(scheme, known.split(", ")))
        }
        SpecError::SourceNotInBuild { scheme, feature } => {
            let what = format!("source {scheme:?} is not in this build of the library");
            (None, what, format!("need the feature {feature:?}"))
        }
        SpecError::Source { place, fault } => (at(place), fault.clone(), String::new()),
        SpecError::UnknownKey { place, key, known } => {
            let keys = known.strip_prefix("need one of ").map(|keys| keys.split(", "));
            let right = instead(key, keys.into_iter().flatten());
            (at(place), format!("there is no key {key:?}"), right)
        }
        SpecError::DuplicateKey { place, key } => {
            (at(place), format!("key {key:?} is given twice"), "need it once".into())
        }
        SpecError::Malformed { place, part, form } => {
            (at(place), format!("{part:?} is not of the form {form}"), String::new())
        }
        SpecError::InvalidValue { place, key, value, expected } => {
            (at(place), format!("{key} cannot be {value:?}"), format!("need {expected}"))
        }
    };
    let place = place.unwrap_or((scalar, None));
    reading.fault_at(value, place, what, right);
}

/// Reads a text or a map; a text in its own grammar.
pub(super) fn read_options<K>(reading: &mut Reading<'_>, value: &Value<'_>, need: &str) -> Option<K>
where
    K: Keyed + Default + FromStr<Err = SpecError>,
{
    if let Kind::Map(entries) = &value.node.kind {
        let mut options = K::default();
        read_map(reading, value, entries, &mut options);
        return Some(options);
    }
    let scalar = reading.text(value, need)?;
    match scalar.text.parse() {
        Ok(options) => Some(options),
        Err(error) => {
            fault_of_spec(reading, value, &scalar, 0, &error);
            None
        }
    }
}
