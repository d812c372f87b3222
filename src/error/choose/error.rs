//! The error: its case, and what was seen of the list.

use std::error::Error;
use std::sync::Arc;

use super::kind::ChooseErrorKind;
use crate::error::nothing::Nothing;
use crate::error::seen::Seen;

/// Why no peer was chosen.
///
/// Opaque so that it can learn to say more: [`kind`](ChooseError::kind) is what programs branch
/// on, the text is for people and follows YARPC's.
///
/// ```text
/// "round-robin" peer list has 3 peers but none are responsive, timed out waiting for a
/// connection to open (fail-fast is not enabled): waited 500ms
/// ```
///
/// ```
/// use peerage::{ChooseError, ChooseErrorKind};
///
/// /// The HTTP status for a request that could not be sent on.
/// fn status(error: &ChooseError) -> u16 {
///     match error.kind() {
///         ChooseErrorKind::TimedOut(_) => 504,
///         ChooseErrorKind::Cancelled => 499,
///         ChooseErrorKind::InvalidRequest(_) => 400,
///         _ => 503,
///     }
/// }
/// # assert_eq!(status(&ChooseError::of("own", ChooseErrorKind::Cancelled)), 499);
/// ```
#[derive(Debug, Clone)]
pub struct ChooseError {
    pub(super) list: Arc<str>,
    pub(super) kind: ChooseErrorKind,
    /// `None` for a chooser that is not a list of this crate: nothing is known of its peers.
    pub(super) seen: Option<Seen>,
    /// What the policy said.
    pub(super) nothing: Option<Nothing>,
    /// The wait was over before it began.
    pub(super) early: bool,
    /// Too few peers were available: below so many percent the list fails. 0: not for that.
    pub(super) below: u8,
    pub(super) cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl ChooseError {
    pub(crate) fn new(list: &Arc<str>, kind: ChooseErrorKind, seen: Seen) -> Self {
        let (list, seen) = (Arc::clone(list), Some(seen));
        Self { list, kind, seen, nothing: None, early: false, below: 0, cause: None }
    }

    /// An error for a chooser of one's own, one that is not a list of this crate. Its text says
    /// nothing of peers, and [`peers`](Self::peers) and [`available`](Self::available) are 0.
    ///
    /// ```
    /// use peerage::{ChooseError, ChooseErrorKind};
    ///
    /// let error = ChooseError::of("cells", ChooseErrorKind::NoPeer);
    /// let text = "\"cells\" chooser has no peer for the request, did not wait (not asked to)";
    /// assert_eq!(error.to_string(), text);
    /// ```
    #[must_use]
    pub fn of(chooser: impl Into<Arc<str>>, kind: ChooseErrorKind) -> Self {
        let list = chooser.into();
        Self { list, kind, seen: None, nothing: None, early: false, below: 0, cause: None }
    }

    /// The same, of a wait that was over before it began.
    pub(crate) fn early(mut self) -> Self {
        self.early = true;
        self
    }

    /// The same, of a wait that had begun.
    pub(crate) fn in_wait(mut self) -> Self {
        self.early = false;
        self
    }

    /// The same, because fewer than so many percent of the peers were available.
    pub(crate) fn below(mut self, percent: u8) -> Self {
        self.below = percent;
        self
    }

    pub(crate) fn because(mut self, cause: Arc<dyn Error + Send + Sync>) -> Self {
        self.cause = Some(cause);
        self
    }

    pub(crate) fn with_nothing(mut self, nothing: Nothing) -> Self {
        self.nothing = Some(nothing);
        self
    }

    /// The case.
    #[must_use]
    pub fn kind(&self) -> ChooseErrorKind {
        self.kind
    }

    /// What the policy said when it had no peer for the request; `None` if it was not asked.
    #[must_use]
    pub fn nothing(&self) -> Option<Nothing> {
        self.nothing
    }

    /// The name of the list.
    #[must_use]
    pub fn list(&self) -> &str {
        &self.list
    }

    pub(in crate::error) fn is_below(&self) -> bool {
        self.below > 0
    }

    pub(in crate::error) fn seen(&self) -> Option<Seen> {
        self.seen
    }

    pub(in crate::error) fn is_early(&self) -> bool {
        self.early
    }

    /// How many peers the list had.
    #[must_use]
    pub fn peers(&self) -> usize {
        self.seen.map_or(0, |seen| seen.peers)
    }

    /// How many of them were available. More than none when the policy has no peer *for this
    /// request*, such as a hash ring asked for an offset beyond its members, and when one became
    /// available too late.
    #[must_use]
    pub fn available(&self) -> usize {
        self.seen.map_or(0, |seen| seen.available)
    }
}

impl Error for ChooseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
