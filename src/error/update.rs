//! What went wrong in an update, peer by peer.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::api::{PeerAddAlreadyInList, PeerRemoveNotInList};

/// One peer of an update, a start or a stop that failed.
#[derive(Debug, Clone)]
pub struct PeerFailure {
    pub(crate) peer: Arc<str>,
    pub(crate) kind: PeerFailureKind,
}

/// Why it failed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PeerFailureKind {
    /// It was to be added and is in the list already.
    AlreadyInList,
    /// It was to be removed and is not in the list.
    NotInList,
    /// The transport refused to retain it. It is not in the list.
    Retain(Arc<dyn Error + Send + Sync>),
    /// The transport failed to release it. It is gone from the list all the same.
    Release(Arc<dyn Error + Send + Sync>),
    /// Its identifier panicked when it was asked for its name, and then the peer has none here, or
    /// for its attributes. Nothing was changed for it.
    Unreadable(Arc<dyn Error + Send + Sync>),
    /// The list is at its limit of peers.
    ListFull,
    /// The chooser is `direct`: its peers come from its requests.
    TakesNoUpdates,
}

impl PeerFailure {
    /// The peer's identifier.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// Why it failed.
    #[must_use]
    pub fn kind(&self) -> &PeerFailureKind {
        &self.kind
    }
}

impl fmt::Display for PeerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PeerFailureKind::AlreadyInList => PeerAddAlreadyInList(self.peer.to_string()).fmt(f),
            PeerFailureKind::NotInList => PeerRemoveNotInList(self.peer.to_string()).fmt(f),
            PeerFailureKind::Retain(error) => {
                write!(f, "can't retain peer {:?}: {error}", &*self.peer)
            }
            PeerFailureKind::Release(error) => {
                write!(f, "can't release peer {:?}: {error}", &*self.peer)
            }
            PeerFailureKind::Unreadable(error) if self.peer.is_empty() => {
                write!(f, "can't read the name of a peer: {error}")
            }
            PeerFailureKind::Unreadable(error) => {
                write!(f, "can't read the attributes of peer {:?}: {error}", &*self.peer)
            }
            PeerFailureKind::ListFull => {
                write!(f, "can't add peer {:?}: the list holds as many as it can", &*self.peer)
            }
            PeerFailureKind::TakesNoUpdates => {
                let name = &*self.peer;
                write!(
                    f,
                    "can't add or remove peer {name:?}: direct takes its peers from shard keys"
                )
            }
        }
    }
}

impl Error for PeerFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            PeerFailureKind::Retain(error)
            | PeerFailureKind::Release(error)
            | PeerFailureKind::Unreadable(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Every failure of one update, start or stop, in the order in which they happened. Everything
/// else of it was applied.
///
/// Prints as the failures' texts joined with `; `.
///
/// ```
/// use peerage::error::PeerFailureKind;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::Always;
/// use peerage::{List, ListOptions, ListUpdates, PeerList};
///
/// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
/// let error = list.update(ListUpdates::adding(["a", "b", "a"])).unwrap_err();
/// let failure = &error.failures()[0];
/// assert_eq!(failure.peer(), "a");
/// assert!(matches!(failure.kind(), PeerFailureKind::AlreadyInList));
/// assert_eq!(list.uninitialized(), 2); // "b" was added all the same
/// ```
#[derive(Debug, Clone)]
pub struct UpdateError {
    failures: Arc<[PeerFailure]>,
}

impl UpdateError {
    /// `Ok` when nothing failed.
    pub(crate) fn check(failures: Vec<PeerFailure>) -> Result<(), Self> {
        if failures.is_empty() { Ok(()) } else { Err(Self { failures: failures.into() }) }
    }

    /// The same without removals of peers that had gone: they are as they should be. `Ok` if nothing is left.
    pub(crate) fn but_for_the_gone(self) -> Result<(), Self> {
        let is_gone = |failure: &&PeerFailure| matches!(failure.kind, PeerFailureKind::NotInList);
        Self::check(self.failures.iter().filter(|failure| !is_gone(failure)).cloned().collect())
    }

    /// The failures; at least one.
    #[must_use]
    pub fn failures(&self) -> &[PeerFailure] {
        &self.failures
    }
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, failure) in self.failures.iter().enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            fmt::Display::fmt(failure, f)?;
        }
        Ok(())
    }
}

impl Error for UpdateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.failures.first().map(|failure| failure as &(dyn Error + 'static))
    }
}
