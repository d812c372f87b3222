//! A one-shot callback in place of a blocked thread.

/// Why a [notice](crate::Chooser::notify_ready) was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// Something changed: try again.
    TryAgain,
    /// The list has stopped; trying again will say so.
    Stopped,
}

/// A one-shot callback: see [`Chooser::notify_ready`](crate::Chooser::notify_ready).
pub type Notice = Box<dyn FnOnce(Ready) + Send>;

/// Names a notice that has not been given yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub(crate) u64);
