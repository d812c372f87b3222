//! What is wrong with the text of a policy.

use thiserror::Error;

/// Why a text is no [`PolicySpec`](crate::policy::PolicySpec). Each names the key or the value at
/// fault and says what would be right.
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
    /// The policy has no such key.
    #[error("policy {policy:?} has no key {key:?}; {known}")]
    UnknownKey {
        /// The policy.
        policy: String,
        /// The key given.
        key: String,
        /// What there is instead.
        known: String,
    },
    /// The key appears twice.
    #[error("policy {policy:?}: key {key:?} is given twice")]
    DuplicateKey {
        /// The policy.
        policy: String,
        /// The key.
        key: String,
    },
    /// Not of the form `key=value`.
    #[error("policy {policy:?}: {part:?} is not of the form key=value")]
    Malformed {
        /// The policy.
        policy: String,
        /// The part that is not.
        part: String,
    },
    /// The value is not one that the key takes.
    #[error("policy {policy:?}: {key}={value:?} must be {expected}")]
    InvalidValue {
        /// The policy.
        policy: String,
        /// The key.
        key: &'static str,
        /// The value given.
        value: String,
        /// What would be right.
        expected: String,
    },
}
