//! A retained peer: what its transport notifies, and what its slot keeps.
//!
//! It keeps the list's memory alive, so a pick needs no reference count: slot → retained → list →
//! slots is a cycle on purpose, and retiring the slot cuts it. The slot keeps a thin pointer to it;
//! the one pointer that says which list it is, and which policy, is here, off the hot line.

use std::fmt;
use std::sync::Arc;

use super::key::RefTo;
use super::tally::Tally;
use super::token::{PinOf, Retiring};
use crate::outcome::{Finish, Outcome};
use crate::panics::Panicked;
use crate::peer::{Identifier, Peer, Seal, Seat, Subscriber};
use crate::sync::UnsafeCell;

/// The list of a slot in use, as far as the slot and its transport know it. There is one for each
/// list; it is a trait so that the slot, which everything stands on, need not know the list. `S` is
/// [`Slot`](super::Slot), which is not named here because it builds on this.
pub(crate) trait Owner<S>: Send + Sync {
    /// The transport says that the peer's status may have changed.
    fn status_changed(&self, retained: &Retained<S>);

    /// A request on the slot has ended, or a choice was taken back. The slot is still pinned.
    fn finished(&self, slot: &S, finish: &Finish);

    /// The peer says that it has so many requests in flight.
    fn reported(&self, slot: RefTo<S>, in_flight: u32);

    /// A request on the slot has ended so, and the list ejects. The slot is still pinned.
    fn judge(&self, retained: &Retained<S>, slot: &S, outcome: Outcome) {
        let _ = (retained, slot, outcome);
    }

    /// A request has ended so, which is no success. Its peer has counted it.
    fn ended(&self, outcome: Outcome) {
        let _ = outcome;
    }

    /// A choice was taken back. Its peer has counted it.
    fn taken_back(&self) {}

    /// A place of a peer that has left was given to another request.
    fn chosen_late(&self) {}

    /// A request begins on a slot that was to be tried with one. The slot is pinned.
    fn probe_begins(&self, retained: &Retained<S>, slot: &S) {
        let _ = (retained, slot);
    }

    /// What is typical of the list's peers is to be found out anew.
    fn sweep(&self);

    /// Whether any place on any peer serves any caller, as far as the list knows: it is the list that
    /// limits the requests on a peer, and its policy takes whichever peer has a place.
    fn any_place_serves(&self) -> bool;

    /// Hands the pin of a request that has ended to a waiter. It comes back, to be given back, if
    /// the policy does not hand places over or there is no waiter.
    fn hand_over(&self, pin: PinOf<S>) -> HandOver<S>;

    /// A place on a slot has become free, and the pin is given back. `serves_any`: as in
    /// [`HandOver::Back`].
    fn place_freed(&self, serves_any: bool);

    /// A hook of the peer's has panicked.
    fn panicked(&self, panicked: &Panicked);

    /// The last request of a removed peer has ended: the slot is this thread's to retire.
    fn retire(&self, retiring: Retiring<S>);

    /// Sets the data of a peer and whether picks are recorded: see [`Seat::set_data`].
    #[cfg(feature = "capi")]
    fn set_data(&self, slot: RefTo<S>, data: usize, watched: bool);

    /// Requests in flight of a peer: see [`Seat::in_flight`].
    #[cfg(feature = "capi")]
    fn in_flight(&self, slot: RefTo<S>) -> u32;
}

/// What became of a place that was offered to the waiters.
#[derive(Debug)]
pub(crate) enum HandOver<S> {
    /// A waiter has it.
    Over,
    /// It is to be given back. `serves_any`: it serves any waiter, so that one is enough to be woken.
    Back { pin: PinOf<S>, serves_any: bool },
}

/// A peer that its transport has retained for a list.
pub(crate) struct Retained<S> {
    pub(crate) owner: Arc<dyn Owner<S>>,
    /// The peer's name, read once: the identifier is code of the user's.
    pub(crate) id: Arc<str>,
    /// What the transport got, and gets back.
    pub(crate) identifier: Arc<dyn Identifier>,
    pub(crate) slot: RefTo<S>,
    pub(crate) tally: Tally,
    /// The peer as its transport made it, while the slot is seated with this: one allocation keeps all
    /// that is known of a tenant. The transport may keep this for longer, and nothing of the peer's.
    peer: UnsafeCell<Option<Arc<dyn Peer>>>,
}

// SAFETY: everything but `peer` is fixed, and `Sync` where `S` is; `peer` is `Send + Sync`, and its cell is
// reached only where the cell of the slot that leads here may be.
unsafe impl<S: Sync> Sync for Retained<S> {}

impl<S> Retained<S> {
    pub(crate) fn new(
        owner: Arc<dyn Owner<S>>,
        id: Arc<str>,
        identifier: Arc<dyn Identifier>,
        slot: RefTo<S>,
    ) -> Self {
        let (tally, peer) = (Tally::default(), UnsafeCell::new(None));
        Self { owner, id, identifier, slot, tally, peer }
    }

    /// The peer.
    ///
    /// # Safety
    ///
    /// The caller may read the cell of the slot that is seated with this.
    #[inline]
    pub(super) unsafe fn peer(&self) -> &Arc<dyn Peer> {
        // SAFETY: set before the slot's cell was, and changed as that is: by contract of the caller.
        self.peer.with(|cell| unsafe { (*cell).as_ref().unwrap_unchecked() })
    }

    /// Sets the peer, or takes it out.
    ///
    /// # Safety
    ///
    /// The caller may write the cell of the slot that is about to be, or was, seated with this.
    pub(super) unsafe fn replace_peer(&self, peer: Option<Arc<dyn Peer>>) -> Option<Arc<dyn Peer>> {
        // SAFETY: by contract of the caller no other thread reads or writes it.
        self.peer.with_mut(|cell| std::mem::replace(unsafe { &mut *cell }, peer))
    }
}

impl<S> fmt::Debug for Retained<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the identifier: it is code of the user's.
        f.debug_struct("Retained").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<S: Sync> Subscriber for Retained<S> {
    fn notify_status_changed(&self, _: &dyn Identifier) {
        self.owner.status_changed(self);
    }

    fn report(&self, in_flight: u32) {
        self.owner.reported(self.slot, in_flight);
    }

    fn seat(&self, _: Seal) -> Option<&dyn Seat> {
        Some(self)
    }
}

impl<S: Sync> Seat for Retained<S> {
    #[cfg(feature = "capi")]
    fn set_data(&self, data: usize, watched: bool) {
        self.owner.set_data(self.slot, data, watched);
    }

    #[cfg(feature = "capi")]
    fn in_flight(&self) -> u32 {
        self.owner.in_flight(self.slot)
    }
}
