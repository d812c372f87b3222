//! The cases of a choice that found no peer.

use std::fmt;
use std::time::Duration;

use crate::state::State;

/// How long a wait took before it was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waited(pub Duration);

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = u64::try_from(self.0.as_micros()).unwrap_or(u64::MAX);
        write!(f, "waited {:?}", Duration::from_micros(micros))
    }
}

/// The case a [`ChooseError`](crate::ChooseError) is of.
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
