//! A peer joins: from the promise of a seat to the first status.
//!
//! Each step is: change the books under the membership's mutex, drop it, then call the transport.

use std::sync::Arc;

use super::membership::{Asked, Entry, Seating, Step};
use super::shared::ListShared;
use crate::attributes::Attributes;
use crate::cost::Factors;
use crate::error::{PeerFailure, PeerFailureKind, TransportError};
use crate::events::Event;
use crate::panics;
use crate::peer::{Peer, Subscriber};
use crate::roster::About;
use crate::slot::{Contents, Owner, Retained, Slot, WATCH_DATA, WATCH_PEER, Watched};

impl ListShared {
    /// Adds a member and, while the list retains, its peer.
    pub(super) fn add(
        &self,
        owner: &Arc<dyn Owner<Slot>>,
        entry: Entry,
    ) -> Result<(), PeerFailure> {
        let step = self.membership.lock().add(entry);
        self.keep_promise(owner, step)
    }

    /// Does what an addition asks for, when the lock is gone.
    pub(super) fn keep_promise(
        &self,
        owner: &Arc<dyn Owner<Slot>>,
        step: Result<Step, Entry>,
    ) -> Result<(), PeerFailure> {
        match step {
            Ok(Step::Retain(asked)) => self.retain(owner, asked, false),
            Ok(_) => Ok(()),
            Err(entry) => {
                let failure = entry.failure(PeerFailureKind::AlreadyInList);
                self.drop_guarded("an identifier's drop", entry);
                Err(failure)
            }
        }
    }

    /// Changes the attributes of a member that is removed and added in one update. Returns whether
    /// there is such a member.
    pub(super) fn change(&self, entry: &Entry) -> bool {
        let step = self.membership.lock().change(entry);
        if let Some(Step::Reattribute(slot)) = step {
            self.notice_weight(&entry.attributes);
            let about = About { id: &entry.id, attributes: &entry.attributes };
            self.roster.reattribute(slot, &about, self.index());
        }
        let is_member = step.is_some();
        self.drop_guarded("an identifier's drop", step);
        is_member
    }

    /// Keeps a promise of the membership: asks the transport for the peer and seats it.
    ///
    /// On failure the member is forgotten, unless it is to be kept for the next try or the list
    /// went offline while the transport was asked.
    pub(super) fn retain(
        &self,
        owner: &Arc<dyn Owner<Slot>>,
        mut asked: Asked,
        keep: bool,
    ) -> Result<(), PeerFailure> {
        loop {
            let again = self.retain_once(owner, &asked, keep);
            self.departures.answered();
            self.drop_guarded("an identifier's drop", asked);
            match again? {
                // The member was removed and added again, with another identifier.
                Some(next) => asked = next,
                None => return Ok(()),
            }
        }
    }

    fn retain_once(
        &self,
        owner: &Arc<dyn Owner<Slot>>,
        asked: &Asked,
        keep: bool,
    ) -> Result<Option<Asked>, PeerFailure> {
        let entry = &asked.entry;
        // One of many that a start retains may have been removed before its turn comes. A peer that is
        // added is asked for at once.
        if keep {
            let wanted = self.membership.lock().is_wanted(asked);
            match wanted {
                Seating::Seated(_) => {}
                Seating::Unwanted => return Ok(None),
                Seating::Again(next) => return Ok(Some(next)),
            }
        }
        let (retained, peer) = match self.ask(owner, entry) {
            Ok(answer) => answer,
            Err(kind) => {
                let next = self.membership.lock().refused(asked, keep);
                return next.map(Some).ok_or_else(|| entry.failure(kind));
            }
        };
        let slot = retained.slot;
        // Before the seat: from then on its transport's pushes count.
        self.begin_in_later_tier(slot);
        let push = self.seat(&retained, &peer, entry);
        let seating = {
            let mut membership = self.membership.lock();
            let seating = membership.take_seat(asked, &retained);
            if !matches!(seating, Seating::Seated(_)) {
                // Under the mutex under which it ceases to be one that is asked for.
                self.departures.begin(slot);
            }
            seating
        };
        match seating {
            Seating::Seated(attributes) => {
                // They may have changed while the transport was asked.
                if !Arc::ptr_eq(&attributes, &entry.attributes) {
                    let about = About { id: &entry.id, attributes: &attributes };
                    self.notice_weight(about.attributes);
                    self.roster.reattribute(slot, &about, self.index());
                }
                self.end_push(&retained, peer, push);
                Ok(None)
            }
            Seating::Unwanted => {
                self.drop_guarded("a peer's drop", peer);
                self.take_out(slot).map(|()| None)
            }
            Seating::Again(next) => {
                self.drop_guarded("a peer's drop", peer);
                if let Err(failure) = self.take_out(slot) {
                    // The caller asked for the next one, which this failure is not about.
                    self.observe(|| Event::ReleaseFailed { failure: &failure });
                }
                Ok(Some(next))
            }
        }
    }

    /// Asks the transport for a peer, with a slot for it at hand.
    fn ask(
        &self,
        owner: &Arc<dyn Owner<Slot>>,
        entry: &Entry,
    ) -> Result<(Arc<Retained>, Arc<dyn Peer>), PeerFailureKind> {
        let slot = self.roster.occupy().ok_or(PeerFailureKind::ListFull)?;
        let (id, identifier) = (Arc::clone(&entry.id), Arc::clone(&entry.identifier));
        let retained = Arc::new(Retained::new(Arc::clone(owner), id, identifier, slot));
        let subscriber: Arc<dyn Subscriber> = Arc::clone(&retained) as _;
        let answer: Result<_, TransportError> = panics::fallible("retain_peer", || {
            self.transport.retain_peer(&entry.identifier, subscriber)
        });
        match answer {
            Ok(peer) => Ok((retained, peer)),
            Err(error) => {
                self.roster.unoccupy(slot);
                Err(PeerFailureKind::Retain(error.into()))
            }
        }
    }

    /// Before a slot has the weight: prices that go by counts alone would not see it. Returns what the
    /// count of a new peer is made a price with.
    fn notice_weight(&self, attributes: &Attributes) -> Factors {
        let learner = self.learner.get();
        learner.map_or(Factors::from_bits(0), |learner| learner.joined(attributes.weight))
    }

    /// Puts a retained peer into its slot, and begins its first status push. What the peer is asked, it
    /// is asked before, with no lock held.
    fn seat(&self, retained: &Arc<Retained>, peer: &Arc<dyn Peer>, entry: &Entry) -> u32 {
        let mut watch = self.watch;
        match panics::catch("watches_requests", || peer.watches_requests()) {
            Ok(true) => watch |= WATCH_PEER,
            Ok(false) => {}
            Err(panicked) => self.panicked(&panicked),
        }
        let factors = self.notice_weight(&entry.attributes);
        let about = About { id: &entry.id, attributes: &entry.attributes };
        let mut push = 0;
        let mut seat = |words, recorded| {
            let watch = if recorded { watch | WATCH_DATA } else { watch };
            let contents = Contents {
                words,
                peer: Arc::clone(peer),
                retained: Arc::clone(retained),
                learner: self.learner(),
                factors,
                watched: Watched::new(watch, &entry.attributes),
            };
            push = self.roster.seat(retained.slot, contents, &about, self.index());
        };
        peer.seat_with(&mut seat, crate::peer::Seal(()));
        push
    }
}
