//! A peer leaves: everything from a removal to `release_peer`, and what a slot goes through.
//!
//! ```text
//!  remove ──▶ out of the choice, Removed ──┬─ no request in flight ─▶ retire, by the remover
//!                                          └─ else ─▶ retire, by the last request's finish
//!
//!  retire:  empty the slot  ─▶  free it  ─▶  release_peer  ─▶  drop the peer
//! ```
//!
//! The slot is free before the transport is called: what the transport does there, an addition of
//! the same name included, finds the roster as it will be. From the removal to the return of
//! `release_peer` the peer is written down among the departures.

use std::sync::Arc;

use super::membership::{Phase, Step};
use super::shared::ListShared;
use crate::error::{PeerFailure, PeerFailureKind, TransportError};
use crate::events::Event;
use crate::panics;
use crate::peer::Subscriber;
use crate::slot::{Retiring, Slot, SlotRef};

impl ListShared {
    /// Removes a member and, while the list retains, its peer.
    pub(super) fn remove(&self, id: &Arc<str>) -> Result<(), PeerFailure> {
        let step = self.membership.lock().remove(id);
        self.take_leave(id, step)
    }

    /// Does what a removal asks for, when the lock is gone.
    pub(super) fn take_leave(&self, id: &Arc<str>, step: Option<Step>) -> Result<(), PeerFailure> {
        match step {
            None => Err(PeerFailure { peer: Arc::clone(id), kind: PeerFailureKind::NotInList }),
            Some(Step::Release(slot)) => self.release(slot),
            Some(forgotten) => {
                self.drop_guarded("an identifier's drop", forgotten);
                Ok(())
            }
        }
    }

    /// Takes a peer out of the choice, and retires its slot if no request is in flight.
    pub(super) fn release(&self, slot: SlotRef) -> Result<(), PeerFailure> {
        self.departures.begin(slot);
        self.take_out(slot)
    }

    /// The same for a peer that is written down among the departures.
    pub(super) fn take_out(&self, slot: SlotRef) -> Result<(), PeerFailure> {
        self.roster.remove(slot, self.index()).map_or(Ok(()), |retiring| self.retire(&retiring))
    }

    /// The last request of a removed peer has ended: no caller is there to hear of an error, but
    /// the observer.
    pub(super) fn retire_by_finish(&self, retiring: &Retiring<Slot>) {
        if let Err(failure) = self.retire(retiring) {
            self.observe(|| Event::ReleaseFailed { failure: &failure });
        }
    }

    /// Empties and frees a removed slot, and gives its peer back to the transport.
    fn retire(&self, retiring: &Retiring<Slot>) -> Result<(), PeerFailure> {
        let key = SlotRef::new(retiring.slot()).key;
        let result = self.give_back(retiring);
        self.departures.end(key);
        result
    }

    fn give_back(&self, retiring: &Retiring<Slot>) -> Result<(), PeerFailure> {
        let taken = Slot::take(retiring);
        self.roster.vacate(SlotRef::new(retiring.slot()));
        let Some((peer, retained)) = taken else { return Ok(()) };
        let (id, identifier) = (Arc::clone(&retained.id), Arc::clone(&retained.identifier));
        let subscriber: Arc<dyn Subscriber> = retained;
        let released: Result<(), TransportError> = panics::fallible("release_peer", || {
            self.transport.release_peer(&identifier, &subscriber)
        });
        self.drop_guarded("a peer's drop", peer);
        drop(identifier);
        // It has the identifier too. Of the list it does not have the last reference: the caller has one.
        self.drop_guarded("an identifier's drop", subscriber);
        released
            .map_err(|error| PeerFailure { peer: id, kind: PeerFailureKind::Release(error.into()) })
    }

    /// Writes all members down and releases their peers.
    pub(super) fn go_offline(&self, phase: Phase) -> Vec<PeerFailure> {
        let leaving = self.write_down(phase);
        self.take_all_out(leaving)
    }

    /// Writes all members down, and their peers among the departures: all at one moment, so that a
    /// drain waits for those too whose turn has not come.
    pub(super) fn write_down(&self, phase: Phase) -> Vec<SlotRef> {
        let mut membership = self.membership.lock();
        self.enter_phase(&mut membership, phase);
        let leaving = membership.go_offline();
        for slot in &leaving {
            self.departures.begin(*slot);
        }
        leaving
    }

    /// Takes the peers out that were written down.
    pub(super) fn take_all_out(&self, leaving: Vec<SlotRef>) -> Vec<PeerFailure> {
        let failures = leaving.into_iter().filter_map(|slot| self.take_out(slot).err()).collect();
        self.after_batch();
        failures
    }
}
