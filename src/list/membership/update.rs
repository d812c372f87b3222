//! One member is added, removed or changed: what becomes of its standing, and what that asks of the
//! caller.

use std::sync::Arc;

use super::entry::{Asked, Entry};
use super::standing::{Member, Outside, Standing, Then};
use super::table::Membership;
use crate::names::Hash;
use crate::peer::Identifier;
use crate::slot::SlotRef;

/// What adding or removing a member asks of the caller, when the lock is gone.
#[derive(Debug)]
pub(in crate::list) enum Step {
    Nothing,
    Retain(Asked),
    Release(SlotRef),
    Reattribute(SlotRef),
    /// To drop: that may run code of the user's.
    Forget(#[expect(dead_code, reason = "held to be dropped later")] Arc<dyn Identifier>),
}

impl Membership {
    /// Adds a member. It comes back if it is in the list already: to be dropped with no lock held.
    pub(in crate::list) fn add(&mut self, entry: Entry) -> Result<Step, Entry> {
        let hash = self.hash(&entry.id);
        let Some(number) = self.find_hashed(&entry.id, hash) else {
            return Ok(self.join(entry, hash));
        };
        match self.outside(number) {
            // Removed and added again before the first retain came back. The transport is asked
            // with the old identifier, which is not the one that was added.
            Some(outside) if matches!(outside.standing, Standing::Asking(Then::Forget)) => {
                outside.attributes = Arc::clone(&entry.attributes);
                outside.standing = Standing::Asking(Then::Again(entry));
                Ok(Step::Nothing)
            }
            _ => Err(entry),
        }
    }

    fn join(&mut self, entry: Entry, hash: Hash) -> Step {
        let (id, attributes) = (Arc::clone(&entry.id), Arc::clone(&entry.attributes));
        // With a subset, whether it is retained is settled at the end of the update.
        if self.retains_at_once() {
            let standing = Standing::Asking(Then::Seat);
            let number = self.insert(Outside { id, attributes, standing }, hash);
            return Step::Retain(Asked { entry, number });
        }
        let standing = self.written_down(entry.identifier);
        self.insert(Outside { id, attributes, standing }, hash);
        Step::Nothing
    }

    /// Removes a member. `None`: it is not in the list.
    pub(in crate::list) fn remove(&mut self, id: &str) -> Option<Step> {
        let hash = self.hash(id);
        let number = self.find_hashed(id, hash)?;
        if let Some(Outside { standing: Standing::Asking(then), .. }) = self.outside(number) {
            return match std::mem::replace(then, Then::Forget) {
                Then::Forget => None,
                Then::Again(entry) => Some(Step::Forget(entry.identifier)),
                _ => Some(Step::Nothing),
            };
        }
        Some(match self.take(number, hash) {
            // Its slot has a reference too: this is not the last one.
            Member::Seated { retained, .. } => Step::Release(retained.slot),
            Member::Other(outside) => {
                self.offline -= 1;
                match outside?.standing {
                    Standing::Offline { identifier, .. } => Step::Forget(identifier),
                    Standing::Asking(_) => Step::Nothing,
                }
            }
        })
    }

    /// Removes a member and adds it again at once: it stays, with other attributes. `None`: it is
    /// not in the list.
    pub(in crate::list) fn change(&mut self, entry: &Entry) -> Option<Step> {
        let number = self.find(&entry.id)?;
        let outside = match &mut self.members[number as usize] {
            Member::Seated { retained, attributes } => {
                *attributes = Arc::clone(&entry.attributes);
                return Some(Step::Reattribute(retained.slot));
            }
            Member::Other(outside) => outside.as_deref_mut()?,
        };
        if matches!(outside.standing, Standing::Asking(Then::Forget)) {
            return None;
        }
        outside.attributes = Arc::clone(&entry.attributes);
        Some(match &mut outside.standing {
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
