//! Why no peer was chosen, and what the list looked like at that moment.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::nothing::Nothing;
use super::seen::Seen;
use crate::state::State;

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
    list: Arc<str>,
    kind: ChooseErrorKind,
    /// `None` for a chooser that is not a list of this crate: nothing is known of its peers.
    seen: Option<Seen>,
    /// What the policy said.
    nothing: Option<Nothing>,
    /// The wait was over before it began.
    early: bool,
    /// Too few peers were available: below so many percent the list fails. 0: not for that.
    below: u8,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// How long a wait took before it was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waited(pub Duration);

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = u64::try_from(self.0.as_micros()).unwrap_or(u64::MAX);
        write!(f, "waited {:?}", Duration::from_micros(micros))
    }
}

/// The case a [`ChooseError`] is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChooseErrorKind {
    /// Nothing can be chosen now, and the call was one that does not wait.
    NoPeer,
    /// Nothing can be chosen now, and the list is set to fail fast.
    FailFast,
    /// Nothing could be chosen before the deadline. If the deadline had passed before there was
    /// anything to wait for, nothing was waited: 0.
    TimedOut(Waited),
    /// Nothing can be chosen now, and so many callers wait already, which is as many as
    /// [may](crate::ListOptions::with_max_waiting).
    QueueFull(usize),
    /// The cancel token was triggered, before the wait or during it: the text says which.
    Cancelled,
    /// The list was stopped, before or during the wait.
    Stopped,
    /// The list was not running before the deadline; the state it was in.
    NotRunning(State),
    /// The transport did not give the chooser the peer that the request names; the error's source
    /// is the transport's.
    NotRetained,
    /// The list's policy, which is the user's own, panicked; the error's source has its message.
    PolicyPanicked,
    /// The request lacks what this chooser needs of it, or has it in a form that cannot be; then
    /// the error's source shows the value.
    InvalidRequest(&'static str),
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

    /// The same, because fewer than so many percent of the peers were available.
    pub(crate) fn below(mut self, percent: u8) -> Self {
        self.below = percent;
        self
    }

    pub(super) fn is_below(&self) -> bool {
        self.below > 0
    }

    pub(crate) fn because(mut self, cause: Arc<dyn Error + Send + Sync>) -> Self {
        self.cause = Some(cause);
        self
    }

    pub(crate) fn with_nothing(mut self, nothing: Nothing) -> Self {
        self.nothing = Some(nothing);
        self
    }

    /// What the policy said when it had no peer for the request; `None` if it was not asked.
    #[must_use]
    pub fn nothing(&self) -> Option<Nothing> {
        self.nothing
    }

    /// The same, of a wait that had begun.
    pub(crate) fn in_wait(mut self) -> Self {
        self.early = false;
        self
    }

    /// The case.
    #[must_use]
    pub fn kind(&self) -> ChooseErrorKind {
        self.kind
    }

    /// The name of the list.
    #[must_use]
    pub fn list(&self) -> &str {
        &self.list
    }

    pub(super) fn seen(&self) -> Option<Seen> {
        self.seen
    }

    pub(super) fn is_early(&self) -> bool {
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

    /// `"users" peer list has 3 peers but none are responsive`: what there was to choose from.
    fn fmt_seen(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = &self.list;
        match self.seen {
            // What was not waited for to the end may have come just now.
            Some(seen) if self.kind == ChooseErrorKind::Cancelled => {
                write!(f, "{list:?} peer list {}", seen.counted())
            }
            Some(seen) => {
                let why_not = seen.why_not(self.nothing);
                write!(f, "{list:?} peer list {}{why_not}", seen.counted())
            }
            None => write!(f, "{list:?} chooser has no peer for the request"),
        }
    }

    /// What a wait is for.
    fn awaited(&self) -> &'static str {
        self.seen.map_or("one", |seen| seen.awaited(self.nothing))
    }
}

impl fmt::Display for ChooseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (list, awaited) = (&self.list, self.awaited());
        match self.kind {
            ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast | ChooseErrorKind::TimedOut(_)
                if self.is_below() =>
            {
                let (counted, below) = (self.seen.map(Seen::counted), self.below);
                let counted = counted.unwrap_or_default();
                write!(f, "{list:?} peer list {counted}: below {below}% it fails (panic=fail)")
            }
            ChooseErrorKind::NoPeer => {
                self.fmt_seen(f)?;
                f.write_str(", did not wait (not asked to)")
            }
            ChooseErrorKind::FailFast => {
                self.fmt_seen(f)?;
                write!(f, ", did not wait for {awaited} (fail-fast is enabled)")
            }
            ChooseErrorKind::TimedOut(_) if self.early => {
                self.fmt_seen(f)?;
                write!(f, ", did not wait for {awaited}: the deadline had passed before")
            }
            ChooseErrorKind::TimedOut(waited) => {
                self.fmt_seen(f)?;
                match self.seen {
                    Some(Seen { peers: 0, .. }) => {
                        write!(f, ", waited for {awaited} but timed out")?;
                    }
                    _ => write!(f, ", timed out waiting for {awaited}")?,
                }
                write!(f, " (fail-fast is not enabled): {waited}")
            }
            ChooseErrorKind::QueueFull(most) => {
                self.fmt_seen(f)?;
                write!(f, ", did not wait for {awaited}: ")?;
                match most {
                    0 => f.write_str("no caller may wait")?,
                    1 => f.write_str("1 caller waits already")?,
                    _ => write!(f, "{most} callers wait already")?,
                }
                write!(f, " (max-waiting is {most})")
            }
            ChooseErrorKind::Cancelled if self.early => {
                write!(
                    f,
                    "{list:?} peer list did not choose: the wait was cancelled before it began"
                )
            }
            ChooseErrorKind::Cancelled => {
                self.fmt_seen(f)?;
                f.write_str(", the wait was cancelled")
            }
            ChooseErrorKind::Stopped => write!(
                f,
                "{list:?} peer list is not running: current state is \"{}\"",
                State::Stopped.lower()
            ),
            ChooseErrorKind::NotRunning(state) => write!(
                f,
                "{list:?} peer list is not running: gave up waiting for it to start, \
                 current state is \"{}\"",
                state.lower()
            ),
            ChooseErrorKind::NotRetained => {
                write!(f, "{list:?} chooser can't retain the peer")?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            ChooseErrorKind::PolicyPanicked => {
                write!(f, "{list:?} peer list can't choose")?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            ChooseErrorKind::InvalidRequest(why) => {
                write!(f, "{list:?} chooser requires {why}")?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
        }
    }
}

impl Error for ChooseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
