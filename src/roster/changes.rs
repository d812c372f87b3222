//! How a peer takes a slot, becomes available and unavailable, and leaves.
//!
//! ```text
//!  occupy ─▶ seat ─▶ set / apply … ─▶ remove ─▶ vacate
//!     └── the transport refused: vacate ──────────▲
//! ```
//!
//! Every method takes the mutex once. What it tells the index, it tells under the mutex; what it
//! takes out of the books it returns, so that objects of the user's are dropped outside.

use std::sync::Arc;

use super::books::{Books, Record};
use super::entry::Entry;
use super::front::Roster;
use super::index::{About, Index, Locked};
use super::reasons::{Reason, Reasons};
use crate::attributes::Attributes;
use crate::eject::Streak;
use crate::peer::{ConnectionStatus, Peer, Status};
use crate::slot::{Contents, Retained, Retiring, Slot, SlotRef};
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

/// A peer and where it stands among the tiers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranked {
    pub(crate) slot: SlotRef,
    pub(crate) rank: u16,
    /// It has the reason `LaterTier`.
    pub(crate) is_later: bool,
    /// It has no other.
    pub(crate) is_healthy: bool,
}

/// A peer at one moment, for status pages.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) status: Status,
    pub(crate) reasons: Reasons,
    pub(crate) attributes: Arc<Attributes>,
}

impl Roster {
    /// Makes room for `more` peers at once.
    pub(crate) fn reserve(&self, more: usize) {
        self.lock().reserve(more);
    }

    /// Takes a free slot, still without a peer. `None`: there are 2³² − 1 already.
    pub(crate) fn occupy(&self) -> Option<SlotRef> {
        let mut books = self.lock();
        let slot = books.vacant()?;
        // SAFETY: slots live as long as the roster.
        let slot = unsafe { slot.as_ref() };
        slot.occupy();
        self.counts.seated.fetch_add(1, Ordering::Relaxed);
        Some(SlotRef::new(slot))
    }

    /// Gives the slot its peer, which is not connected yet as far as the list knows.
    pub(crate) fn seat(
        &self,
        peer: SlotRef,
        contents: Contents,
        about: &About<'_>,
        index: Option<&dyn Index>,
    ) {
        let mut books = self.lock();
        let slot = self.slot(peer);
        slot.seat(contents);
        books.record(peer.key.index).attributes = Some(Arc::clone(about.attributes));
        if let Some(index) = index {
            index.joined(&mut Locked { roster: self }, Entry::of(slot), about);
        }
    }

    /// Changes the attributes of a peer that is seated. Returns whether it still is.
    pub(crate) fn reattribute(
        &self,
        peer: SlotRef,
        about: &About<'_>,
        index: Option<&dyn Index>,
    ) -> bool {
        let mut books = self.lock();
        let slot = self.slot(peer);
        if !slot.is_tenanted(peer.key.generation) {
            return false;
        }
        slot.set_attributes(about.attributes);
        books.record(peer.key.index).attributes = Some(Arc::clone(about.attributes));
        if let Some(index) = index {
            index.reattributed(&mut Locked { roster: self }, Entry::of(slot), about);
        }
        true
    }

