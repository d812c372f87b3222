//! Bytes that a caller gave, as people read them: text as text, and what is none as `\xff`.

use std::fmt::{self, Write};

/// Bytes between quotes, on one line: what is UTF-8 as Rust writes a string, other bytes in
/// hexadecimal.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            write!(f, "{}{}", chunk.valid().escape_debug(), chunk.invalid().escape_ascii())?;
        }
        f.write_char('"')
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Shown;

    #[test]
    fn text_is_readable_and_other_bytes_can_be_told() {
        let shown: [(&[u8], &str); 7] = [
            (b"", r#""""#),
            (b"user-42", r#""user-42""#),
            ("caf\u{e9}".as_bytes(), "\"caf\u{e9}\""),
            (b"\xff\0a", r#""\xff\0a""#),
            (b"a\xc3", r#""a\xc3""#),
            (b"two\nlines \"quoted\"", r#""two\nlines \"quoted\"""#),
            (b"\xed\xa0\x80 \x7f", r#""\xed\xa0\x80 \u{7f}""#),
        ];
        for (bytes, text) in shown {
            assert_eq!(format!("{:?}", Shown(bytes)), text);
        }
    }
}
