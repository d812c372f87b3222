//! What a list asks of its peers: status pages, explanations, and who holds them.

use std::sync::Arc;
use std::time::Duration;

use super::front::Roster;
use crate::attributes::Attributes;
use crate::peer::{Peer, Status};
use crate::reasons::{Reason, Reasons};
use crate::slot::{Counted, Retained, SlotRef};

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
    pub(crate) since: Duration,
    pub(crate) status_changes: u64,
    pub(crate) counted: Counted,
    pub(crate) reasons: Reasons,
    pub(crate) attributes: Arc<Attributes>,
}

impl Roster {
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
        let counted = slot.counted(peer.key.generation)?;
        let record = books.record(peer.key.index);
        let status =
            Status { pending_request_count: counted.pending, connection_status: record.status };
        let attributes = record.attributes.clone().unwrap_or_default();
        let (since, status_changes) = (record.changed.elapsed(), record.changes.into());
        Some(Seen { status, since, status_changes, counted, reasons: record.reasons, attributes })
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

    /// The peer as its transport made it. `None`: it has left.
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

    /// Whether it is available and has as many requests as it may.
    pub(crate) fn is_full(&self, peer: SlotRef) -> bool {
        let word = self.slot(peer).word();
        word.is_full() && word.generation() == peer.key.generation
    }

    /// Whether there is no reason why it cannot be chosen. It may have no place for another request just
    /// now, as for everything that counts peers.
    pub(crate) fn is_available(&self, peer: SlotRef) -> bool {
        let word = self.slot(peer).word();
        word.is_up() && word.generation() == peer.key.generation
    }
}
