//! The slots by index, and the weight of each peer that is available: what the leaves of trees stand
//! for that are drawn from by weight.
//!
//! Choosers read the table of slots without a lock; the rest is beside it, for the one thread that
//! changes it.

use std::ptr::{self, NonNull};

use crate::prefetch;
use crate::roster::{About, Entry, Table, TableStore};

/// What is beside a table of slots.
#[derive(Default)]
pub(super) struct Leaves {
    store: TableStore,
    /// By slot index: the weight of a peer that is available, or 0.
    weights: Vec<u16>,
}

/// A leaf that has another weight now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reweighed {
    pub(super) leaf: usize,
    pub(super) before: u16,
    pub(super) after: u16,
}

impl Leaves {
    /// Gives a peer the weight that `weight` makes of the one it has; 0 while it is not available. `None`:
    /// nothing has changed.
    pub(super) fn weigh(
        &mut self,
        peer: Entry<'_>,
        weight: impl FnOnce(u16) -> u16,
    ) -> Option<Reweighed> {
        let leaf = peer.slot().index() as usize;
        if self.weights.len() <= leaf {
            self.weights.resize(leaf + 1, 0);
        }
        let before = self.weights[leaf];
        let after = weight(before);
        if before == after {
            return None;
        }
        self.weights[leaf] = after;
        Some(Reweighed { leaf, before, after })
    }

    /// Has the slot of a peer in the table.
    pub(super) fn show(&mut self, table: &Table, peer: Entry<'_>) {
        let leaf = peer.slot().index() as usize;
        while table.len() <= leaf {
            let position = table.append(&mut self.store, ptr::null_mut());
            table.publish(position + 1);
        }
        table.set(&mut self.store, leaf, NonNull::from(peer.slot()).as_ptr());
    }

    /// Asks for the weight of the peer that has this slot.
    pub(super) fn expect(&self, leaf: usize) {
        if let Some(weight) = self.weights.get(leaf) {
            prefetch::fetch(weight);
        }
    }

    pub(super) fn weights(&self) -> &[u16] {
        &self.weights
    }
}

/// For [`Leaves::weigh`], where a peer has other attributes: one that is not available weighs nothing.
pub(super) fn reattributed(about: &About<'_>) -> impl FnOnce(u16) -> u16 {
    let weight = about.attributes.weight.max(1);
    move |before| if before == 0 { 0 } else { weight }
}
