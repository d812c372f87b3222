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
pub(super) const GRACE: Duration = Duration::from_secs(5);

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
mod tests {
    use super::*;

    /// More than any small number that the code knows.
    const MANY: u32 = 100;

    /// A table of names that are in the list, each of which was chosen, and is idle since.
    fn idle(count: u32) -> NameTable {
        let mut names = NameTable::default();
        for n in 0..count {
            let number = names.enter(&format!("{n}"));
            names.join(number, SlotRef::dangling());
            assert!(names.settle(number).is_none());
        }
        names
    }

    fn change(names: &mut NameTable, name: &str, change: impl FnOnce(&mut Known)) {
        let number = names.enter(name);
        change(names.get(number));
        assert!(names.settle(number).is_none());
    }

    fn taken(names: &mut NameTable, keep: usize) -> Vec<String> {
        std::iter::from_fn(|| names.take_spare(keep)).map(|name| name.to_string()).collect()
    }

    #[test]
    fn the_name_that_is_idle_the_longest_goes_first() {
        let mut names = idle(MANY);
        for used in ["0", "7", "64", "99"] {
            change(&mut names, used, |known| known.choices = 1);
            change(&mut names, used, |known| known.choices = 0);
        }
        let order: Vec<String> = taken(&mut names, 0);
        let mut right: Vec<String> = (0..MANY).map(|n| n.to_string()).collect();
        right.retain(|name| !["0", "7", "64", "99"].contains(&&**name));
        right.extend(["0", "7", "64", "99"].map(String::from));
        assert_eq!(order, right);
    }

    #[test]
    fn so_many_are_kept_and_those_that_are_needed() {
        let mut names = idle(MANY);
        change(&mut names, "0", |known| known.holds = 1);
        change(&mut names, "1", |known| known.choices = 1);
        assert_eq!(taken(&mut names, 90).len(), 10);
        assert_eq!(names.members, 90);
        assert_eq!(taken(&mut names, 0).len(), 88);
        assert_eq!(names.members, 2);
        assert!(!names.may_spare(0));
        change(&mut names, "0", |known| known.holds = 0);
        assert_eq!(taken(&mut names, 2), [""; 0]);
        assert_eq!(taken(&mut names, 1), ["0"]);
    }

    #[test]
    fn a_name_that_was_asked_for_in_vain_goes_when_it_has_waited_and_before_all_others() {
        let mut names = idle(3);
        for name in ["2", "1"] {
            change(&mut names, name, |known| known.expected = 1);
        }
        assert_eq!(taken(&mut names, 2), ["0"]);
        assert_eq!(taken(&mut names, 0), [""; 0], "the others are expected to be asked for");
        assert!(names.may_spare(0));

        // A while later. "2" is asked for again, "1" is not.
        for name in ["2", "1"] {
            change(&mut names, name, |known| known.since = Stamp::NONE);
        }
        change(&mut names, "2", |known| known.holds = 1);
        change(&mut names, "2", |known| known.holds = 0);
        change(&mut names, "3", |known| known.peer = Some(SlotRef::dangling()));
        names.members += 1;
        assert_eq!(taken(&mut names, 0), ["1", "3"]);
    }

    #[test]
    fn a_name_is_known_while_it_is_in_the_list_or_held() {
        let mut names = NameTable::default();
        for n in 0..MANY {
            let number = names.enter(&format!("{n}"));
            names.get(number).holds = 1;
            assert!(names.settle(number).is_none());
            names.get(number).holds = 0;
            assert!(names.settle(number).is_none());
            assert_eq!((names.by_name.len(), names.records.len()), (0, 1));
        }
        let number = names.enter("a");
        names.get(number).holds = 1;
        names.refuse(number, PeerFailureKind::ListFull);
        assert!(names.settle(number).is_none());
        names.get(number).holds = 0;
        assert!(names.settle(number).is_some(), "what was remembered is given back");
        assert!(names.refusals.is_empty());
    }

    #[test]
    fn a_name_that_leaves_with_requests_in_flight_is_forgotten() {
        let mut names = idle(1);
        change(&mut names, "0", |known| known.choices = 7);
        names.leave(0);
        assert!(names.settle(0).is_none());
        assert_eq!((names.members, names.by_name.len()), (0, 0));
    }

    #[test]
    fn a_peer_finds_its_record_and_no_other_tenant_s() {
        let mut names = NameTable::default();
        let number = names.enter("a");
        names.join(number, SlotRef::dangling());
        assert!(names.of_peer(number, Key::NONE).is_some());
        let other = Key { generation: 7, ..Key::NONE };
        assert!(names.of_peer(number, other).is_none());
        assert!(names.of_peer(number + 1, Key::NONE).is_none());
        names.leave(number);
        assert!(names.of_peer(number, Key::NONE).is_none());
    }
}
