//! Durations as text: a whole number and a unit, or `forever`.
//!
//! One number and one unit: `90s` and not `1m30s`, so that a duration has one reading in every
//! language. What is longer than any clock runs, [`Duration::MAX`], is `forever`.

use std::time::Duration;

const FOREVER: &str = "forever";

/// Units and their nanoseconds, the largest first.
const UNITS: [(&str, u128); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Returns the duration that `text` is, if it is one.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    if text == FOREVER {
        return Some(Duration::MAX);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
    let nanos = number.parse::<u128>().ok()?.checked_mul(factor)?;
    let seconds = u64::try_from(nanos / 1_000_000_000).ok()?;
    Some(Duration::new(seconds, (nanos % 1_000_000_000) as u32))
}

/// Writes a duration in the largest unit in which it is a whole number.
pub(crate) fn show(duration: Duration) -> String {
    if duration == Duration::MAX {
        return FOREVER.to_owned();
    }
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".to_owned();
    }
    let whole = UNITS.into_iter().find(|(_, factor)| nanos / factor * factor == nanos);
    // Any number of nanoseconds is a whole number of them.
    let (unit, factor) = whole.unwrap_or(("ns", 1));
    format!("{}{unit}", nanos / factor)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_and_written() {
        for (text, duration) in [
            ("0s", Duration::ZERO),
            ("100ns", Duration::from_nanos(100)),
            ("500us", Duration::from_micros(500)),
            ("200ms", Duration::from_millis(200)),
            ("1s", Duration::from_secs(1)),
            ("2m", Duration::from_secs(120)),
            ("3h", Duration::from_secs(10_800)),
            ("1001ms", Duration::from_millis(1001)),
            ("18446744073709551615999999998ns", Duration::new(u64::MAX, 999_999_998)),
            ("forever", Duration::MAX),
        ] {
            assert_eq!(parse(text), Some(duration), "{text}");
            assert_eq!(show(duration), text);
        }
        assert_eq!(parse("120s"), parse("2m"));
        assert_eq!(parse("18446744073709551615999999999ns"), Some(Duration::MAX));
    }

    #[test]
    fn everything_else_is_no_duration() {
        for text in [
            "",
            "s",
            "5",
            "0",
            "1.5s",
            "-1s",
            "+1s",
            " 1s",
            "1 s",
            "1s ",
            "1S",
            "1m30s",
            "1d",
            "Forever",
            "18446744073709551616s",
            "340282366920938463463374607431768211456ns",
            "340282366920938463463374607431768211455h",
            "\u{661}s",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
