//! A retaining thread and its peer: it asks here whether the peer is wanted, before it asks the
//! transport and after. A removal or a stop in between has left a note in the peer's standing.

use std::sync::Arc;

use super::entry::{Asked, Entry};
use super::standing::{Member, Outside, Standing, Then};
use super::table::Membership;
use crate::attributes::Attributes;
use crate::slot::Retained;

/// What the thread that has retained a peer does with it.
#[derive(Debug)]
pub(in crate::list) enum Seating {
    /// The peer has its seat, with these attributes.
    Seated(Arc<Attributes>),
    /// Not wanted any more: release it.
    Unwanted,
    /// Release it, and retain this one.
    Again(Asked),
}

impl Membership {
    /// Whether a peer that is to be retained is still wanted, before its transport is asked. If not,
    /// the member is gone or written down, unless it is to be retained with another identifier.
    pub(in crate::list) fn is_wanted(&mut self, asked: &Asked) -> Seating {
        match self.members[asked.number as usize].standing() {
            Some(Standing::Asking(Then::Seat)) => {
                Seating::Seated(Arc::clone(&asked.entry.attributes))
            }
            _ => self.settle(asked, None),
        }
    }

    /// The peer was retained and has a slot: it takes its seat, if it is still wanted.
    pub(in crate::list) fn take_seat(
        &mut self,
        asked: &Asked,
        retained: &Arc<Retained>,
    ) -> Seating {
        self.settle(asked, Some(retained))
    }

    /// Acts on the note that a retaining thread finds in the standing of its peer.
    fn settle(&mut self, asked: &Asked, retained: Option<&Arc<Retained>>) -> Seating {
        let &Asked { ref entry, number } = asked;
        let Some(outside) = self.outside(number) else { return Seating::Unwanted };
        let Outside { attributes, standing: Standing::Asking(then), .. } = outside else {
            return Seating::Unwanted;
        };
        let attributes = Arc::clone(attributes);
        match (std::mem::replace(then, Then::Seat), retained) {
            (Then::Seat, Some(retained)) => {
                let (retained, its) = (Arc::clone(retained), Arc::clone(&attributes));
                // What it was says that it is asked for, which runs no code when it is dropped.
                self.members[number as usize] = Member::Seated { retained, attributes: its };
                Seating::Seated(attributes)
            }
            (Then::Again(entry), _) if self.phase.retains() => {
                Seating::Again(Asked { entry, number })
            }
            (Then::Again(next), _) => {
                self.write_down(number, next);
                Seating::Unwanted
            }
            (Then::WriteDown, _) => {
                self.write_down(number, Entry { attributes, ..entry.clone() });
                Seating::Unwanted
            }
            (Then::Seat | Then::Forget, _) => {
                self.take(number, self.hash(&entry.id));
                Seating::Unwanted
            }
        }
    }

    /// The transport refused. The member is forgotten, unless it is to be kept for the next start or
    /// the list went offline. Returns the member to retain in its place, if it was replaced.
    pub(in crate::list) fn refused(&mut self, asked: &Asked, keep: bool) -> Option<Asked> {
        if let Standing::Asking(then @ Then::Seat) = &mut self.outside(asked.number)?.standing {
            *then = if keep { Then::WriteDown } else { Then::Forget };
        }
        match self.settle(asked, None) {
            Seating::Again(next) => Some(next),
            _ => None,
        }
    }
}
