//! What there is to tell.

use peerage::Attributes;

/// What a source, a probe or the user says.
#[derive(Debug)]
pub(crate) enum News {
    /// A peer of the source.
    Peer { change: Change, id: String, attributes: Attributes },
    /// What the probes say may be something else: [`Following::statuses`](super::Following::statuses).
    Probed,
    /// The source has answered, and the peers of its answer have been told.
    Answered,
    /// The source has not answered, or with no peers at all: why, and in `line` also what is done about it,
    /// which does not matter where it is asked but once.
    Unanswered { line: String, why: String },
    /// Something else is wrong.
    Fault(String),
    /// The user has seen enough.
    Interrupted,
}

/// What became of a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Removed,
    /// Other attributes.
    Changed,
}
