//! The parts of a URI, as a source reads them.

use std::fmt;

use super::options::SourceOptions;

/// A URI whose scheme is known, and what is set behind its `#`.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) text: Box<str>,
    pub(super) scheme: &'static str,
    pub(super) form: &'static str,
    pub(super) rest: (usize, usize),
    pub(super) options: SourceOptions,
}

impl Parts {
    /// What stands before the first colon.
    #[cfg_attr(
        not(any(feature = "file", feature = "dns", feature = "etcd", feature = "http")),
        expect(dead_code, reason = "static: has one name")
    )]
    pub(super) fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The form of such URIs.
    #[cfg_attr(not(feature = "etcd"), expect(dead_code, reason = "for an error"))]
    pub(super) fn form(&self) -> &'static str {
        self.form
    }

    /// What stands between the scheme and the `#`.
    pub(super) fn rest(&self) -> &str {
        &self.text[self.rest.0..self.rest.1]
    }

    /// At which byte of the text [`rest`](Self::rest) begins.
    pub(super) fn rest_at(&self) -> usize {
        self.rest.0
    }

    /// What is set behind the `#`.
    pub(super) fn options(&self) -> &SourceOptions {
        &self.options
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
