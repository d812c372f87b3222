//! Virtual time, and how a file writes a span of it.

use serde::de::{Deserialize, Deserializer, Error};

/// Nanoseconds since the simulation began.
pub(crate) type Time = u64;

pub(crate) const MILLI: Time = 1_000_000;
pub(crate) const SECOND: Time = 1_000_000_000;

/// `time` in milliseconds, for people.
pub(crate) fn millis(time: f64) -> f64 {
    time / MILLI as f64
}

/// A span of time as a file has it: `"250us"`, `"10ms"`, `"1.5s"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Time);

const UNITS: [(&str, f64); 4] = [("ns", 1.0), ("us", 1e3), ("ms", 1e6), ("s", 1e9)];

impl Span {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} must be a number of ns, us, ms or s, such as \"10ms\"");
        // "s" comes last: the others end in it too.
        let found = UNITS.iter().find_map(|(unit, nanos)| Some((text.strip_suffix(unit)?, nanos)));
        let (number, nanos) = found.ok_or_else(wrong)?;
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        if !(0.0..=1e9).contains(&number) {
            return Err(wrong());
        }
        Ok(Self((number * nanos).round() as Time))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_units() {
        assert_eq!(Span::parse("250us"), Ok(Span(250_000)));
        assert_eq!(Span::parse("1.5s"), Ok(Span(3 * SECOND / 2)));
        assert_eq!(Span::parse("10ms"), Ok(Span(10 * MILLI)));
        for text in ["10", "-1ms", "ms", "1h"] {
            let wrong = Span::parse(text).unwrap_err();
            assert!(wrong.contains(text) && wrong.contains("such as"), "{wrong}");
        }
    }
}
