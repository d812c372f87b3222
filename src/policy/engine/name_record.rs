//! The record of a name, and the queues that records stand in.

use std::sync::Arc;

use crate::clock::Stamp;
use crate::slot::SlotRef;

const NONE: u32 = u32::MAX;

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Nowhere,
    Idle,
    Wanted,
}

/// What is known of a name: one cache line.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Known {
    pub(super) name: Arc<str>,
    /// Its peer, while it is in the list.
    pub(super) peer: Option<SlotRef>,
    /// Callers that want it to stay, or to become, a member.
    pub(super) holds: u32,
    /// Choices of its peer that have not ended.
    pub(super) choices: u32,
    /// Callers that asked for it in vain, or were told to try again, and have not come back.
    pub(super) expected: u32,
    prev: u32,
    next: u32,
    /// When it was placed among those that are wanted.
    pub(super) since: Stamp,
    pub(super) place: Place,
    /// It is not in the list, and a caller that holds it is adding it.
    pub(super) joining: bool,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Known>() == 64);

impl Known {
    pub(super) fn new(name: Arc<str>) -> Self {
        Self {
            name,
            peer: None,
            holds: 0,
            choices: 0,
            expected: 0,
            prev: NONE,
            next: NONE,
            since: Stamp::NONE,
            place: Place::Nowhere,
            joining: false,
        }
    }

    /// A caller has asked for it: perhaps one that is expected.
    pub(super) fn come_back(&mut self) {
        self.expected = self.expected.saturating_sub(1);
    }

    /// Where it belongs. `None`: it need not be known any more.
    pub(super) fn due(&self) -> Option<Place> {
        match self.peer {
            _ if self.holds > 0 || self.choices > 0 => Some(Place::Nowhere),
            Some(_) if self.expected > 0 => Some(Place::Wanted),
            Some(_) => Some(Place::Idle),
            None => None,
        }
    }
}

/// Records in the order in which they came, linked through themselves: by their numbers, as the
/// table that has them may move.
#[derive(Debug)]
pub(super) struct Queue {
    first: u32,
    last: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Self { first: NONE, last: NONE }
    }
}

impl Queue {
    pub(super) fn first(&self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    /// Puts a record at the end that stands in no queue.
    pub(super) fn push(&mut self, records: &mut [Known], number: u32) {
        let before = std::mem::replace(&mut self.last, number);
        match records.get_mut(before as usize) {
            Some(before) => before.next = number,
            None => self.first = number,
        }
        let known = &mut records[number as usize];
        (known.prev, known.next) = (before, NONE);
    }

    /// Takes a record out that stands in this queue.
    pub(super) fn remove(&mut self, records: &mut [Known], number: u32) {
        let Known { prev, next, .. } = records[number as usize];
        match records.get_mut(prev as usize) {
            Some(before) => before.next = next,
            None => self.first = next,
        }
        match records.get_mut(next as usize) {
            Some(after) => after.prev = prev,
            None => self.last = prev,
        }
    }
}
