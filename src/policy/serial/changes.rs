//! What a serial policy has not been told yet.
//!
//! What is written down is what is true of each peer, not how it came about: a peer that has come
//! and gone since is not worth telling. So however fast a transport reports, there is at most one
//! change a peer to tell, and a choice is never kept waiting by more.
//!
//! Ends of requests are told after the changes. A peer that comes back while ends of its requests
//! wait to be told is therefore told with these requests still counted.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::outcome::Outcome;
use crate::policy::Key;
use crate::slot::SlotRef;

#[derive(Debug, Default)]
pub(super) struct Changes {
    /// By [`Key::index`].
    places: Vec<Place>,
    /// Places at which the policy may know something else than what is true, each once.
    stale: VecDeque<usize>,
    /// Ends from inside the policy: it could not be told at once.
    ends: VecDeque<(Key, Outcome)>,
}

/// One slot: who has it, and what the policy has been told of it.
#[derive(Debug, Default)]
struct Place {
    known: Option<Known>,
    /// The available peer, and its requests when it became so.
    now: Option<(Key, u32)>,
    told: Option<Key>,
    is_stale: bool,
}

#[derive(Debug)]
struct Known {
    peer: SlotRef,
    id: Arc<str>,
}

#[derive(Debug)]
pub(super) enum Event {
    Added(Key, Arc<str>, u32),
    Removed(Key),
    Finished(Key, Outcome),
}

impl Changes {
    pub(super) fn joined(&mut self, peer: SlotRef, id: &Arc<str>) {
        self.place(peer.key).known = Some(Known { peer, id: Arc::clone(id) });
    }

    pub(super) fn entered(&mut self, key: Key, pending: u32) {
        let untold = self.ends.iter().filter(|(ended, _)| *ended == key).count();
        self.set(key, Some((key, pending + untold as u32)));
    }

    pub(super) fn withdrew(&mut self, key: Key) {
        self.set(key, None);
    }

    pub(super) fn ended(&mut self, key: Key, outcome: Outcome) {
        self.ends.push_back((key, outcome));
    }

    /// The slot of a place that was ever joined.
    pub(super) fn slot(&self, key: Key) -> Option<SlotRef> {
        Some(self.places.get(key.index())?.known.as_ref()?.peer)
    }

    /// No more than so many events are needed to tell what is written down now: a place may have
    /// somebody to take leave of and somebody to welcome.
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
                (Some(told), now, _) if now.is_none_or(|(key, _)| key != told) => {
                    place.told = None;
                    if now.is_some() {
                        place.is_stale = true;
                        self.stale.push_back(index);
                    }
                    return Some(Event::Removed(told));
                }
                (None, Some((key, pending)), Some(known)) => {
                    place.told = Some(key);
                    return Some(Event::Added(key, Arc::clone(&known.id), pending));
                }
                _ => {}
            }
        }
        self.ends.pop_front().map(|(key, outcome)| Event::Finished(key, outcome))
    }

    fn place(&mut self, key: Key) -> &mut Place {
        if self.places.len() <= key.index() {
            self.places.resize_with(key.index() + 1, Place::default);
        }
        &mut self.places[key.index()]
    }

    fn set(&mut self, key: Key, now: Option<(Key, u32)>) {
        let place = self.place(key);
        place.now = now;
        if !std::mem::replace(&mut place.is_stale, true) {
            self.stale.push_back(key.index());
        }
    }
}
