//! Priority tiers: peers that serve while those before them are not enough.
//!
//! Peers have a rank: their tier, or, if the list has a zone, first the zone and then the tier. The
//! lowest rank serves, and each one after it while of every rank before so few percent are available
//! that it spills over. The others have the reason `LaterTier`, so policies see peers that can be
//! chosen and know nothing of tiers.
//!
//! ```text
//!  spill=70       tier 0        tier 1        tier 2
//!  9 of 10 up     serves        waits         waits
//!  6 of 10 up     serves        serves        waits       60 % of tier 0, all of tier 1
//!  none up        –             serves        waits
//! ```
//!
//! Who serves is settled where a peer's availability or a rank may have changed: by a look at every
//! peer, under a mutex, so that the last to look decides by what all have done. A peer begins as one
//! of a later tier, so none is chosen between its joining and that.

use super::aside::{Served, Tiers, is_elsewhere, tier_of};
use super::shared::ListShared;
use crate::events::Event;
use crate::reasons::Reason;
use crate::roster::{Availability, Ranked};
use crate::slot::SlotRef;

impl ListShared {
    /// A peer that is about to get its seat waits for `settle_tiers`.
    pub(super) fn begin_in_later_tier(&self, slot: SlotRef) {
        if self.tiers.is_some() {
            self.roster.set_reason(slot, Reason::LaterTier, true, self.index());
        }
    }

    /// Settles which tiers serve. Called with no lock held.
    #[inline]
    pub(super) fn settle_tiers(&self) {
        if let Some(tiers) = &self.tiers {
            self.settle(tiers);
        }
    }

    #[cold]
    fn settle(&self, tiers: &Tiers) {
        let mut changed = vec![];
        let news = {
            // It is also whose turn it is.
            let mut told = tiers.told.lock();
            let peers = self.roster.ranked(|attributes| tiers.rank(attributes));
            let ranks = Tiers::ranks(&peers);
            let last = tiers.last(&ranks);
            // Those that come before those that go: there is a peer to choose all the time.
            for later in [false, true] {
                let is_later = |peer: &&Ranked| (peer.rank > last) == later;
                for peer in peers.iter().filter(is_later).filter(|peer| peer.is_later != later) {
                    let index = self.index();
                    let availability =
                        self.roster.set_reason(peer.slot, Reason::LaterTier, later, index);
                    if availability.is_some_and(|it| it != Availability::Unchanged) {
                        changed.extend(self.roster.retained(peer.slot).zip(availability));
                    }
                }
            }
            Tiers::news(&ranks, last, &mut told)
        };
        // Before the list has news of what comes of it.
        if let Some(served) = news {
            self.tell_served(served);
        }
        for (retained, availability) in changed {
            self.after_status(&retained.id, availability);
        }
    }

    fn tell_served(&self, served: Served) {
        let Served { spills, last, available, peers } = served;
        let (tier, elsewhere) = (tier_of(last), is_elsewhere(last));
        self.observe(|| {
            if spills {
                Event::SpilledOver { tier, elsewhere, available, peers }
            } else {
                Event::SpilledBack { tier, elsewhere, available, peers }
            }
        });
    }

    /// How many members there are, and how many of them could be chosen if all tiers served.
    pub(super) fn healthy(&self) -> (usize, usize) {
        if self.tiers.is_none() {
            return self.roster.counts();
        }
        let peers = self.roster.ranked(|_| 0);
        (peers.len(), peers.iter().filter(|peer| peer.is_healthy).count())
    }
}