    /// Begins a status push: the peer to ask, and the push's number.
    ///
    /// The peer is asked with no lock held; [`apply`](Roster::apply) then ignores the answer if a
    /// push that began later was applied already. Pushes converge on the latest status all the
    /// same: a transport makes a status visible before it pushes, so the push that began last reads
    /// the last one.
    #[inline]
    pub(crate) fn begin_push(&self, peer: SlotRef) -> Option<(Arc<dyn Peer>, u32)> {
        let mut books = self.lock();
        let tenant = self.slot(peer).tenant(peer.key.generation)?;
        let record = books.record(peer.key.index);
        record.begun = record.begun.wrapping_add(1);
        Some((tenant, record.begun))
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
    fn count_set_aside(&self, before: Reasons, after: Reasons) {
        match (before.is_set_aside(), after.is_set_aside()) {
            (false, true) => self.counts.set_aside.fetch_add(1, Ordering::Relaxed),
            (true, false) => self.counts.set_aside.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
    }

    /// The index before the slot, for the same reason.
    fn take_down(&self, peer: SlotRef, index: Option<&dyn Index>) {
        if let Some(index) = index {
            index.down(&mut Locked { roster: self }, self.entry(peer));
        }
        self.counts.available.fetch_sub(1, Ordering::Relaxed);
    }

    /// Takes the peer out of the choice for good. If no request is in flight the caller retires the
    /// slot, else the last request's finish does.
    pub(crate) fn remove(
        &self,
        peer: SlotRef,
        index: Option<&dyn Index>,
    ) -> Option<Retiring<Slot>> {
        let mut books = self.lock();
        let slot = self.slot(peer);
        let reasons = books.record(peer.key.index).reasons;
        if reasons.is_none() {
            self.take_down(peer, index);
        }
        if reasons.has_another() {
            self.count_set_aside(reasons, Reasons::NONE);
        }
        if let Some(index) = index {
            index.left(&mut Locked { roster: self }, Entry::of(slot));
        }
        self.counts.seated.fetch_sub(1, Ordering::Relaxed);
        slot.remove()
    }

    /// Frees a slot whose cells are empty: one that was removed and is retired.
    pub(crate) fn vacate(&self, peer: SlotRef) {
        self.free(&mut self.lock(), peer);
    }

    /// Frees a slot that never got a peer.
    pub(crate) fn unoccupy(&self, peer: SlotRef) {
        self.counts.seated.fetch_sub(1, Ordering::Relaxed);
        self.free(&mut self.lock(), peer);
    }

    fn free(&self, books: &mut Books, peer: SlotRef) {
        self.slot(peer).free();
        books.give_back(peer.key.index);
    }

    /// What owns a slot in use.
    pub(crate) fn retained(&self, peer: SlotRef) -> Option<Arc<Retained>> {
        let _books = self.lock();
        self.slot(peer).tenant_retained(peer.key.generation)
    }

    /// The peer at this moment. `None`: it has left.
    pub(crate) fn see(&self, peer: SlotRef) -> Option<Seen> {
        let mut books = self.lock();
        let slot = self.slot(peer);
        if !slot.is_tenanted(peer.key.generation) {
            return None;
        }
        let record = books.record(peer.key.index);
        let status =
            Status { pending_request_count: slot.pending(), connection_status: record.status };
        let attributes = record.attributes.clone().unwrap_or_default();
        Some(Seen { status, reasons: record.reasons, attributes })
    }

    /// Every peer with its rank.
    pub(crate) fn ranked(&self, rank: impl Fn(&Attributes) -> u16) -> Vec<Ranked> {
        let books = self.lock();
        let peers = books.known().filter_map(|(slot, record)| {
            // SAFETY: slots live as long as the roster.
            let slot = SlotRef::new(unsafe { slot.as_ref() });
            let attributes = record.attributes.as_ref()?;
            let (reasons, later) = (record.reasons, Reason::LaterTier);
            let is_here = self.slot(slot).is_tenanted(slot.key.generation);
            let (is_later, is_healthy) = (reasons.has(later), reasons.without(later).is_none());
            is_here.then(|| Ranked { slot, rank: rank(attributes), is_later, is_healthy })
        });
        peers.collect()
    }

    /// Whether the peer is still in the list.
    pub(crate) fn is_seated(&self, peer: SlotRef) -> bool {
        let _books = self.lock();
        self.slot(peer).is_tenanted(peer.key.generation)
    }

    /// Changes the streak of a peer. `None`: it has left.
    pub(crate) fn set_streak(
        &self,
        peer: SlotRef,
        change: impl FnOnce(Streak) -> Streak,
    ) -> Option<()> {
        let _books = self.lock();
        let slot = self.slot(peer);
        let is_seated = slot.is_tenanted(peer.key.generation);
        is_seated.then(|| slot.set_streak(change(slot.streak())))
    }

    /// The peer as its transport made it. `None`: it has left.
    #[cfg(feature = "capi")]
    pub(crate) fn tenant(&self, peer: SlotRef) -> Option<Arc<dyn Peer>> {
        let _books = self.lock();
        self.slot(peer).tenant(peer.key.generation)
    }

    /// Requests in flight of a peer. `None`: it has left.
    pub(crate) fn pending(&self, peer: SlotRef) -> Option<u32> {
        let slot = self.slot(peer);
        let word = slot.word();
        (word.generation() == peer.key.generation).then(|| slot.pending_of(word))
    }

    /// Sets the data of a peer, and whether picks are recorded, if it is still seated or on its way
    /// out.
    #[cfg(feature = "capi")]
    pub(crate) fn set_data(&self, peer: SlotRef, data: usize, watched: bool) {
        let _books = self.lock();
        self.slot(peer).set_data(peer.key, data, watched);
    }

    /// Requests in flight of a peer, 0 if it has left, and an end to what its former ones did.
    #[cfg(feature = "capi")]
    pub(crate) fn in_flight(&self, peer: SlotRef) -> u32 {
        self.slot(peer).in_flight(peer.key)
    }

    /// Whether an available peer has as many requests as it may.
    pub(crate) fn has_full_peers(&self) -> bool {
        let books = self.lock();
        // SAFETY: slots live as long as the roster.
        let mut slots = books.slots().map(|slot| unsafe { slot.as_ref() });
        slots.any(|slot| slot.word().is_full())
    }

    /// Whether it is available, as [`counts`](Self::counts) counts it: with a place for another request
    /// or without.
    pub(crate) fn is_available(&self, peer: SlotRef) -> bool {
        let seen = self.entry(peer).word();
        seen.is_up() && seen.generation() == peer.key.generation
    }
}
