//! Text for C that is kept in place if it is short, as the names of peers are.

use super::types::{Text, peerage_str};

/// How many bytes are kept in place, the terminator among them: an IPv4 address with its port fits.
const PLACE: usize = 22;

/// Text for C, with a terminator that is not counted. It is lent from where it is: what it is part of
/// does not move while it is lent.
pub(super) enum InlineText {
    Short { len: u8, bytes: [u8; PLACE] },
    Long(Text),
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<InlineText>() == 24);

impl InlineText {
    pub(super) fn new(text: &str) -> Self {
        if text.len() >= PLACE {
            return Self::Long(Text::new(text));
        }
        let mut bytes = [0; PLACE];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self::Short { len: text.len() as u8, bytes }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            // SAFETY: `new` copied the first `len` bytes from a `&str` of this length.
            Self::Short { len, bytes } => unsafe {
                std::str::from_utf8_unchecked(&bytes[..usize::from(*len)])
            },
            Self::Long(text) => text.as_str(),
        }
    }

    pub(super) fn lend(&self) -> peerage_str {
        match self {
            Self::Short { len, bytes } => {
                peerage_str::lend_before_terminator(&bytes[..=usize::from(*len)])
            }
            Self::Long(text) => text.lend(),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn a_text_of_any_length_is_lent_with_its_terminator() {
        for len in 1..60 {
            let text = "é".repeat(len / 2) + if len % 2 == 1 { "x" } else { "" };
            let kept = InlineText::new(&text);
            assert_eq!(matches!(kept, InlineText::Short { .. }), len < PLACE);
            assert_eq!((kept.as_str(), kept.lend().len), (&*text, len));
            // SAFETY: the text has its terminator.
            let lent = unsafe { CStr::from_ptr(kept.lend().ptr) };
            assert_eq!(lent.to_bytes(), text.as_bytes());
        }
        let empty = InlineText::new("");
        assert_eq!((empty.as_str(), empty.lend().len), ("", 0));
    }
}
