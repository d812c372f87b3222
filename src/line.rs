//! Text that stays on one line, whatever a name in it holds.
//!
//! An identifier or a list's name is any text. Printed as it is, a line end in it forges a row of a
//! status page or a line of a log, a NUL hides the rest from C, and characters that are not seen
//! pass for another name. Most errors quote names (`{:?}`), which shows all of that; where YARPC's
//! texts have a name without quotes, it is escaped in the same way and an ordinary one looks as it
//! always did.

use std::fmt;

/// A name within a line: as `{:?}` shows it, without the quotes around it.
pub(crate) struct Name<'a>(pub(crate) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, &['"', '\''], f)
    }
}

/// A whole text made one line. What its parts have escaped already stays as it is.
pub(crate) struct Line<'a>(pub(crate) &'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, &['"', '\'', '\\'], f)
    }
}

/// Escapes as `str::escape_debug` does, which leaves letters of every script alone, but for the
/// characters in `raw`.
fn escape(text: &str, raw: &[char], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for part in text.split_inclusive(raw) {
        let before = part.strip_suffix(raw).unwrap_or(part);
        write!(f, "{}{}", before.escape_debug(), &part[before.len()..])?;
    }
    Ok(())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_look_as_they_are() {
        for name in [
            "",
            " ",
            "10.0.0.1:80",
            "[::1]:80",
            "users/eu-1 (it's \"new\")",
            "caf\u{e9} cafe\u{301} \u{4e2d}\u{6587} \u{1f642}",
            "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}",
        ] {
            assert_eq!(Name(name).to_string(), name);
        }
    }

    #[test]
    fn what_is_not_seen_or_ends_a_line_is_escaped() {
        for (name, shown) in [
            ("x\ny: Available, 0 pending", r"x\ny: Available, 0 pending"),
            ("a\0b", r"a\0b"),
            ("\r\t\u{1b}[2J", r"\r\t\u{1b}[2J"),
            ("\u{202e}evil", r"\u{202e}evil"),
            ("a\u{2028}b\u{85}c\u{feff}", r"a\u{2028}b\u{85}c\u{feff}"),
            ("\u{301}e", r"\u{301}e"),
            (r"a\nb", r"a\\nb"),
        ] {
            assert_eq!(Name(name).to_string(), shown);
        }
    }

    #[test]
    fn a_line_does_not_escape_twice() {
        let text = format!("can't retain {:?}: down\n\u{928}\u{947} \"later\"", "a\nb");
        let line = "can't retain \"a\\nb\": down\\n\u{928}\u{947} \"later\"";
        assert_eq!(Line(&text).to_string(), line);
    }
}
