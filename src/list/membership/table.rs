//! The table of all members, and what can be read of it.

use std::collections::HashMap;
use std::sync::Arc;

use super::entry::Entry;
use super::standing::{Phase, Standing, Then};
use crate::attributes::Attributes;
use crate::list::slice::Slice;
use crate::slot::SlotRef;

#[derive(Debug)]
pub(super) struct Member {
    pub(super) attributes: Arc<Attributes>,
    pub(super) standing: Standing,
}

/// Who is in the list, and whether it retains its members.
#[derive(Debug)]
pub(in crate::list) struct Membership {
    pub(super) phase: Phase,
    pub(super) members: HashMap<Arc<str>, Member>,
    /// How many are `Offline`.
    pub(super) offline: usize,
    /// How many have ever been written down.
    written_down: u64,
    pub(super) slice: Option<Slice>,
}

impl Membership {
    pub(in crate::list) fn new(capacity: usize, slice: Option<Slice>) -> Self {
        let members = HashMap::with_capacity(capacity);
        Self { phase: Phase::Idle, members, offline: 0, written_down: 0, slice }
    }

    pub(in crate::list) fn phase(&self) -> Phase {
        self.phase
    }

    /// Only `ListShared::enter_phase` calls it.
    pub(in crate::list) fn set_phase(&mut self, phase: Phase) {
        self.phase = phase;
    }

    /// Known members that are not retained.
    pub(in crate::list) fn uninitialized(&self) -> usize {
        self.offline
    }

    /// How many transports are asked for a peer that is not wanted any more.
    pub(in crate::list) fn unwanted(&self) -> usize {
        let is_unwanted = |member: &&Member| match &member.standing {
            Standing::Asking(then) => !matches!(then, Then::Seat),
            _ => false,
        };
        self.members.values().filter(is_unwanted).count()
    }

    pub(in crate::list) fn is_uninitialized(&self, id: &str) -> bool {
        let member = self.members.get(id);
        member.is_some_and(|member| matches!(member.standing, Standing::Offline { .. }))
    }

    pub(in crate::list) fn slot(&self, id: &str) -> Option<SlotRef> {
        match self.members.get(id)?.standing {
            Standing::Seated(slot) => Some(slot),
            _ => None,
        }
    }

    /// All members that have a slot.
    pub(in crate::list) fn seated(&self) -> impl Iterator<Item = (&Arc<str>, SlotRef)> {
        self.members.iter().filter_map(|(id, member)| match member.standing {
            Standing::Seated(slot) => Some((id, slot)),
            _ => None,
        })
    }

    /// The names and attributes of all members, those included that are being retained; not those
    /// that are to be forgotten.
    pub(in crate::list) fn all(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Attributes>)> {
        let members = self.members.iter();
        members.filter_map(|(id, member)| match &member.standing {
            Standing::Asking(Then::Forget) => None,
            _ => Some((id, &member.attributes)),
        })
    }

    /// Makes room for `more` members.
    pub(in crate::list) fn reserve(&mut self, more: usize) {
        self.members.reserve(more);
    }

    /// Puts a member into the table, in place of the one of its name.
    pub(super) fn insert(&mut self, entry: &Entry, standing: Standing) {
        let member = Member { attributes: Arc::clone(&entry.attributes), standing };
        self.members.insert(Arc::clone(&entry.id), member);
    }

    /// Has a member wait for the list to retain it, behind those that wait already.
    pub(super) fn write_down(&mut self, entry: &Entry) {
        let identifier = Arc::clone(&entry.identifier);
        self.insert(entry, Standing::Offline { identifier, order: self.written_down });
        self.written_down += 1;
        self.offline += 1;
    }
}
