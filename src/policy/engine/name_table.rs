//! What is known of each name: whether it is in the list, who needs it, and whether it may go.
//!
//! A name has a record as long as it is in the list or a caller holds it, and no longer. A record
//! of a name that is in the list and needed by no caller stands in one of two queues:
//!
//! | queue | the name was | may be let go |
//! |---|---|---|
//! | `idle` | chosen, and its requests have ended | first the one that is idle the longest |
//! | `wanted` | asked for in vain, and is expected to be asked for again | when it has stood there for [`GRACE`] |
//!
//! Both are in the order in which names entered them, and linked through the records: every change
//! of a record costs the same, however many there are.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::name_record::{Known, Place, Queue};
use crate::clock::Stamp;
use crate::error::PeerFailureKind;
use crate::slot::{Key, SlotRef};

/// How long a name stays after it was last asked for, if it was not chosen: ten times as long as a
/// list waits by default. A caller that was told to try again, or that tries from time to time,
/// asks again within that time and finds its connection.
const GRACE: Duration = Duration::from_secs(5);

/// All records.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    by_name: HashMap<Arc<str>, u32>,
    records: Vec<Known>,
    /// Numbers of records that are not in use.
    free: Vec<u32>,
    /// Why names are not in the list that could not be added, by the number of their records: for
    /// callers that waited for that.
    refusals: HashMap<u32, PeerFailureKind>,
    idle: Queue,
    wanted: Queue,
    /// How many names are in the list.
    members: usize,
}

impl NameTable {
    /// The number of a name's record, which is its own as long as it has one.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The same, of a record that is made if there is none. Call [`settle`](NameTable::settle) when
    /// it says what it is for.
    pub(super) fn enter(&mut self, name: &str) -> u32 {
        self.find(name).unwrap_or_else(|| self.make(name.into()))
    }

    fn make(&mut self, name: Arc<str>) -> u32 {
        let known = Known::new(Arc::clone(&name));
        let number = match self.free.pop() {
            Some(number) => {
                self.records[number as usize] = known;
                number
            }
            None => {
                self.records.push(known);
                (self.records.len() - 1) as u32
            }
        };
        self.by_name.insert(name, number);
        number
    }

    pub(super) fn get(&mut self, number: u32) -> &mut Known {
        &mut self.records[number as usize]
    }

    /// The record that the peer joined with: `number` may have been given to another name since.
    pub(super) fn of_peer(&mut self, number: u32, key: Key) -> Option<&mut Known> {
        let known = self.records.get_mut(number as usize)?;
        known.peer.is_some_and(|peer| peer.key == key).then_some(known)
    }

    /// A name is in the list from now on.
    pub(super) fn join(&mut self, number: u32, peer: SlotRef) {
        let known = self.get(number);
        known.joining = false;
        if known.peer.replace(peer).is_none() {
            self.members += 1;
        }
    }

    /// A name is not in the list any more. The ends of its choices are those of a peer that has left,
    /// and are not counted.
    pub(super) fn leave(&mut self, number: u32) {
        let known = self.get(number);
        known.choices = 0;
        if known.peer.take().is_some() {
            self.members -= 1;
        }
    }

    /// Remembers why a name is not in the list, until it is forgotten or added again.
    pub(super) fn refuse(&mut self, number: u32, refusal: PeerFailureKind) {
        self.refusals.insert(number, refusal);
    }

    pub(super) fn refusal(&self, number: u32) -> Option<&PeerFailureKind> {
        self.refusals.get(&number)
    }

    /// An error of the transport's: to be dropped with no lock held.
    pub(super) fn take_refusal(&mut self, number: u32) -> Option<PeerFailureKind> {
        // Nearly always there is none at all.
        if self.refusals.is_empty() { None } else { self.refusals.remove(&number) }
    }

    /// Puts a record where it belongs, after any change to it. Returns what was remembered of a
    /// refusal if it is forgotten, to be dropped with no lock held.
    #[must_use = "it is to be dropped with no lock held"]
    pub(super) fn settle(&mut self, number: u32) -> Option<PeerFailureKind> {
        let known = self.get(number);
        let due = known.due();
        let place = due.unwrap_or(Place::Nowhere);
        if known.place != place {
            self.move_to(number, place);
        }
        if due.is_none() { self.forget(number) } else { None }
    }

    fn forget(&mut self, number: u32) -> Option<PeerFailureKind> {
        let name = std::mem::take(&mut self.get(number).name);
        self.by_name.remove(&name);
        self.free.push(number);
        self.take_refusal(number)
    }

    /// Takes the name out that is to be let go first, if there are more than `keep`.
    pub(super) fn take_spare(&mut self, keep: usize) -> Option<Arc<str>> {
        let number = self.spare(keep)?;
        let name = Arc::clone(&self.get(number).name);
        self.leave(number);
        // A name that stood in a queue is held by no caller, so its record knows no refusal.
        let _ = self.settle(number);
        Some(name)
    }

    /// The name that is to be let go first, if there are more than `keep` and one may go.
    pub(super) fn spare(&self, keep: usize) -> Option<u32> {
        if self.members <= keep {
            return None;
        }
        // One that was asked for in vain, long ago, is worth less than one that has served. The
        // clock is read only if there is one.
        let has_waited = |number: &u32| {
            let since = self.records[*number as usize].since;
            since.elapsed().is_none_or(|waited| waited >= GRACE)
        };
        self.wanted.first().filter(has_waited).or_else(|| self.idle.first())
    }

    /// Whether [`spare`](NameTable::spare) may find one, now or later.
    pub(super) fn may_spare(&self, keep: usize) -> bool {
        self.members > keep && self.idle.first().or_else(|| self.wanted.first()).is_some()
    }

    fn move_to(&mut self, number: u32, place: Place) {
        let known = self.get(number);
        let before = std::mem::replace(&mut known.place, place);
        if place == Place::Wanted {
            known.since = Stamp::now();
        }
        let Self { records, idle, wanted, .. } = self;
        for (queue, its) in [(idle, Place::Idle), (wanted, Place::Wanted)] {
            if before == its {
                queue.remove(records, number);
            }
            if place == its {
                queue.push(records, number);
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
