//! What is wrong with the text of a policy, of a list's options or of a source.

use std::fmt;

use thiserror::Error;

/// Why a text is no [`PolicySpec`](crate::policy::PolicySpec), or no
/// [`ListOptions`](crate::ListOptions) or [`SourceUri`](crate::sources::SourceUri). Each says where, what
/// was found there and what would be right.
///
/// ```
/// use peerage::policy::PolicySpec;
///
/// let wrong = "hashring32:replicas=0".parse::<PolicySpec>().unwrap_err();
/// let text = "policy \"hashring32\" at byte 11: replicas=\"0\" must be a whole number from 1 to 65536";
/// assert_eq!(wrong.to_string(), text);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpecError {
    /// No policy has this name.
    #[error("no policy is called {name:?}; need one of {known}")]
    UnknownPolicy {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No source has this scheme.
    #[error("no source is called {scheme:?}; need one of {known}")]
    UnknownSource {
        /// What stands before the first colon.
        scheme: String,
        /// The schemes there are.
        known: String,
    },
    /// This build of the library has no such source.
    #[error("source {scheme:?} is not in this build of the library: it has no feature {feature:?}")]
    SourceNotInBuild {
        /// The scheme.
        scheme: &'static str,
        /// The feature that the library must be built with.
        feature: &'static str,
    },
    /// The rest of a source's URI is wrong.
    #[error("{place}: {fault}")]
    Source {
        /// Where.
        place: SpecPlace,
        /// What is there and what would be right.
        fault: String,
    },
    /// There is no such key.
    #[error("{place}: there is no key {key:?}; {known}")]
    UnknownKey {
        /// Where it stands.
        place: SpecPlace,
        /// The key given.
        key: String,
        /// What there is instead.
        known: String,
    },
    /// The key appears twice.
    #[error("{place}: key {key:?} is given twice")]
    DuplicateKey {
        /// Where it stands for the second time.
        place: SpecPlace,
        /// The key.
        key: String,
    },
    /// Not of the form that a part of a text has.
    #[error("{place}: {part:?} is not of the form {form}")]
    Malformed {
        /// Where it stands.
        place: SpecPlace,
        /// The part that is not.
        part: String,
        /// The form it must have.
        form: &'static str,
    },
    /// The value is not one that the key takes.
    #[error("{place}: {key}={value:?} must be {expected}")]
    InvalidValue {
        /// Where it stands.
        place: SpecPlace,
        /// The key.
        key: &'static str,
        /// The value given.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
}

/// Where something is wrong: whose text it is, and at which byte of the text the part begins.
///
/// Prints as `policy "hashring32" at byte 11`, or `options at byte 0`; without the byte if the key
/// was not part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecPlace {
    policy: Option<&'static str>,
    source: Option<&'static str>,
    byte: Option<usize>,
}

impl SpecPlace {
    pub(crate) const OPTIONS: Self = Self { policy: None, source: None, byte: None };

    pub(crate) const fn policy_called(name: &'static str) -> Self {
        Self { policy: Some(name), ..Self::OPTIONS }
    }

    pub(crate) const fn source_called(name: &'static str) -> Self {
        Self { source: Some(name), ..Self::OPTIONS }
    }

    pub(crate) fn at(&self, byte: usize) -> Self {
        Self { byte: Some(byte), ..self.clone() }
    }

    /// The policy whose key or value it is; `None` if it is one of a list's options, or of a source.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.policy
    }

    /// The scheme of the source whose URI it is; `None` if it is none of a source.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source
    }

    /// The byte of the whole text at which the part with the key begins, counted from 0; `None` if
    /// the key was not part of a text.
    #[must_use]
    pub fn byte(&self) -> Option<usize> {
        self.byte
    }
}

impl fmt::Display for SpecPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.policy, self.source) {
            (Some(policy), _) => write!(f, "policy {policy:?}")?,
            (None, Some(source)) => write!(f, "source {source:?}")?,
            (None, None) => f.write_str("options")?,
        }
        self.byte.map_or(Ok(()), |byte| write!(f, " at byte {byte}"))
    }
}
