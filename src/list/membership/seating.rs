//! A retaining thread and its peer: it asks here whether the peer is wanted, before it asks the
//! transport and after. A removal or a stop in between has left a note in the peer's standing.

use std::sync::Arc;

use super::entry::Entry;
use super::standing::{Standing, Then};
use super::table::Membership;
use crate::attributes::Attributes;
use crate::slot::SlotRef;

/// What the thread that has retained a peer does with it.
#[derive(Debug)]
pub(in crate::list) enum Seating {
    /// The peer has its seat, with these attributes.
    Seated(Arc<Attributes>),
    /// Not wanted any more: release it.
    Unwanted,
    /// Release it, and retain this one.
    Again(Entry),
}

impl Membership {
    /// Whether a peer that is to be retained is still wanted, before its transport is asked. If not,
    /// the member is gone or written down, unless it is to be retained with another identifier.
    pub(in crate::list) fn is_wanted(&mut self, entry: &Entry) -> Seating {
        match self.members.get(&entry.id).map(|member| &member.standing) {
            Some(Standing::Asking(Then::Seat)) => Seating::Seated(Arc::clone(&entry.attributes)),
            _ => self.settle(entry, None),
        }
    }

    /// The peer was retained and has a slot: it takes its seat, if it is still wanted.
    pub(in crate::list) fn take_seat(&mut self, entry: &Entry, slot: SlotRef) -> Seating {
        self.settle(entry, Some(slot))
    }

    /// Acts on the note that a retaining thread finds in the standing of its peer.
    fn settle(&mut self, entry: &Entry, slot: Option<SlotRef>) -> Seating {
        let Some(member) = self.members.get_mut(&entry.id) else { return Seating::Unwanted };
        let Standing::Asking(then) = &mut member.standing else { return Seating::Unwanted };
        match (std::mem::replace(then, Then::Seat), slot) {
            (Then::Seat, Some(slot)) => {
                member.standing = Standing::Seated(slot);
                Seating::Seated(Arc::clone(&member.attributes))
            }
            (Then::Again(next), _) if self.phase.retains() => Seating::Again(next),
            (Then::Again(next), _) => {
                self.members.remove(&entry.id);
                self.write_down(&next);
                Seating::Unwanted
            }
            (Then::WriteDown, _) => {
                let attributes = Arc::clone(&member.attributes);
                self.members.remove(&entry.id);
                self.write_down(&Entry { attributes, ..entry.clone() });
                Seating::Unwanted
            }
            (Then::Seat | Then::Forget, _) => {
                self.members.remove(&entry.id);
                Seating::Unwanted
            }
        }
    }

    /// The transport refused. The member is forgotten, unless it is to be kept for the next start or
    /// the list went offline. Returns the member to retain in its place, if it was replaced.
    pub(in crate::list) fn refused(&mut self, entry: &Entry, keep: bool) -> Option<Entry> {
        let member = self.members.get_mut(&entry.id)?;
        if let Standing::Asking(then @ Then::Seat) = &mut member.standing {
            *then = if keep { Then::WriteDown } else { Then::Forget };
        }
        match self.settle(entry, None) {
            Seating::Again(next) => Some(next),
            _ => None,
        }
    }
}
