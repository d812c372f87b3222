//! How the list stands, and how each member of it does.

use std::sync::Arc;

use super::entry::Entry;
use crate::peer::Identifier;
use crate::slot::SlotRef;

/// Whether the list retains its members. The one truth about it: whether the roster is open and the
/// gate closed follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::list) enum Phase {
    /// Not started, or a start failed.
    Idle,
    /// Retaining, not handing out yet.
    Starting,
    /// Retaining and handing out.
    Running,
    /// Stopped, for good.
    Stopped,
}

impl Phase {
    pub(in crate::list) fn retains(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }
}

/// How a member stands.
#[derive(Debug)]
pub(super) enum Standing {
    /// The list does not retain. Members are retained in the order in which they were written down.
    Offline { identifier: Arc<dyn Identifier>, order: u64 },
    /// Its transport is being asked.
    Asking(Then),
    /// It has a slot.
    Seated(SlotRef),
}

/// What is to become of a peer when its transport has retained it.
#[derive(Debug)]
pub(super) enum Then {
    Seat,
    /// It was removed while the transport was asked.
    Forget,
    /// It was removed, and added again with another identifier: released, and retained anew.
    Again(Entry),
    /// The list was stopped, or its start failed, while the transport was asked.
    WriteDown,
}
