//! All members at once: the list begins to retain them, ceases to, or settles which of them are in its
//! subset.

use std::sync::Arc;

use super::entry::{Asked, Entry};
use super::standing::{Member, Outside, Standing, Then};
use super::table::Membership;
use crate::slot::SlotRef;

/// What changes when it is settled who is in the subset.
#[derive(Debug, Default)]
pub(in crate::list) struct Resliced {
    pub(in crate::list) joining: Vec<Asked>,
    pub(in crate::list) leaving: Vec<SlotRef>,
    /// How many are inside now.
    pub(in crate::list) used: usize,
    /// Of how many.
    pub(in crate::list) members: usize,
}

impl Membership {
    /// Begins to retain: the members to retain, in the order in which they were written down. With a
    /// subset `reslice` says which.
    pub(in crate::list) fn go_online(&mut self) -> Vec<Asked> {
        if self.slice.is_some() {
            return vec![];
        }
        let mut written = vec![];
        for number in 0..self.members.len() as u32 {
            written.extend(self.ask_for(number));
        }
        in_order(written)
    }

    /// Settles who is in the subset, if the list retains and has one: the members to retain, and the
    /// slots to release.
    pub(in crate::list) fn reslice(&mut self) -> Resliced {
        let (mut resliced, mut joining) = (Resliced::default(), vec![]);
        let Some(slice) = self.slice.as_ref().filter(|_| self.phase.retains()) else {
            return resliced;
        };
        let ids: Vec<Arc<str>> = self.all().map(|(id, _)| Arc::clone(id)).collect();
        let picks = slice.picks(&ids.iter().map(|id| &**id).collect::<Vec<_>>());
        resliced.members = ids.len();
        resliced.used = picks.iter().filter(|pick| **pick).count();
        for (id, is_inside) in ids.iter().zip(picks) {
            let Some(number) = self.find(id) else { continue };
            if is_inside {
                joining.extend(self.ask_for(number));
            } else {
                resliced.leaving.extend(self.leave_off(number));
            }
        }
        resliced.joining = in_order(joining);
        resliced
    }

    /// Ceases to retain: the slots to release, in the order of their names. Their members are
    /// written down again; those whose transport is just being asked follow when it has answered.
    pub(in crate::list) fn go_offline(&mut self) -> Vec<SlotRef> {
        let is_member = |number: &u32| self.members[*number as usize].id().is_some();
        let mut numbers: Vec<u32> = (0..self.members.len() as u32).filter(is_member).collect();
        let id = |number: u32| self.members[number as usize].id();
        numbers.sort_unstable_by(|a, b| id(*a).cmp(&id(*b)));
        numbers.into_iter().filter_map(|number| self.leave_off(number)).collect()
    }

    /// A member is to be retained. Returns it, with its order, if its transport is to be asked.
    fn ask_for(&mut self, number: u32) -> Option<(u64, Asked)> {
        let outside = self.outside(number)?;
        let before = std::mem::replace(&mut outside.standing, Standing::Asking(Then::Seat));
        match before {
            Standing::Offline { identifier, order } => {
                let (id, attributes) = (Arc::clone(&outside.id), Arc::clone(&outside.attributes));
                self.offline -= 1;
                Some((order, Asked { entry: Entry { id, identifier, attributes }, number }))
            }
            // A start before this one failed while this peer's `retain_peer` was running. It is
            // wanted again.
            Standing::Asking(Then::WriteDown) => None,
            asking => {
                outside.standing = asking;
                None
            }
        }
    }

    /// A member is not to be retained any more: it is written down, if it has a slot or as soon as
    /// its transport has answered. Returns the slot to release.
    fn leave_off(&mut self, number: u32) -> Option<SlotRef> {
        match &mut self.members[number as usize] {
            Member::Seated { retained, attributes } => {
                let (id, attributes) = (Arc::clone(&retained.id), Arc::clone(attributes));
                let (identifier, slot) = (Arc::clone(&retained.identifier), retained.slot);
                let standing = self.written_down(identifier);
                let outside = Some(Box::new(Outside { id, attributes, standing }));
                // Its slot has a reference to what goes here: it is not the last one.
                self.members[number as usize] = Member::Other(outside);
                Some(slot)
            }
            Member::Other(Some(outside)) => {
                if let Standing::Asking(then @ Then::Seat) = &mut outside.standing {
                    *then = Then::WriteDown;
                }
                None
            }
            Member::Other(None) => None,
        }
    }
}

fn in_order(mut written: Vec<(u64, Asked)>) -> Vec<Asked> {
    written.sort_unstable_by_key(|(order, _)| *order);
    written.into_iter().map(|(_, asked)| asked).collect()
}
