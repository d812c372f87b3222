//! A whole text: reading it into a struct, writing a struct as one, and what is wrong with it.

use std::borrow::Cow;
use std::fmt;

use super::key::Setting;
use crate::error::{SpecError, SpecPlace};

/// The form of a part; of a value with a backslash.
pub(crate) const PART: &str = "key=value";
const ESCAPE: &str = r"key=value in which \ stands before , or \";

/// Sets what `text` says. `at` is where it begins in the text that the caller was given.
///
/// What stands before an error may have been set: read into a copy.
pub(crate) fn apply<S>(
    settings: &[Setting<S>],
    to: &mut S,
    text: &str,
    (place, at): (&SpecPlace, usize),
) -> Result<(), SpecError> {
    let mut seen = vec![];
    for (start, part) in parts(text) {
        let place = place.at(at + start);
        let malformed =
            |form| SpecError::Malformed { place: place.clone(), part: part.into(), form };
        let (key, value) = match part.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (part, None),
        };
        if key.is_empty() {
            return Err(malformed(PART));
        }
        let setting = find(settings, key, &place)?;
        let value = match value {
            Some(value) => unescape(value).ok_or_else(|| malformed(ESCAPE))?,
            None if setting.is_flag() => Cow::Borrowed("on"),
            None => return Err(malformed(PART)),
        };
        if seen.contains(&key) {
            return Err(SpecError::DuplicateKey { place, key: key.into() });
        }
        seen.push(key);
        put(setting, to, &value, &place)?;
    }
    Ok(())
}

/// Sets one key to a value as it is, without escapes.
pub(crate) fn set<S>(
    settings: &[Setting<S>],
    to: &mut S,
    key: &str,
    value: &str,
    place: &SpecPlace,
) -> Result<(), SpecError> {
    put(find(settings, key, place)?, to, value, place)
}

fn find<'t, S>(
    settings: &'t [Setting<S>],
    key: &str,
    place: &SpecPlace,
) -> Result<&'t Setting<S>, SpecError> {
    settings.iter().find(|setting| setting.row().name() == key).ok_or_else(|| {
        let names: Vec<_> = settings.iter().map(|setting| setting.row().name()).collect();
        let known = if names.is_empty() {
            "it takes none".into()
        } else {
            format!("need one of {}", names.join(", "))
        };
        SpecError::UnknownKey { place: place.clone(), key: key.into(), known }
    })
}

fn put<S>(
    setting: &Setting<S>,
    to: &mut S,
    value: &str,
    place: &SpecPlace,
) -> Result<(), SpecError> {
    if setting.put(to, value) {
        return Ok(());
    }
    Err(SpecError::InvalidValue {
        place: place.clone(),
        key: setting.row().name(),
        value: value.into(),
        expected: setting.row().accepts(),
    })
}

/// Writes what of `of` differs from `default`, the first part behind `before`.
pub(crate) fn write<S>(
    settings: &[Setting<S>],
    of: &S,
    default: &S,
    before: &str,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut before = before;
    for setting in settings {
        let Some(value) = setting.take(of) else { continue };
        if setting.take(default).as_ref() == Some(&value) {
            continue;
        }
        write!(f, "{before}{}", setting.row().name())?;
        before = ",";
        if !(setting.is_flag() && value == "on") {
            write!(f, "={}", escape(&value))?;
        }
    }
    Ok(())
}

/// The parts of a text and where they begin. An empty text has none.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some((0, text)).filter(|(_, text)| !text.is_empty());
    std::iter::from_fn(move || {
        let (start, text) = rest?;
        let end = part_len(text);
        // A comma is one byte. Behind the last one an empty part is left, which is malformed.
        rest = text.get(end + 1..).map(|after| (start + end + 1, after));
        Some((start, &text[..end]))
    })
}

/// The length up to the first comma that no backslash stands before, or of all of it.
fn part_len(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b',' if !escaped => return at,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// A value without its escapes, or `None` if a backslash is none.
fn unescape(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('\\') {
        return Some(Cow::Borrowed(value));
    }
    let (mut plain, mut chars) = (String::with_capacity(value.len()), value.chars());
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => chars.next().filter(|next| matches!(next, ',' | '\\'))?,
            c => c,
        });
    }
    Some(Cow::Owned(plain))
}

/// A value with its commas and backslashes escaped.
fn escape(value: &str) -> String {
    value.replace('\\', r"\\").replace(',', r"\,")
}

#[cfg(all(test, not(loom)))]
mod tests;
