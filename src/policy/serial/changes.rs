//! What a serial policy has not been told yet.
//!
//! Keeps the latest state of each peer, not the events that led to it: a peer that became available
//! and unavailable again since the policy last looked is never mentioned. So however fast a
//! transport reports, there are at most two events a peer to tell, and a choice is never kept
//! waiting by more.
//!
//! A peer that comes back is told with the requests that the policy knows of: those it chose whose
//! ends it has not been told. They are counted here, because the slot may say otherwise. An end is
//! told while the slot still counts the request, and waits here when it comes from inside the
//! policy, after the slot has ceased to count it.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::attributes::Attributes;
use crate::outcome::Finish;
use crate::roster::About;
use crate::slot::{Key, SlotRef};

#[derive(Debug, Default)]
pub(super) struct Changes {
    /// By [`Key::index`].
    places: Vec<Place>,
    /// Places at which the policy may know something else than what is true, each once.
    stale: VecDeque<usize>,
    /// Ends from inside the policy: it could not be told at once.
    ends: VecDeque<(Key, Finish)>,
}

/// One slot: which peer has it, and what the policy has been told of it.
#[derive(Debug, Default)]
struct Place {
    known: Option<Known>,
    /// The available peer.
    now: Option<Version>,
    told: Option<Version>,
    /// Requests of the peer that is known that the policy chose and has not been told the end of.
    pending: u32,
    is_stale: bool,
}

/// A peer with one set of attributes.
type Version = (Key, u32);

#[derive(Debug)]
struct Known {
    peer: SlotRef,
    id: Arc<str>,
    attributes: Arc<Attributes>,
    /// Counts changes of the attributes.
    version: u32,
}

#[derive(Debug)]
pub(super) enum Event {
    Available { key: Key, id: Arc<str>, attributes: Arc<Attributes>, pending: u32 },
    Unavailable(Key),
    Finished(Key, Finish),
}

impl Changes {
    pub(super) fn joined(&mut self, peer: SlotRef, about: &About<'_>) {
        let (id, attributes) = (Arc::clone(about.id), Arc::clone(about.attributes));
        let place = self.place(peer.key);
        place.known = Some(Known { peer, id, attributes, version: 0 });
        place.pending = 0;
    }

    pub(super) fn up(&mut self, key: Key) {
        let version = self.place(key).known.as_ref().map_or(0, |known| known.version);
        self.set(key, Some((key, version)));
    }

    pub(super) fn down(&mut self, key: Key) {
        self.set(key, None);
    }

    /// An available peer with other attributes is told as one that left and another that came.
    pub(super) fn reattributed(&mut self, key: Key, about: &About<'_>) {
        let place = self.place(key);
        let Some(known) = &mut place.known else { return };
        known.attributes = Arc::clone(about.attributes);
        known.version += 1;
        if place.now.is_some() {
            self.up(key);
        }
    }

    pub(super) fn ended(&mut self, key: Key, finish: Finish) {
        self.ends.push_back((key, finish));
    }

    /// The policy has chosen a peer, and it was pinned.
    pub(super) fn chosen(&mut self, key: Key) {
        if let Some(pending) = self.pending(key) {
            *pending += 1;
        }
    }

    /// The policy is about to be told that a request has ended.
    pub(super) fn telling_end(&mut self, key: Key) {
        if let Some(pending) = self.pending(key) {
            *pending = pending.saturating_sub(1);
        }
    }

    /// What is counted of a peer. `None`: another has its place.
    fn pending(&mut self, key: Key) -> Option<&mut u32> {
        let place = self.places.get_mut(key.index())?;
        let known = place.known.as_ref().is_some_and(|known| known.peer.key == key);
        known.then_some(&mut place.pending)
    }

    /// The slot of a place that was ever joined.
    pub(super) fn slot(&self, key: Key) -> Option<SlotRef> {
        Some(self.places.get(key.index())?.known.as_ref()?.peer)
    }

    /// The peer, if the policy knows it as available: its name, its attributes and its requests.
    pub(super) fn told(&self, key: Key) -> Option<(Arc<str>, Arc<Attributes>, u32)> {
        let place = self.places.get(key.index())?;
        let known = place.known.as_ref().filter(|known| known.peer.key == key)?;
        let told = place.told == Some((key, known.version));
        told.then(|| (Arc::clone(&known.id), Arc::clone(&known.attributes), place.pending))
    }

    /// An upper bound on how many events [`next`](Changes::next) can return now: for each stale
    /// place one peer that left and one that came, and the ends.
    pub(super) fn bound(&self) -> usize {
        2 * self.stale.len() + self.ends.len()
    }

    /// What to tell next: of a place, the peer that has left before the one that has come. A place
    /// of which there is more to tell takes its turn among the others.
    pub(super) fn next(&mut self) -> Option<Event> {
        while let Some(index) = self.stale.pop_front() {
            let place = &mut self.places[index];
            place.is_stale = false;
            match (place.told, place.now, &place.known) {
                // The policy knows a peer that is gone, was replaced, or has other attributes: take
                // leave of it first. The one that is there now is told at the place's next turn.
                (Some(told), now, _) if now != Some(told) => {
                    place.told = None;
                    if now.is_some() {
                        place.is_stale = true;
                        self.stale.push_back(index);
                    }
                    return Some(Event::Unavailable(told.0));
                }
                // The policy knows no peer here, and one is available: introduce it.
                (None, Some(version), Some(known)) => {
                    place.told = Some(version);
                    return Some(Event::Available {
                        key: version.0,
                        id: Arc::clone(&known.id),
                        attributes: Arc::clone(&known.attributes),
                        pending: place.pending,
                    });
                }
                // What changed has changed back.
                _ => {}
            }
        }
        let (key, finish) = self.ends.pop_front()?;
        self.telling_end(key);
        Some(Event::Finished(key, finish))
    }

    fn place(&mut self, key: Key) -> &mut Place {
        if self.places.len() <= key.index() {
            self.places.resize_with(key.index() + 1, Place::default);
        }
        &mut self.places[key.index()]
    }

    fn set(&mut self, key: Key, now: Option<Version>) {
        let place = self.place(key);
        place.now = now;
        if !std::mem::replace(&mut place.is_stale, true) {
            self.stale.push_back(key.index());
        }
    }
}
