//! What can go wrong when something is started or stopped.

use std::error::Error;
use std::sync::Arc;

use thiserror::Error as ThisError;

use super::update::UpdateError;
use crate::panics::Panicked;

/// Why a start or a stop failed. Cheap to clone: callers that arrive while another one starts or
/// stops the same thing get the same error.
///
/// ```
/// use peerage::{Lifecycle, LifecycleError, Single, identify, transports::Always};
///
/// let single = Single::new(identify("10.0.0.1:80"), Always::new());
/// single.stop()?;
/// assert!(matches!(single.start(), Err(LifecycleError::Stopped(name)) if &*name == "single"));
/// // An error of an updater's own:
/// let error = LifecycleError::other(std::io::Error::other("the file is gone"));
/// assert_eq!(error.to_string(), "the file is gone");
/// # Ok::<(), LifecycleError>(())
/// ```
#[derive(Debug, Clone, ThisError)]
#[non_exhaustive]
pub enum LifecycleError {
    /// It was stopped, and what was stopped does not start again. Make a new one.
    #[error("{0:?} can't be started: it was stopped, and does not start again")]
    Stopped(Arc<str>),
    /// Some peers could not be retained (start) or released (stop).
    #[error(transparent)]
    Peers(#[from] UpdateError),
    /// Two parts failed, as when undoing a failed start fails too.
    #[error("{0}; {1}")]
    Both(Box<LifecycleError>, Box<LifecycleError>),
    /// Anything else.
    #[error(transparent)]
    Other(Arc<dyn Error + Send + Sync>),
}

impl From<Panicked> for LifecycleError {
    fn from(panicked: Panicked) -> Self {
        Self::other(panicked)
    }
}

impl LifecycleError {
    /// Wraps an error of one's own.
    pub fn other(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(Arc::from(error.into()))
    }

    /// Both results at once: the one error there is, or both together.
    pub(crate) fn join(first: Result<(), Self>, second: Result<(), Self>) -> Result<(), Self> {
        match (first, second) {
            (Ok(()), rest) | (rest, Ok(())) => rest,
            (Err(first), Err(second)) => Err(Self::Both(Box::new(first), Box::new(second))),
        }
    }
}
