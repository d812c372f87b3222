//! All members at once: a start retains them, and a subset settles which of them are retained.

use std::sync::Arc;

use super::membership::{Asked, Membership, Phase, Resliced};
use super::shared::ListShared;
use crate::error::{PeerFailure, UpdateError};
use crate::events::Event;
use crate::slot::{Owner, Slot};
use crate::wait::News;

impl ListShared {
    /// Settles who is in the subset, and writes down those who leave among the departures.
    pub(super) fn reslice(&self, membership: &mut Membership) -> Resliced {
        let resliced = membership.reslice();
        for slot in &resliced.leaving {
            self.departures.begin(*slot);
        }
        resliced
    }

    /// Tells the observer of it. Called with no lock held.
    pub(super) fn tell_resliced(&self, resliced: &Resliced) {
        let &Resliced { ref joining, ref leaving, used, members } = resliced;
        let (joined, left) = (joining.len(), leaving.len());
        if joined + left > 0 {
            self.observe(|| Event::SubsetChanged { joined, left, used, members });
        }
    }

    /// The same at the end of an update: members that got inside are retained, those that got outside
    /// released. One that its transport refuses is asked for again at the next update.
    pub(super) fn settle_subset(&self, owner: &Arc<dyn Owner<Slot>>) -> Vec<PeerFailure> {
        let resliced = {
            let mut membership = self.membership.lock();
            self.reslice(&mut membership)
        };
        self.tell_resliced(&resliced);
        let Resliced { joining, leaving, .. } = resliced;
        let joined = joining.into_iter().filter_map(|asked| self.retain(owner, asked, true).err());
        // The new ones first: so many are available all the time.
        let mut failures: Vec<_> = joined.collect();
        failures.extend(leaving.into_iter().filter_map(|slot| self.take_out(slot).err()));
        failures
    }

    /// Retains every member, or none: what could be retained is released again if anything fails,
    /// and all stay members for the next try. Returns whether the list has started: `Ok(false)` if
    /// it was stopped while it did.
    pub(super) fn go_online(
        &self,
        owner: &Arc<dyn Owner<Slot>>,
        members: Vec<Asked>,
    ) -> Result<bool, UpdateError> {
        self.roster.reserve(members.len(), self.index());
        let retained =
            members.into_iter().filter_map(|asked| self.retain(owner, asked, true).err());
        let mut failures: Vec<PeerFailure> = retained.collect();
        self.after_batch();
        if failures.is_empty() {
            let mut membership = self.membership.lock();
            let starting = membership.phase() == Phase::Starting;
            if starting {
                self.enter_phase(&mut membership, Phase::Running);
            }
            drop(membership);
            self.gate.wake(News::Everything);
            self.show_readiness();
            return Ok(starting);
        }
        failures.extend(self.go_offline(Phase::Idle));
        UpdateError::check(failures).map(|()| false)
    }
}
