//! Why no peer was chosen, and what the list looked like at that moment.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::nothing::Nothing;
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
#[derive(Debug, Clone)]
pub struct ChooseError {
    list: Arc<str>,
    kind: ChooseErrorKind,
    seen: Seen,
    nothing: Option<Nothing>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// The counts of the list at the moment the choice was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    pub(crate) peers: usize,
    pub(crate) available: usize,
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
    /// Nothing could be chosen before the deadline.
    TimedOut(Waited),
    /// The cancel token was triggered.
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
        Self { list: Arc::clone(list), kind, seen, nothing: None, cause: None }
    }

    /// An error for a chooser that is not a list of this crate.
    #[must_use]
    pub fn of(chooser: impl Into<Arc<str>>, kind: ChooseErrorKind) -> Self {
        Self { list: chooser.into(), kind, seen: Seen::default(), nothing: None, cause: None }
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

    /// How many peers the list had.
    #[must_use]
    pub fn peers(&self) -> usize {
        self.seen.peers
    }

    /// How many of them were available. More than none when the policy has no peer *for this
    /// request*, such as a hash ring asked for an offset beyond its members.
    #[must_use]
    pub fn available(&self) -> usize {
        self.seen.available
    }
}

impl fmt::Display for ChooseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = &self.list;
        match self.kind {
            ChooseErrorKind::NoPeer => {
                write!(f, "{list:?} peer list {}, did not wait (not asked to)", self.seen)
            }
            ChooseErrorKind::FailFast => {
                let wait = self.seen.awaited("did not wait for");
                write!(f, "{list:?} peer list {}, {wait} (fail-fast is enabled)", self.seen)
            }
            ChooseErrorKind::TimedOut(waited) => {
                let verb =
                    if self.seen.peers == 0 { "waited for" } else { "timed out waiting for" };
                let wait = self.seen.awaited(verb);
                let but = if self.seen.peers == 0 { " but timed out" } else { "" };
                write!(
                    f,
                    "{list:?} peer list {}, {wait}{but} (fail-fast is not enabled): {waited}",
                    self.seen
                )
            }
            ChooseErrorKind::Cancelled => {
                write!(f, "{list:?} peer list {}, the wait was cancelled", self.seen)
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

impl Seen {
    fn awaited(self, verb: &str) -> String {
        let what = match self {
            Self { peers: 0, .. } => "peers to be added",
            Self { available: 0, .. } => "a connection to open",
            Self { .. } => "another one",
        };
        format!("{verb} {what}")
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self { peers: 0, .. } => f.write_str("has no peers"),
            Self { peers: 1, available: 0 } => f.write_str("has 1 peer but it is not responsive"),
            Self { peers, available: 0 } => {
                write!(f, "has {peers} peers but none are responsive")
            }
            Self { peers, available } => write!(
                f,
                "has {peers} peers, {available} of them available, but none for this request"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ChooseErrorKind, peers: usize, available: usize) -> String {
        ChooseError::new(&"rr".into(), kind, Seen { peers, available }).to_string()
    }

    #[test]
    fn texts_follow_yarpc() {
        let timed_out = ChooseErrorKind::TimedOut(Waited(Duration::from_millis(20)));
        assert_eq!(
            error(timed_out, 0, 0),
            "\"rr\" peer list has no peers, waited for peers to be added but timed out \
             (fail-fast is not enabled): waited 20ms"
        );
        assert_eq!(
            error(ChooseErrorKind::FailFast, 0, 0),
            "\"rr\" peer list has no peers, did not wait for peers to be added \
             (fail-fast is enabled)"
        );
        assert_eq!(
            error(timed_out, 1, 0),
            "\"rr\" peer list has 1 peer but it is not responsive, timed out waiting for a \
             connection to open (fail-fast is not enabled): waited 20ms"
        );
        assert_eq!(
            error(ChooseErrorKind::FailFast, 3, 0),
            "\"rr\" peer list has 3 peers but none are responsive, did not wait for a \
             connection to open (fail-fast is enabled)"
        );
    }

    #[test]
    fn an_offset_beyond_the_ring_is_not_blamed_on_the_peers() {
        let text = error(ChooseErrorKind::NoPeer, 3, 2);
        assert!(text.contains("3 peers, 2 of them available, but none for this request"), "{text}");
    }
}
