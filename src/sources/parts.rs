//! The parts of a URI, as a source reads them.

use std::fmt;

use super::options::SourceOptions;
use crate::error::{SpecError, SpecPlace};

/// A URI whose scheme is known, and what is set behind its `#`.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) text: Box<str>,
    /// What stands before the first colon.
    pub(super) scheme: &'static str,
    /// The form of such URIs.
    #[cfg_attr(not(feature = "etcd"), expect(dead_code, reason = "for an error"))]
    pub(super) form: &'static str,
    /// From and to which byte of the text [`rest`](Self::rest) is.
    pub(super) rest: (usize, usize),
    /// What is set behind the `#`.
    pub(super) options: SourceOptions,
}

impl Parts {
    /// What stands between the scheme and the `#`.
    pub(super) fn rest(&self) -> &str {
        &self.text[self.rest.0..self.rest.1]
    }

    /// The error of a URI of which this is wrong.
    #[cfg(any(feature = "file", feature = "dns", feature = "etcd", feature = "http"))]
    pub(super) fn wrong(&self, fault: impl Into<String>) -> SpecError {
        SpecError::Source { place: SpecPlace::source_called(self.scheme), fault: fault.into() }
    }

    /// The error of a URI that is wrong at this byte of its [`rest`](Self::rest).
    pub(super) fn wrong_at(&self, at: usize, fault: impl Into<String>) -> SpecError {
        let place = SpecPlace::source_called(self.scheme).at(self.rest.0 + at);
        SpecError::Source { place, fault: fault.into() }
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
