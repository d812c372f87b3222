//! What is wrong with the text of a policy or of a list's options.

use std::fmt;

use thiserror::Error;

/// Why a text is no [`PolicySpec`](crate::policy::PolicySpec), or no
/// [`ListOptions`](crate::ListOptions). Each says where, what was found there and what would be
/// right.
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
    byte: Option<usize>,
}

impl SpecPlace {
    pub(crate) const OPTIONS: Self = Self { policy: None, byte: None };

    pub(crate) const fn policy_called(name: &'static str) -> Self {
        Self { policy: Some(name), byte: None }
    }

    pub(crate) fn at(&self, byte: usize) -> Self {
        Self { byte: Some(byte), ..self.clone() }
    }

    /// The policy whose key or value it is; `None` if it is one of a list's options.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.policy
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
        match self.policy {
            Some(policy) => write!(f, "policy {policy:?}")?,
            None => f.write_str("options")?,
        }
        self.byte.map_or(Ok(()), |byte| write!(f, " at byte {byte}"))
    }
}
