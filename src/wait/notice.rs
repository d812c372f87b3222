//! A one-shot callback in place of a blocked thread.

/// Why a [notice](crate::Chooser::notify_ready) was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// Something changed: try again.
    TryAgain,
    /// The list has stopped; trying again will say so.
    Stopped,
    /// As many wait as the list lets wait ([`with_max_waiting`](crate::ListOptions::with_max_waiting)), so
    /// this notice does not: give the request up. Trying again at once would be a wait that spins.
    QueueFull,
}

/// A one-shot callback: see [`Chooser::notify_ready`](crate::Chooser::notify_ready).
pub type Notice = Box<dyn FnOnce(Ready) + Send>;

/// Names a notice that has not been given yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub(crate) u64);
