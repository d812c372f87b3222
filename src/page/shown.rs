//! Texts, counts and durations, as people read them in a page.

use std::fmt::{self, Display, Formatter, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::line::Line;

/// A text from outside. What cannot be seen is escaped as in a [line](crate::line), and what HTML reads
/// is written so that it is text, in an attribute too.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", crate::line::Name(self.0))
    }
}

/// The same of a sentence, in which names are escaped already.
pub(super) struct Sentence<'a>(pub(super) &'a str);

impl Display for Sentence<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", Line(self.0))
    }
}

struct Escaping<'a, 'f>(&'a mut Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            self.0.write_str(&rest[..at])?;
            self.0.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        self.0.write_str(rest)
    }
}

/// A count in groups of three digits: `1,234,567`.
pub(super) struct Count(pub(super) u64);

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let first = (digits.len() - 1) % 3 + 1;
        f.write_str(&digits[..first])?;
        for at in (first..digits.len()).step_by(3) {
            write!(f, ",{}", &digits[at..at + 3])?;
        }
        Ok(())
    }
}

/// So many of so many, in percent. Some that are very few are not none, and not all are not all:
/// `0.1 %` at least, `99.9 %` at most.
pub(super) struct Percent {
    pub(super) part: u64,
    pub(super) of: u64,
}

impl Display for Percent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { part, of } = *self;
        if part == 0 || of == 0 {
            return f.write_str("0 %");
        }
        if part >= of {
            return f.write_str("100 %");
        }
        let tenths = (u128::from(part) * 2_000 / u128::from(of)).div_ceil(2).clamp(1, 999);
        write!(f, "{}.{} %", tenths / 10, tenths % 10)
    }
}

/// How long ago or for how long, in the two largest units: `3 m 12 s`.
pub(super) struct Span(pub(super) Duration);

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds < 10 {
            return write!(f, "{seconds}.{} s", self.0.subsec_millis() / 100);
        }
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
        match (days, hours, minutes) {
            (0, 0, 0) => write!(f, "{seconds} s"),
            (0, 0, _) => write!(f, "{minutes} m {} s", seconds % 60),
            (0, _, _) => write!(f, "{hours} h {} m", minutes % 60),
            (_, _, _) => write!(f, "{} d {} h", Count(days), hours % 24),
        }
    }
}

/// How long something took, in three digits: `1.25 ms`.
pub(super) struct Took(pub(super) Duration);

impl Display for Took {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_nanos();
        let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
        let Some((unit, name)) = units.into_iter().find(|(unit, _)| nanos >= *unit) else {
            return write!(f, "{nanos} ns");
        };
        let (whole, hundredths) = (nanos / unit, nanos % unit * 100 / unit);
        match whole {
            0..10 => write!(f, "{whole}.{hundredths:02} {name}"),
            10..100 => write!(f, "{whole}.{} {name}", hundredths / 10),
            _ => write!(f, "{whole} {name}"),
        }
    }
}

/// Thousandths with two decimals: `1.25`.
pub(super) struct Thousandths(pub(super) u64);

impl Display for Thousandths {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", Count(self.0 / 1_000), self.0 % 1_000 / 10)
    }
}

/// A moment as `2026-11-26 19:20:14 UTC`. One before 1970 is shown as its beginning.
pub(super) struct Moment(pub(super) SystemTime);

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.0.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (days, of_day) = (seconds / 86_400, seconds % 86_400);
        // The calendar repeats after 400 years, which are 146,097 days. A year that begins in March ends
        // with its leap day: https://howardhinnant.github.io/date_algorithms.html#civil_from_days.
        let days = days + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let of_month = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        write!(f, "{:04}-{month:02}-{of_month:02} ", era * 400 + year + next)?;
        write!(f, "{hour:02}:{minute:02}:{second:02} UTC")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn texts_from_outside_are_text() {
        for (text, shown) in [
            ("10.0.0.1:80", "10.0.0.1:80"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("\"'&amp;", "&quot;&#39;&amp;amp;"),
            ("a\nb\0c\u{7f}", r"a\nb\0c\u{7f}"),
            ("\u{202e}moc.live\u{2066}\u{200b}", r"\u{202e}moc.live\u{2066}\u{200b}"),
            ("caf\u{e9} \u{4e2d}\u{6587}", "caf\u{e9} \u{4e2d}\u{6587}"),
            (r"a\b", r"a\\b"),
        ] {
            assert_eq!(Text(text).to_string(), shown);
        }
        assert_eq!(
            Sentence("can't read \"a\\nb\"\n<p>").to_string(),
            "can&#39;t read &quot;a\\nb&quot;\\n&lt;p&gt;"
        );
    }

    #[test]
    fn counts_are_in_groups() {
        let counts = [0, 7, 999, 1_000, 12_345, 999_999, 1_000_000, u64::MAX];
        let shown = counts.map(|count| Count(count).to_string());
        assert_eq!(
            shown.join(" "),
            "0 7 999 1,000 12,345 999,999 1,000,000 18,446,744,073,709,551,615"
        );
    }

    #[test]
    fn a_share_is_neither_none_nor_all_unless_it_is() {
        let shares = [(0, 0), (0, 9), (1, 1_000_000), (1, 8), (1, 3), (999_999, 1_000_000), (9, 9)];
        let shown = shares.map(|(part, of)| Percent { part, of }.to_string());
        assert_eq!(shown.join(", "), "0 %, 0 %, 0.1 %, 12.5 %, 33.3 %, 99.9 %, 100 %");
        assert_eq!(Percent { part: u64::MAX - 1, of: u64::MAX }.to_string(), "99.9 %");
    }

    #[test]
    fn spans_have_two_units() {
        let spans = [0, 900, 9_999, 10_000, 59_000, 192_000, 7_500_000, 266_400_000];
        let shown = spans.map(|millis| Span(Duration::from_millis(millis)).to_string());
        assert_eq!(shown.join(", "), "0.0 s, 0.9 s, 9.9 s, 10 s, 59 s, 3 m 12 s, 2 h 5 m, 3 d 2 h");
        assert!(Span(Duration::MAX).to_string().ends_with(" h"));
    }

    #[test]
    fn latencies_have_three_digits() {
        let nanos = [0, 999, 1_250, 45_678, 340_000, 1_254_000, 99_990_000, 2_500_000_000];
        let shown = nanos.map(|nanos| Took(Duration::from_nanos(nanos)).to_string());
        assert_eq!(
            shown.join(", "),
            "0 ns, 999 ns, 1.25 µs, 45.6 µs, 340 µs, 1.25 ms, 99.9 ms, 2.50 s"
        );
        assert!(Took(Duration::MAX).to_string().ends_with(" s"));
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (seconds, shown) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59:59 UTC"),
            (1_735_689_600, "2025-01-01 00:00:00 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            let moment = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(Moment(moment).to_string(), shown);
        }
        let before = Moment(UNIX_EPOCH - Duration::from_secs(5)).to_string();
        assert_eq!(before, "1970-01-01 00:00:00 UTC");
    }
}
