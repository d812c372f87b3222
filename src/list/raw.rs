//! Doors of the C layer.

use super::peer_list::PeerList;
use crate::policy::{Policy, Seal};

impl<P: Policy> PeerList<P> {
    /// Whether a choice may run code of the user's.
    pub(crate) fn may_panic(&self) -> bool {
        self.core.policy.may_panic(Seal(()))
    }

    /// Where a binding finds whether the list is open.
    pub(crate) fn open_word(&self) -> *mut u32 {
        self.core.shared.roster.open_word()
    }
}
