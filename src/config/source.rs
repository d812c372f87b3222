//! A source: a URI, or a map with one under `uri` and its options beside.

use super::keyed::{fault_of_spec, flag};
use super::node::{Entry, Kind, Scalar};
use super::reading::{Reading, Value};
use super::suggest::instead;
use crate::settings::KeyRow;
use crate::sources::{Scheme, SourceUri, schemes};

const NEED: &str = "a URI, such as dns:users.internal:80#max-ttl=5s, or a map with one under uri";

pub(super) fn read(reading: &mut Reading<'_>, value: &Value<'_>) -> Option<SourceUri> {
    let Kind::Map(entries) = &value.node.kind else {
        let scalar = reading.text(value, NEED)?;
        return parse(reading, value, &scalar, &scalar.text, 0);
    };
    let Some(entry) = value.node.get("uri") else {
        reading.fault(value, "has no key \"uri\"", format!("need {NEED}"));
        return None;
    };
    let uri_value = value.of(entry);
    let scalar = reading.text(&uri_value, "a URI")?;
    let name = scalar.text.split(':').next().unwrap_or_default();
    let Some(scheme) = scheme(name) else {
        return parse(reading, &uri_value, &scalar, &scalar.text, 0);
    };
    with_options(
        reading,
        value,
        (&uri_value, &scalar),
        (scheme, &scalar.text, 0),
        entries,
        &["uri"],
    )
}

/// The scheme of this name.
pub(super) fn scheme(name: &str) -> Option<&'static Scheme> {
    schemes().find(|scheme| scheme.name() == name)
}

/// Parses a URI that stands in the file but for `before` bytes in front.
pub(super) fn parse(
    reading: &mut Reading<'_>,
    value: &Value<'_>,
    scalar: &Scalar,
    uri: &str,
    before: usize,
) -> Option<SourceUri> {
    match uri.parse() {
        Ok(uri) => Some(uri),
        Err(error) => {
            fault_of_spec(reading, value, scalar, before, &error);
            None
        }
    }
}

/// Parses `uri` together with options that stand in a map; the keys `others` of that are none.
pub(super) fn with_options(
    reading: &mut Reading<'_>,
    map: &Value<'_>,
    (uri_value, scalar): (&Value<'_>, &Scalar),
    (scheme, uri, before): (&Scheme, &str, usize),
    entries: &[Entry],
    others: &[&str],
) -> Option<SourceUri> {
    let mut whole = parse(reading, uri_value, scalar, uri, before)?.to_string();
    for entry in entries.iter().filter(|entry| !others.contains(&entry.key.as_str())) {
        let value = map.of(entry);
        let rows: Vec<_> = scheme.keys().collect();
        let Some(row) = rows.iter().find(|row| row.name() == entry.key) else {
            let known = others.iter().copied().chain(rows.iter().map(|row| row.name()));
            let what = format!("there is no key {:?} for {}", entry.key, scheme.name());
            reading.fault_key(&value, what, instead(&entry.key, known));
            continue;
        };
        if let Some(longer) = add(reading, &value, row, &whole) {
            whole = longer;
        }
    }
    // Options may need each other.
    parse(reading, map, &Scalar::default(), &whole, 0)
}

/// A URI with one more option; what is wrong with it is noted.
fn add(reading: &mut Reading<'_>, value: &Value<'_>, row: &KeyRow, uri: &str) -> Option<String> {
    let scalar = reading.text(value, row.accepts())?;
    let text = if row.accepts() == "on or off" { flag(&scalar) } else { &scalar.text };
    let escaped = text.replace('\\', r"\\").replace(',', r"\,");
    let before = if uri.contains('#') { if uri.ends_with('#') { "" } else { "," } } else { "#" };
    let longer = format!("{uri}{before}{}={escaped}", row.name());
    match longer.parse::<SourceUri>() {
        // What needs another option is seen at the end.
        Ok(_) | Err(crate::error::SpecError::Source { .. }) => Some(longer),
        Err(crate::error::SpecError::InvalidValue { .. }) => {
            let what = format!("cannot be {:?}", scalar.text);
            reading.fault(value, what, format!("need {}", row.accepts()));
            None
        }
        Err(error) => {
            fault_of_spec(reading, value, &Scalar::default(), 0, &error);
            None
        }
    }
}
