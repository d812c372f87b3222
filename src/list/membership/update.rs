//! One member is added, removed or changed: what becomes of its standing, and what that asks of the
//! caller.

use std::sync::Arc;

use super::entry::Entry;
use super::standing::{Standing, Then};
use super::table::Membership;
use crate::peer::Identifier;
use crate::slot::SlotRef;

/// What adding or removing a member asks of the caller, when the lock is gone.
#[derive(Debug)]
pub(in crate::list) enum Step {
    Nothing,
    Retain,
    Release(SlotRef),
    Reattribute(SlotRef),
    /// To drop: that may run code of the user's.
    Forget(#[expect(dead_code, reason = "held to be dropped later")] Arc<dyn Identifier>),
}

impl Membership {
    /// Adds a member. `None`: it is in the list already.
    pub(in crate::list) fn add(&mut self, entry: &Entry) -> Option<Step> {
        let retains = self.phase.retains();
        match self.members.get_mut(&entry.id) {
            // Removed and added again before the first retain came back. The transport is asked
            // with the old identifier, which is not the one that was added.
            Some(member) if matches!(member.standing, Standing::Asking(Then::Forget)) => {
                member.standing = Standing::Asking(Then::Again(entry.clone()));
                member.attributes = Arc::clone(&entry.attributes);
                Some(Step::Nothing)
            }
            Some(_) => None,
            // With a subset, whether it is retained is settled at the end of the update.
            None if retains && self.slice.is_none() => {
                self.insert(entry, Standing::Asking(Then::Seat));
                Some(Step::Retain)
            }
            None => {
                self.write_down(entry);
                Some(Step::Nothing)
            }
        }
    }

    /// Removes a member. `None`: it is not in the list.
    pub(in crate::list) fn remove(&mut self, id: &str) -> Option<Step> {
        let member = self.members.get_mut(id)?;
        match &mut member.standing {
            Standing::Asking(Then::Forget) => None,
            Standing::Asking(then) => match std::mem::replace(then, Then::Forget) {
                Then::Again(entry) => Some(Step::Forget(entry.identifier)),
                _ => Some(Step::Nothing),
            },
            Standing::Seated(slot) => {
                let slot = *slot;
                self.members.remove(id);
                Some(Step::Release(slot))
            }
            Standing::Offline { .. } => {
                self.offline -= 1;
                let member = self.members.remove(id)?;
                match member.standing {
                    Standing::Offline { identifier, .. } => Some(Step::Forget(identifier)),
                    _ => Some(Step::Nothing),
                }
            }
        }
    }

    /// Removes a member and adds it again at once: it stays, with other attributes. `None`: it is
    /// not in the list.
    pub(in crate::list) fn change(&mut self, entry: &Entry) -> Option<Step> {
        let member = self.members.get_mut(&entry.id)?;
        if matches!(member.standing, Standing::Asking(Then::Forget)) {
            return None;
        }
        member.attributes = Arc::clone(&entry.attributes);
        Some(match &mut member.standing {
            Standing::Seated(slot) => Step::Reattribute(*slot),
            Standing::Asking(Then::Again(next)) => {
                let before = std::mem::replace(next, entry.clone());
                Step::Forget(before.identifier)
            }
            // The retaining thread asks for the attributes when the peer has its seat.
            Standing::Asking(_) => Step::Nothing,
            Standing::Offline { identifier, .. } => {
                Step::Forget(std::mem::replace(identifier, Arc::clone(&entry.identifier)))
            }
        })
    }
}
