//! Doors of the C layer.

use std::sync::Arc;
use std::time::Duration;

use super::explain::Ended;
use super::peer_list::PeerList;
use crate::chooser::Chooser;
use crate::cost::Kind;
use crate::peer::Peer;
use crate::policy::{Policy, Seal};
use crate::stats::PeerStatus;

impl<P: Policy> PeerList<P> {
    /// Whether a choice may run code of the user's.
    pub(crate) fn may_panic(&self) -> bool {
        self.core.policy.may_panic(Seal(()))
    }

    /// Whether the policy learns, and of a success no more than that the peer has answered: it goes by no
    /// latency and no report.
    pub(crate) fn learns_of_failures(&self) -> bool {
        let learner = self.core.policy.learner(Seal(())).0;
        learner.is_some_and(|learner| learner.settings().kind == Kind::Pending)
    }

    /// Counts a wait of the caller's own. `ended` is `None` if it got a peer, `waited` if it was not to
    /// wait.
    pub(crate) fn count_own_wait(&self, ended: Option<Ended>, waited: Option<Duration>) {
        let ended = ended.map(|ended| self.kind_of(ended, waited));
        self.waited(ended, waited.unwrap_or_default());
    }

    /// Where a binding finds whether the list is open.
    #[cfg(not(loom))]
    pub(crate) fn open_word(&self) -> *mut u32 {
        self.core.shared.roster.open_word()
    }

    /// The peer called `id`, as its transport made it, if it is retained.
    pub(crate) fn peer(&self, id: &str) -> Option<Arc<dyn Peer>> {
        let shared = &self.core.shared;
        let slot = shared.membership.lock().slot(id)?;
        shared.roster.tenant(slot)
    }

    /// The retained peers with what they look like, in the order of their names.
    pub(crate) fn peers_now(&self) -> Vec<(PeerStatus, Arc<dyn Peer>)> {
        let seen = self.in_order().into_iter().filter_map(|(id, slot)| {
            let peer = self.core.shared.roster.tenant(slot)?;
            Some((self.peer_status(&id, slot)?, peer))
        });
        seen.collect()
    }
}
