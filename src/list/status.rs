//! What a list looks like, for status pages, metrics and tests.

use std::sync::Arc;
use std::time::Duration;

use super::peer_list::PeerList;
use crate::cost::{CostWord, PeerCost};
use crate::panics;
use crate::policy::{Policy, Seal};
use crate::slot::SlotRef;
use crate::stats::{Check, ChooserStatus, PeerStatus, Stats};

impl<P: Policy> PeerList<P> {
    /// How many peers can be chosen.
    #[must_use]
    pub fn available(&self) -> usize {
        self.core.shared.roster.counts().1
    }

    /// How many peers are retained and cannot be chosen.
    #[must_use]
    pub fn unavailable(&self) -> usize {
        let (peers, available) = self.core.shared.roster.counts();
        peers - available
    }

    /// How many peers are known and not retained, because the list does not run or uses a
    /// [subset](crate::ListOptions::with_subset).
    #[must_use]
    pub fn uninitialized(&self) -> usize {
        self.core.shared.membership.lock().uninitialized()
    }

    /// How many callers wait for a peer now, notices that have not been given included.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.core.shared.gate.waiting()
    }

    /// Whether the peer called `id` can be chosen.
    #[must_use]
    pub fn is_available(&self, id: &str) -> bool {
        let slot = self.core.shared.membership.lock().slot(id);
        slot.is_some_and(|slot| self.core.shared.roster.is_available(slot))
    }

    /// Whether the peer called `id` is known and not retained.
    #[must_use]
    pub fn is_uninitialized(&self, id: &str) -> bool {
        self.core.shared.membership.lock().is_uninitialized(id)
    }

    /// Lets peers be tried that were [ejected](crate::ListOptions::with_eject) and whose time is over.
    /// Returns how long until the next one may be; `None` if none is out.
    ///
    /// No program needs to call it whose requests end now and then, or whose callers wait: each of them
    /// does the same, and so do pushes of a status, updates, and choices that find no peer. It is for
    /// event loops that wait for a [notice](crate::Chooser::notify_ready) alone.
    pub fn tick(&self) -> Option<Duration> {
        self.core.shared.pass_time();
        self.core.shared.next_return()
    }

    pub(super) fn status_now(&self) -> ChooserStatus {
        let peers = self.in_order().into_iter();
        let peers = peers.filter_map(|(id, slot)| self.peer_status(&id, slot)).collect();
        ChooserStatus {
            name: self.name().to_owned(),
            policy: panics::catch("a policy's name", || self.core.policy.name().to_owned())
                .unwrap_or_default(),
            state: self.state(),
            stats: self.stats_now(),
            peers,
            source: None,
        }
    }

    /// The peers that have a slot, by their names.
    pub(super) fn in_order(&self) -> Vec<(Arc<str>, SlotRef)> {
        let mut seated: Vec<_> = {
            let membership = self.core.shared.membership.lock();
            membership.seated().map(|(id, slot)| (Arc::clone(id), slot)).collect()
        };
        seated.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        seated
    }

    /// What a peer looks like; `None` if it has left by now.
    pub(super) fn peer_status(&self, id: &str, slot: SlotRef) -> Option<PeerStatus> {
        let seen = self.core.shared.roster.see(slot)?;
        Some(PeerStatus {
            identifier: id.to_owned(),
            status: seen.status,
            reasons: seen.reasons,
            attributes: (*seen.attributes).clone(),
            ejected_for: self.core.shared.ejected_for(slot),
            cost: self.cost_of(slot),
            since: seen.since,
            status_changes: seen.status_changes,
            requests: seen.counted.requests,
            outcomes: seen.counted.outcomes,
            ejections: seen.counted.ejections,
            check: self.check_of(slot),
        })
    }

    /// What the peer's transport says of it, asked with no lock held.
    fn check_of(&self, slot: SlotRef) -> Option<Check> {
        let peer = self.core.shared.roster.tenant(slot)?;
        let check = panics::catch("a peer's check", || peer.check());
        self.core.shared.drop_guarded("a peer's drop", peer);
        check.unwrap_or_else(|panicked| {
            self.core.shared.panicked(&panicked);
            None
        })
    }

    fn cost_of(&self, slot: SlotRef) -> Option<PeerCost> {
        let learner = self.core.policy.learner(Seal(())).0?;
        let entry = self.core.shared.roster.entry(slot);
        let (word, factors) = (CostWord(entry.cost()), entry.slot().factors());
        Some(learner.known(word, factors, entry.pending()))
    }

    /// Counts the peers: two lines of memory each, and no text.
    pub(super) fn stats_now(&self) -> Stats {
        let shared = &self.core.shared;
        let totals = shared.roster.totals();
        let departing = shared.departing();
        // After the peers: see there.
        let stats = shared.numbers.read(totals.chosen, totals.ended);
        Stats {
            state: self.state(),
            peers: totals.peers,
            available: totals.available,
            connecting: totals.connecting,
            unavailable: totals.unavailable,
            set_aside: totals.set_aside,
            uninitialized: self.uninitialized(),
            pending: totals.pending,
            waiting: shared.gate.waiting(),
            departing: departing.peers,
            departing_pending: departing.pending,
            ..stats
        }
    }
}
