//! The table of all members, and what can be read of it.

use std::sync::Arc;

use super::entry::Entry;
use super::standing::{Member, Outside, Phase, Standing, Then};
use crate::attributes::Attributes;
use crate::list::slice::Slice;
use crate::names::{Hash, Names};
use crate::peer::Identifier;
use crate::slot::SlotRef;

/// Who is in the list, and whether it retains its members.
#[derive(Debug)]
pub(in crate::list) struct Membership {
    pub(super) phase: Phase,
    names: Names,
    /// By number. A number is a member's own as long as it is one; that of one whose transport is
    /// asked is kept by the thread that asks.
    pub(super) members: Vec<Member>,
    /// Numbers that are not in use.
    free: Vec<u32>,
    /// How many are `Offline`.
    pub(super) offline: usize,
    /// How many have ever been written down.
    written_down: u64,
    pub(super) slice: Option<Slice>,
}

impl Membership {
    pub(in crate::list) fn new(capacity: usize, slice: Option<Slice>) -> Self {
        let mut membership = Self {
            phase: Phase::Idle,
            names: Names::default(),
            members: vec![],
            free: vec![],
            offline: 0,
            written_down: 0,
            slice,
        };
        membership.reserve(capacity);
        membership
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

    /// Whether a member that is added is retained at once: with a subset it may never be.
    pub(in crate::list) fn retains_at_once(&self) -> bool {
        self.phase.retains() && self.slice.is_none()
    }

    /// How many transports are asked for a peer that is not wanted any more.
    pub(in crate::list) fn unwanted(&self) -> usize {
        let is_unwanted = |member: &&Member| match member.standing() {
            Some(Standing::Asking(then)) => !matches!(then, Then::Seat),
            _ => false,
        };
        self.members.iter().filter(is_unwanted).count()
    }

    pub(in crate::list) fn is_uninitialized(&self, id: &str) -> bool {
        let number = self.find(id);
        let standing = number.and_then(|number| self.members[number as usize].standing());
        matches!(standing, Some(Standing::Offline { .. }))
    }

    pub(in crate::list) fn slot(&self, id: &str) -> Option<SlotRef> {
        match &self.members[self.find(id)? as usize] {
            Member::Seated { retained, .. } => Some(retained.slot),
            Member::Other(_) => None,
        }
    }

    /// All members that have a slot.
    pub(in crate::list) fn seated(&self) -> impl Iterator<Item = (&Arc<str>, SlotRef)> {
        self.members.iter().filter_map(|member| match member {
            Member::Seated { retained, .. } => Some((&retained.id, retained.slot)),
            Member::Other(_) => None,
        })
    }

    /// The names and attributes of all members, those included that are being retained; not those
    /// that are to be forgotten.
    pub(in crate::list) fn all(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Attributes>)> {
        self.members.iter().filter_map(|member| match member {
            Member::Seated { retained, attributes } => Some((&retained.id, attributes)),
            Member::Other(outside) => match &**outside.as_ref()? {
                Outside { standing: Standing::Asking(Then::Forget), .. } => None,
                Outside { id, attributes, .. } => Some((id, attributes)),
            },
        })
    }

    /// Makes room for `more` members.
    pub(in crate::list) fn reserve(&mut self, more: usize) {
        self.names.reserve(more);
        self.members.reserve(more.saturating_sub(self.free.len()));
    }

    /// The number of the member of this name.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.find_hashed(id, self.hash(id))
    }

    pub(super) fn hash(&self, id: &str) -> Hash {
        self.names.hash(id)
    }

    /// The same by the hash of the name.
    pub(super) fn find_hashed(&self, id: &str, hash: Hash) -> Option<u32> {
        let id_of = |number: u32| self.members[number as usize].id();
        self.names.find(hash, |number| id_of(number).is_some_and(|its| **its == *id))
    }

    /// The member of a number, if it has no slot.
    pub(super) fn outside(&mut self, number: u32) -> Option<&mut Outside> {
        match &mut self.members[number as usize] {
            Member::Other(outside) => outside.as_deref_mut(),
            Member::Seated { .. } => None,
        }
    }

    /// Adds a member, of whose name there is none. Returns its number.
    pub(super) fn insert(&mut self, outside: Outside, hash: Hash) -> u32 {
        let member = Member::Other(Some(Box::new(outside)));
        let number = match self.free.pop() {
            Some(number) => {
                self.members[number as usize] = member;
                number
            }
            None => {
                self.members.push(member);
                (self.members.len() - 1) as u32
            }
        };
        self.names.insert(hash, number);
        number
    }

    /// Removes a member by its number and the hash of its name. It is returned, as code of the user's
    /// may run when it is dropped.
    pub(super) fn take(&mut self, number: u32, hash: Hash) -> Member {
        self.names.remove(hash, number);
        self.free.push(number);
        std::mem::replace(&mut self.members[number as usize], Member::Other(None))
    }

    /// Takes the identifiers of all members, after the stop that nothing follows. No member is left. An
    /// identifier is the user's: the caller drops it with no lock held.
    pub(in crate::list) fn take_identifiers(&mut self) -> Vec<Arc<dyn Identifier>> {
        let members = std::mem::take(&mut self.members);
        (self.names, self.free, self.offline) = (Names::default(), vec![], 0);
        let identifier = |member| match member {
            Member::Other(Some(outside)) => match outside.standing {
                Standing::Offline { identifier, .. } => Some(identifier),
                Standing::Asking(_) => None,
            },
            // The stop has written all others down.
            Member::Other(None) | Member::Seated { .. } => None,
        };
        members.into_iter().filter_map(identifier).collect()
    }

    /// How a member stands that waits for the list to retain it, behind those that wait already.
    pub(super) fn written_down(&mut self, identifier: Arc<dyn Identifier>) -> Standing {
        let order = self.written_down;
        self.written_down += 1;
        self.offline += 1;
        Standing::Offline { identifier, order }
    }

    /// Has a member wait, which has been asked for so far or is another one of its name.
    pub(super) fn write_down(&mut self, number: u32, entry: Entry) {
        let Entry { id, identifier, attributes } = entry;
        let standing = self.written_down(identifier);
        if let Some(outside) = self.outside(number) {
            *outside = Outside { id, attributes, standing };
        }
    }
}
