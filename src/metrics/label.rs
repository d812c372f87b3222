//! Names as values of labels.

use std::collections::HashSet;
use std::fmt::Write;

use crate::line::Name;

/// Appends `key="value"`, so that no two names give one value.
///
/// What is not seen, ends a line or ends a C string is escaped as everywhere in the crate
/// ([`Name`](crate::line::Name)); the format then wants each backslash doubled, and one before a quote.
pub(super) fn push(labels: &mut String, key: &str, name: &str) {
    if !labels.is_empty() {
        labels.push(',');
    }
    labels.push_str(key);
    labels.push_str("=\"");
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'\\' && byte != b'"';
    if name.bytes().all(is_plain) {
        labels.push_str(name);
    } else {
        for letter in Name(name).to_string().chars() {
            if matches!(letter, '\\' | '"') {
                labels.push('\\');
            }
            labels.push(letter);
        }
    }
    labels.push('"');
}

/// Names that are given out once each.
#[derive(Default)]
pub(super) struct Unique(HashSet<String>);

impl Unique {
    /// The name, or the first of `name (2)`, `name (3)`.. that was not given out.
    pub(super) fn of(&mut self, name: &str) -> String {
        let mut given = name.to_owned();
        let mut count = 2_u64;
        while !self.0.insert(given.clone()) {
            given.truncate(name.len());
            // Writing to a String does not fail.
            let _ = write!(given, " ({count})");
            count += 1;
        }
        given
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped() {
        for (name, value) in [
            ("", r#"k="""#),
            ("users", r#"k="users""#),
            ("10.0.0.1:80", r#"k="10.0.0.1:80""#),
            (r#"it's "new""#, r#"k="it's \"new\"""#),
            (r"a\b", r#"k="a\\\\b""#),
            ("a\nb", r#"k="a\\nb""#),
            ("a\0\r", r#"k="a\\0\\r""#),
            ("caf\u{e9} \u{4e2d}\u{6587}", "k=\"caf\u{e9} \u{4e2d}\u{6587}\""),
            ("a,b=\"c\"}", r#"k="a,b=\"c\"}""#),
        ] {
            let mut labels = String::new();
            push(&mut labels, "k", name);
            assert_eq!(labels, value, "{name:?}");
        }
    }

    #[test]
    fn names_that_differ_have_values_that_differ() {
        let names = ["a\nb", r"a\nb", r"a\\nb", "a\\\nb", "a\0b", r"a\0b", r#"a"b"#, r#"a\"b"#];
        let values: HashSet<_> = names
            .into_iter()
            .map(|name| {
                let mut labels = String::new();
                push(&mut labels, "k", name);
                labels
            })
            .collect();
        assert_eq!(values.len(), names.len());
    }

    #[test]
    fn a_name_is_given_out_once() {
        let mut unique = Unique::default();
        let names = ["a", "a", "a (2)", "a", "b"];
        let given: Vec<_> = names.iter().map(|name| unique.of(name)).collect();
        assert_eq!(given, ["a", "a (2)", "a (2) (2)", "a (3)", "b"]);
    }
}
