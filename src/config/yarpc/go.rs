//! Values as Go prints them with `%+v`, and durations as Go reads them.

use std::time::Duration;

use crate::config::node::{Entry, Kind, Node};

/// `map[a:1 b:[x y]]`: maps by their keys.
pub(super) fn map<'n>(entries: impl IntoIterator<Item = &'n Entry>) -> String {
    let mut pairs: Vec<_> = entries
        .into_iter()
        .map(|entry| (entry.key.as_str(), format!("{}:{}", entry.key, value(&entry.value))))
        .collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(_, pair)| pair).collect();
    format!("map[{}]", pairs.join(" "))
}

fn value(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "<nil>".into(),
        Kind::Scalar(scalar) => scalar.text.clone(),
        Kind::List(items) => {
            let items: Vec<_> = items.iter().map(value).collect();
            format!("[{}]", items.join(" "))
        }
        Kind::Map(entries) => map(entries),
    }
}

/// What a duration is not.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoDuration {
    Malformed,
    Negative,
}

const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads `1m30s`, `1.5s` and the like, up to the 292 years that Go has.
pub(super) fn duration(text: &str) -> Result<Duration, NoDuration> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let nanos = nanos(unsigned).ok_or(NoDuration::Malformed)?;
    if negative && nanos > 0 {
        return Err(NoDuration::Negative);
    }
    Ok(Duration::from_nanos(nanos))
}

fn nanos(text: &str) -> Option<u64> {
    if text == "0" {
        return Some(0);
    }
    let (mut rest, mut sum) = (text, 0_u128);
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        let unit = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let (_, factor) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
        if whole.len() + fraction.len() == 0 || whole.len() > 20 {
            return None;
        }
        let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        // What is less than a billionth of an hour is dropped.
        let fraction = &fraction[..fraction.len().min(18)];
        let part: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        sum += whole * factor + part * factor / 10_u128.pow(fraction.len() as u32);
        rest = after;
    }
    let none = text.is_empty() || sum > i64::MAX as u128;
    u64::try_from(sum).ok().filter(|_| !none)
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn durations_are_go_s() {
        for (text, nanos) in [
            ("0", 0),
            ("-0s", 0),
            ("+5s", 5_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5s", 1_500_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("1h0.5m2us3ns", 3_630_000_002_003),
            ("1\u{b5}s", 1_000),
            ("0.000000000000000000001h", 0),
            ("9223372036854775807ns", i64::MAX as u64),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
        }
        assert_eq!(duration("-1s"), Err(NoDuration::Negative));
        for text in
            ["", "s", ".s", "1", "1 s", "1d", "1s ", "--1s", "9223372036854775808ns", "1e3s"]
        {
            assert_eq!(duration(text), Err(NoDuration::Malformed), "{text}");
        }
    }
}
