//! How the list stands, and how each member of it does.

use std::sync::Arc;

use super::entry::Entry;
use crate::attributes::Attributes;
use crate::peer::Identifier;
use crate::slot::Retained;

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

/// A member. Nearly all have a slot, and then what is known of them is there: of a hundred thousand
/// members the table has two words each.
#[derive(Debug)]
pub(super) enum Member {
    /// It has a slot.
    Seated { retained: Arc<Retained>, attributes: Arc<Attributes> },
    /// It has none. `None`: the number is not in use.
    Other(Option<Box<Outside>>),
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Member>() == 16);

/// A member without a slot.
#[derive(Debug)]
pub(super) struct Outside {
    pub(super) id: Arc<str>,
    pub(super) attributes: Arc<Attributes>,
    pub(super) standing: Standing,
}

/// How a member without a slot stands.
#[derive(Debug)]
pub(super) enum Standing {
    /// The list does not retain. Members are retained in the order in which they were written down.
    Offline { identifier: Arc<dyn Identifier>, order: u64 },
    /// Its transport is being asked.
    Asking(Then),
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

impl Member {
    pub(super) fn id(&self) -> Option<&Arc<str>> {
        match self {
            Self::Seated { retained, .. } => Some(&retained.id),
            Self::Other(outside) => outside.as_ref().map(|outside| &outside.id),
        }
    }

    /// How it stands, if it has no slot.
    pub(super) fn standing(&self) -> Option<&Standing> {
        match self {
            Self::Other(Some(outside)) => Some(&outside.standing),
            _ => None,
        }
    }
}
