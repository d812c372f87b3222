//! How a peer becomes available and unavailable: a status push, or another reason.
//!
//! Every method takes the mutex once, and tells the index under it.

use std::sync::Arc;

use super::books::Record;
use super::entry::Entry;
use super::front::Roster;
use super::index::{Index, Locked};
use crate::peer::{ConnectionStatus, Peer};
use crate::reasons::{Reason, Reasons};
use crate::slot::SlotRef;
use crate::sync::Ordering;

/// What a status push or a reason has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    /// The status as it was before.
    pub(crate) from: ConnectionStatus,
    pub(crate) availability: Availability,
}

/// What became of a peer's availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    /// It can be chosen now, and could not before.
    Gained,
    /// It can not be chosen any more.
    Lost,
    Unchanged,
}

impl Roster {
    /// Begins a status push: the peer to ask, and the push's number.
    ///
    /// The peer is asked with no lock held; [`apply`](Roster::apply) then ignores the answer if a
    /// push that began later was applied already. Pushes converge on the latest status all the
    /// same: a transport makes a status visible before it pushes, so the push that began last reads
    /// the last one.
    #[inline]
    pub(crate) fn begin_push(
        &self,
        peer: SlotRef,
        index: Option<&dyn Index>,
    ) -> Option<(Arc<dyn Peer>, u32)> {
        let mut books = self.lock();
        if let Some(index) = index {
            index.expect(&mut Locked { roster: self }, peer);
        }
        let slot = self.slot(peer);
        if !slot.is_tenanted(peer.key.generation) {
            return None;
        }
        // Before the count of the peer's references: loads that come after that would wait for those
        // that come before it.
        let record = books.record(peer.key.index);
        record.begun = record.begun.wrapping_add(1);
        let push = record.begun;
        Some((slot.tenant(peer.key.generation)?, push))
    }

    /// Ends a status push. Returns what it changed, if it changed anything.
    #[inline]
    pub(crate) fn apply(
        &self,
        peer: SlotRef,
        push: u32,
        status: ConnectionStatus,
        index: Option<&dyn Index>,
    ) -> Option<Change> {
        let mut books = self.lock();
        if !self.slot(peer).is_tenanted(peer.key.generation) {
            return None;
        }
        let record = books.record(peer.key.index);
        // Signed distance: the counter may wrap.
        if (push.wrapping_sub(record.applied) as i32) <= 0 {
            return None;
        }
        record.applied = push;
        let from = std::mem::replace(&mut record.status, status);
        if from != status {
            record.note_change();
        }
        let connected = status == ConnectionStatus::Available;
        let availability = self.set(record, peer, Reason::NotConnected, !connected, index);
        (from != status).then_some(Change { from, availability })
    }

    /// Adds or takes away a reason why the peer cannot be chosen. `None`: it has left.
    pub(crate) fn set_reason(
        &self,
        peer: SlotRef,
        reason: Reason,
        holds: bool,
        index: Option<&dyn Index>,
    ) -> Option<Availability> {
        let mut books = self.lock();
        if !self.slot(peer).is_tenanted(peer.key.generation) {
            return None;
        }
        Some(self.set(books.record(peer.key.index), peer, reason, holds, index))
    }

    /// The one place where a peer becomes available and unavailable.
    #[inline]
    fn set(
        &self,
        record: &mut Record,
        peer: SlotRef,
        reason: Reason,
        holds: bool,
        index: Option<&dyn Index>,
    ) -> Availability {
        let before = record.reasons;
        record.reasons = if holds { before.with(reason) } else { before.without(reason) };
        if before.has_another() || record.reasons.has_another() {
            self.count_set_aside(before, record.reasons);
        }
        match (before.is_none(), record.reasons.is_none()) {
            (false, true) => {
                let slot = self.slot(peer);
                // The slot before the index: what an index offers can be pinned.
                slot.publish();
                if let Some(index) = index {
                    index.up(&mut Locked { roster: self }, Entry::of(slot));
                }
                self.counts.available.fetch_add(1, Ordering::Relaxed);
                Availability::Gained
            }
            (true, false) => {
                self.take_down(peer, index);
                self.slot(peer).withdraw();
                Availability::Lost
            }
            _ => Availability::Unchanged,
        }
    }

    /// Apart, because most peers only ever connect and disconnect.
    #[cold]
    #[inline(never)]
    pub(super) fn count_set_aside(&self, before: Reasons, after: Reasons) {
        match (before.is_set_aside(), after.is_set_aside()) {
            (false, true) => self.counts.set_aside.fetch_add(1, Ordering::Relaxed),
            (true, false) => self.counts.set_aside.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
    }

    /// The index before the slot, for the same reason.
    pub(super) fn take_down(&self, peer: SlotRef, index: Option<&dyn Index>) {
        if let Some(index) = index {
            index.down(&mut Locked { roster: self }, self.entry(peer));
        }
        self.counts.available.fetch_sub(1, Ordering::Relaxed);
    }
}
