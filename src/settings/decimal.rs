//! Numbers with a fraction as text: at most three digits of it, or `off`.
//!
//! In thousandths and not in floating point, so that a number is the same in every language and
//! prints as it was written.

use std::ffi::CStr;

/// A number in thousandths.
pub(crate) type Thousandths = u32;

pub(super) const ACCEPTS: &CStr =
    c"off, or a number from 1 to 1000 with up to three decimals, such as 1.25";

const OFF: &str = "off";
const ONE: Thousandths = 1_000;

/// Returns what `text` is, if it is a number in the range, or `off`, which is none.
pub(super) fn parse(text: &str) -> Option<Option<Thousandths>> {
    if text == OFF {
        return Some(None);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let whole = whole.parse::<Thousandths>().ok()?.checked_mul(ONE)?;
    let number = whole.checked_add(format!("{fraction:0<3}").parse().ok()?)?;
    (ONE..=1_000 * ONE).contains(&number).then_some(Some(number))
}

/// Writes it without zeros at the end.
pub(super) fn show(number: Option<Thousandths>) -> String {
    let Some(number) = number else { return OFF.to_owned() };
    let (whole, fraction) = (number / ONE, number % ONE);
    if fraction == 0 {
        return whole.to_string();
    }
    format!("{whole}.{fraction:03}").trim_end_matches('0').to_owned()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written() {
        for (text, number) in [
            ("off", None),
            ("1", Some(1_000)),
            ("1.25", Some(1_250)),
            ("1.005", Some(1_005)),
            ("10.1", Some(10_100)),
            ("1000", Some(1_000_000)),
        ] {
            assert_eq!(parse(text), Some(number), "{text}");
            assert_eq!(show(number), text);
        }
        assert_eq!(parse("1.250"), parse("1.25"));
        assert_eq!(parse("001.0"), parse("1"));
    }

    #[test]
    fn everything_else_is_no_number() {
        for text in [
            "",
            "0",
            "0.999",
            "1000.001",
            "1.",
            ".5",
            "1.2345",
            "1,25",
            "+1",
            "-1",
            "1e3",
            " 1",
            "1.2.3",
            "on",
            "4294967296",
            "nan",
            "inf",
            "1.-5",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
