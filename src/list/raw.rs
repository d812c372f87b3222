//! Doors of the C layer.

use super::peer_list::PeerList;
use crate::policy::{Policy, Seal};
use crate::request::Request;
use crate::slot::Pinned;

impl<P: Policy> PeerList<P> {
    /// What `try_choose` gives, without a reason when it is nothing: small enough for a register.
    /// For a policy of this crate, which does not panic.
    #[inline(always)]
    pub(crate) fn pin_plain(&self, request: &Request<'_>) -> Option<Pinned<'_>> {
        let core = &*self.core;
        if !core.shared.roster.is_open() || !request.avoided().is_empty() {
            return None;
        }
        core.policy.choose(&core.shared.roster, request).ok()
    }

    /// Whether a choice may run code of the user's.
    pub(crate) fn may_panic(&self) -> bool {
        self.core.policy.may_panic(Seal(()))
    }

    /// Where a binding finds whether the list is open.
    pub(crate) fn open_word(&self) -> *mut u32 {
        self.core.shared.roster.open_word()
    }
}
