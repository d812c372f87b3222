//! JSON's pairs of escapes, as YAML has them.
//!
//! JSON has two escapes for a character beyond U+FFFF, `"\ud83d\ude00"`. YAML has one, `"\U0001f600"`, and
//! no halves. So each pair in a text that is JSON is written in YAML's way before it is parsed. That is
//! shorter, and what stands behind it in its line is told [where it was](Pairs::place).

use std::borrow::Cow;
use std::fmt::Write;

use super::finding::{Fault, Place};

/// Where pairs stood, in the text that has none.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<Place>);

/// How long a pair is, and how much longer than the escape in its place.
const PAIR: usize = r"\ud83d\ude00".len();
const LONGER: usize = PAIR - r"\U0001f600".len();

impl Pairs {
    /// Where something is in the text that had the pairs.
    pub(super) fn place(&self, place: Place) -> Place {
        let before = |place| self.0.partition_point(|pair| *pair < place);
        let pairs = before(place) - before(Place { column: 0, ..place });
        Place { column: place.column + LONGER * pairs, ..place }
    }
}

/// Writes each pair in YAML's way, if the text is JSON. The error is a half that stands alone.
pub(super) fn join(text: &str) -> Result<(Cow<'_, str>, Pairs), Fault> {
    let mut pairs = Pairs::default();
    let is_json = text.trim_start().starts_with('{');
    if !is_json || !(text.contains(r"\ud") || text.contains(r"\uD")) {
        return Ok((Cow::Borrowed(text), pairs));
    }
    let (mut joined, mut rest) = (String::with_capacity(text.len()), text);
    let (mut place, mut is_string) = (Place { line: 1, column: 1 }, false);
    while let Some(letter) = rest.chars().next() {
        if let Some(first @ 0xd800..=0xdfff) = unit(rest).filter(|_| is_string) {
            let second = rest.get(6..).and_then(unit);
            let Some(whole) = second.and_then(|second| character(first, second)) else {
                let what = format!("\"{}\" is half of a character", &rest[..6]);
                let right = r#"need both halves, such as "\ud83d\ude00""#.to_owned();
                return Err((Some(pairs.place(place)), what, right));
            };
            // Writing to a String does not fail.
            let _ = write!(joined, r"\U{:08x}", u32::from(whole));
            pairs.0.push(place);
            place.column += PAIR - LONGER;
            rest = &rest[PAIR..];
            continue;
        }
        // An escaped quote ends no string, and an escaped backslash escapes nothing.
        let is_escape = is_string && (rest.starts_with("\\\"") || rest.starts_with(r"\\"));
        let (token, after) = rest.split_at(if is_escape { 2 } else { letter.len_utf8() });
        match token {
            // Outside of its strings JSON has neither: it is YAML, and not all in quotes is escaped.
            "'" | "#" if !is_string => return Ok((Cow::Borrowed(text), Pairs::default())),
            "\"" => is_string = !is_string,
            "\n" => place = Place { line: place.line + 1, column: 0 },
            _ => {}
        }
        place.column += token.chars().count();
        joined.push_str(token);
        rest = after;
    }
    Ok((Cow::Owned(joined), pairs))
}

/// What the escape at the beginning of a text says.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)
}

/// The character of two halves.
fn character(first: u16, second: u16) -> Option<char> {
    char::decode_utf16([first, second]).next()?.ok()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_one_escape_and_what_is_behind_it_where_it_was() {
        let text = "\n{\"\\ud83d\\ude00\": \"a\\\"\\\\\\uD83D\\uDE00\\\\ud83d\", x: 1}\n";
        let (joined, pairs) = join(text).unwrap();
        assert_eq!(joined, "\n{\"\\U0001f600\": \"a\\\"\\\\\\U0001f600\\\\ud83d\", x: 1}\n");
        let column = |text: &str| text.lines().nth(1).unwrap().find('x').unwrap() + 1;
        let place = pairs.place(Place { line: 2, column: column(&joined) });
        assert_eq!(place, Place { line: 2, column: column(text) });
        let next = Place { line: 3, column: 1 };
        assert_eq!(pairs.place(next), next);
    }

    #[test]
    fn a_half_is_told_with_its_place() {
        for (text, column) in [
            (r#"{"a\ud83d": 1}"#, 4),
            (r#"{"\ud83d\ude00\ude00": 1}"#, 15),
            (r#"{"\ud83d\ud83d": 1}"#, 3),
            (r#"{"\ud83dx": 1}"#, 3),
            (r#"{"\ud83d"#, 3),
        ] {
            let (place, what, _) = join(text).unwrap_err();
            assert_eq!(place, Some(Place { line: 1, column }), "{text}");
            assert!(what.ends_with("is half of a character"), "{what}");
        }
    }

    #[test]
    fn what_is_no_pair_in_a_string_of_json_stays() {
        for text in [
            r"a: '\ud83d'",
            r"{a: '\ud83d'}",
            r#"{a: 'b"\ud83d\ude00'}"#,
            "{ # of 15\"\n a: '\\ud83d'}",
            r#"{"a": "\ud7ff\u00e9"}"#,
            r#"{"a": "\\ud83d"}"#,
            r#"{"\ud8"#,
        ] {
            assert_eq!(join(text).unwrap().0, text);
        }
    }
}
