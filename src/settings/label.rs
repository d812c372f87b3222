//! Texts of the library's own that C can read where they are.

use std::ffi::CStr;

/// A text that is followed by a NUL in memory, so that C gets it without a copy that has to be
/// freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label(&'static CStr);

impl Label {
    /// In a constant, a text that is not UTF-8 does not compile.
    pub(crate) const fn new(text: &'static CStr) -> Self {
        assert!(text.to_str().is_ok(), "a label is UTF-8");
        Self(text)
    }

    /// The same of a text whose last byte is its NUL.
    pub(crate) const fn with_nul(text: &'static str) -> Self {
        match CStr::from_bytes_with_nul(text.as_bytes()) {
            Ok(text) => Self(text),
            Err(_) => panic!("one NUL, at the end"),
        }
    }

    /// The text, without its NUL.
    pub(crate) const fn as_str(self) -> &'static str {
        match self.0.to_str() {
            Ok(text) => text,
            Err(_) => panic!("a label is UTF-8"),
        }
    }

    /// The text with its NUL.
    #[cfg(feature = "capi")]
    pub(crate) const fn as_c_str(self) -> &'static CStr {
        self.0
    }
}
