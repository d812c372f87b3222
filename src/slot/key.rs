//! Which peer: a slot and its tenant.

use std::ptr::NonNull;

/// A slot and its tenant: valid until the slot is freed, and told apart from later tenants.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

impl Key {
    /// A key that no peer ever has.
    pub(crate) const NONE: Self = Self { index: u32::MAX, generation: u32::MAX };

    /// A small number that no other peer of the list has at the same time: for tables of one's own.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }
}

/// A slot and the tenant it had when it was looked up: what a list, an index or a policy remembers
/// a peer by. It is followed only through the roster that owns the slot (`Roster::entry`). `S` is
/// [`Slot`](super::Slot), which is not named here because it builds on this.
#[derive(Debug)]
pub(crate) struct RefTo<S> {
    pub(crate) slot: NonNull<S>,
    pub(crate) key: Key,
}

impl<S> Clone for RefTo<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for RefTo<S> {}

// SAFETY: it is only followed through the roster that made it, where slots live and are `Sync`.
unsafe impl<S: Sync> Send for RefTo<S> {}
// SAFETY: as above.
unsafe impl<S: Sync> Sync for RefTo<S> {}
