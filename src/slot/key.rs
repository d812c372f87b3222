//! Which peer: a slot and its tenant.

use std::ptr::NonNull;

use super::Slot;

/// A slot and its tenant: valid until the slot is freed, and told apart from later tenants.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    pub(crate) index: u32,
    pub(crate) generation: u32,
}

impl Key {
    /// That of no peer.
    pub(crate) const NONE: Self = Self { index: u32::MAX, generation: u32::MAX };

    /// A small number that no other peer of the list has at the same time: for tables of one's own.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// The key as a number, for languages without it.
    #[cfg(feature = "capi")]
    pub(crate) fn to_bits(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.index)
    }

    /// The key that a number stands for; one that was made up belongs to no peer, which a list
    /// notices when it looks the key up.
    #[cfg(feature = "capi")]
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self { index: bits as u32, generation: (bits >> 32) as u32 }
    }
}

/// A slot and the tenant it had when it was looked up: what a list, an index or a policy remembers
/// a peer by. Following it needs the roster that owns the slot ([`Roster::entry`]).
///
/// [`Roster::entry`]: crate::roster::Roster::entry
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotRef {
    pub(crate) slot: NonNull<Slot>,
    pub(crate) key: Key,
}

impl SlotRef {
    #[cfg(all(test, not(loom)))]
    pub(crate) fn dangling() -> Self {
        Self { slot: NonNull::dangling(), key: Key::NONE }
    }

    pub(crate) fn new(slot: &Slot) -> Self {
        Self { slot: NonNull::from(slot), key: slot.key() }
    }
}

// SAFETY: it is only followed through the roster that made it, where slots live and are `Sync`.
unsafe impl Send for SlotRef {}
// SAFETY: as above.
unsafe impl Sync for SlotRef {}
