//! What is found in a configuration: where, what, and what would be right.

use std::fmt;
use std::sync::Arc;

use crate::line::Line;

/// A line and a column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// What is wrong with a text, where, and what would be right.
#[cfg(feature = "yaml")]
pub(super) type Fault = (Option<Place>, String, String);

/// One thing that is wrong with a configuration, or that is taken in another way than it was meant.
///
/// Prints on one line, and what is not known is left out:
///
/// ```text
///  FILE:LINE:COLUMN: KEY: what is there; what would be right
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub(super) file: Option<Arc<str>>,
    pub(super) place: Option<Place>,
    pub(super) key: String,
    pub(super) what: String,
    pub(super) right: String,
}

impl Finding {
    /// The file, as it was named to the reader.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The line, from 1; `None` where a format has told of none.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.place.map(|place| place.line)
    }

    /// The column, in characters and from 1; `None` where a format has told of none.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.place.map(|place| place.column)
    }

    /// The key, with those that it stands below: `choosers.users.options.timeout`, `choosers.users.peers[1]`.
    /// Empty if it is about the text as a whole.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is there.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What would be right; empty if that is clear.
    #[must_use]
    pub fn right(&self) -> &str {
        &self.right
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // YARPC has keys and values in its texts as they are.
        let (what, right) = (Line(&self.what), Line(&self.right));
        match (self.file.as_deref().map(Line), self.place) {
            (Some(file), Some(Place { line, column })) => write!(f, "{file}:{line}:{column}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, Some(Place { line, column })) => write!(f, "{line}:{column}: ")?,
            (None, None) => {}
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{what}")?;
        if self.right.is_empty() { Ok(()) } else { write!(f, "; {right}") }
    }
}

/// All that is wrong with a configuration, at least one finding, in the order of the file.
///
/// Prints one line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors {
    findings: Vec<Finding>,
}

impl ConfigErrors {
    /// By place; what has none stays where it was.
    pub(super) fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.place);
        Self { findings }
    }

    /// Each of them.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in self.findings.iter().enumerate() {
            write!(f, "{}{finding}", if number == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
