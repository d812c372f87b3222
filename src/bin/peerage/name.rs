//! Names as part of a line.

/// A name as it stands in a line: as it is, if it is one word of characters that are seen, else between
/// quotes and escaped.
pub(crate) fn word(name: &str) -> String {
    let quoted = format!("{name:?}");
    let is_plain = quoted.len() == name.len() + 2 && !name.contains(char::is_whitespace);
    if is_plain && !name.is_empty() { name.to_owned() } else { quoted }
}

/// A text that may have names in it, on one line.
pub(crate) fn line(text: &str) -> String {
    text.trim_end().replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_name_is_one_word() {
        for (name, shown) in [
            ("10.0.0.1:80", "10.0.0.1:80"),
            ("[::1]:80", "[::1]:80"),
            ("b\u{fc}cher:80", "b\u{fc}cher:80"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("a\nb", "\"a\\nb\""),
            ("\u{1b}[2J", "\"\\u{1b}[2J\""),
            ("a\"b", "\"a\\\"b\""),
        ] {
            assert_eq!(word(name), shown);
        }
    }
}
