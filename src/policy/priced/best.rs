//! The cheapest of a few peers, found without a branch that depends on the prices: which of two is
//! cheaper is a coin toss to a processor.

use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::cost::{GROUP, Group, NOTED};
use crate::policy::engine::Draw;
use crate::roster::Entry;
use crate::slot::{MOST, Pricing, Slot};

/// The cheapest of the peers that one choice has looked at. Scalars, so that each is one conditional
/// move.
pub(super) struct Best<'r, P> {
    pricing: PhantomData<P>,
    peer: Option<Entry<'r>>,
    price: u64,
    /// Where the counts of the list begin.
    base: u32,
}

impl<'r, P: Pricing> Best<'r, P> {
    /// Begins with the first peer.
    #[inline(always)]
    pub(super) fn new(first: Option<Entry<'r>>, base: u32) -> Self {
        let mut best = Self { pricing: PhantomData, peer: None, price: MOST, base };
        best.look(first);
        best
    }

    /// The price of the cheapest.
    #[inline(always)]
    pub(super) fn price(&self) -> u64 {
        self.price
    }

    /// Looks at a peer, and returns its price. Whether it can be chosen is asked when it is chosen:
    /// random peers can, but for one in a million, and remembered ones nearly always.
    #[inline(always)]
    pub(super) fn look(&mut self, peer: Option<Entry<'r>>) -> u64 {
        let Some(peer) = peer else { return MOST };
        let price = P::price(peer.slot(), peer.word(), self.base);
        let cheaper = price < self.price;
        self.peer = if cheaper { Some(peer) } else { self.peer };
        self.price = if cheaper { price } else { self.price };
        price
    }

    /// Looks at those that a group remembers, and at those that are noted there, which take the place
    /// of dearer ones.
    #[inline(always)]
    pub(super) fn look_at_group(&mut self, group: &'r Group<Slot>) {
        let mut dearest = (0, 0);
        for place in 0..GROUP {
            let price = self.look(group.remembered(place).map(entry));
            dearest = if price > dearest.0 { (price, place) } else { dearest };
        }
        for n in 0..NOTED {
            if let Some(slot) = group.noted(n) {
                group.unnote(n);
                // Not twice, if another thread has been here.
                if self.look(Some(entry(slot))) < dearest.0 && !group.remembers(slot) {
                    group.remember(dearest.1, slot);
                    // The others are not compared again, so what else is noted is for the next choice.
                    break;
                }
            }
        }
    }

    /// Pins the cheapest.
    #[inline(always)]
    pub(super) fn pin(self) -> Draw<'r> {
        Draw::of(self.peer)
    }
}

/// Forgets those of a group that cannot be chosen.
#[cold]
#[inline(never)]
pub(super) fn forget_the_gone(group: &Group<Slot>) {
    for place in 0..GROUP {
        let gone = |slot| !entry(slot).word().is_available();
        if group.remembered(place).is_some_and(gone) {
            group.forget(place);
        }
    }
}

/// Chooses the cheapest of a group, or none, for a model.
#[cfg(all(test, loom))]
pub(crate) fn choose_remembered<'r>(
    _: &'r crate::roster::Roster,
    group: &'r Group<Slot>,
) -> Option<crate::slot::Pinned<'r>> {
    let mut best = Best::<crate::slot::ByCount>::new(None, 0);
    best.look_at_group(group);
    match best.pin() {
        Draw::Pinned(pinned) => Some(pinned),
        Draw::Lost(peer) => peer.pin(),
        Draw::Gone => {
            forget_the_gone(group);
            None
        }
    }
}

/// The slot of an entry of a memory, to which its peer's list belongs.
#[inline(always)]
fn entry<'r>(slot: NonNull<Slot>) -> Entry<'r> {
    // SAFETY: slots live as long as their roster, and the memory of a policy has slots of the one that
    // the policy serves, as its finishes put them there: that is the one that a choice borrows for
    // `'r`.
    Entry::of(unsafe { slot.as_ref() })
}
