//! All members at once: the list begins to retain them, ceases to, or settles which of them are in its
//! subset.

use std::sync::Arc;

use super::entry::Entry;
use super::standing::{Standing, Then};
use super::table::Membership;
use crate::peer::Identifier;
use crate::slot::SlotRef;

/// What changes when it is settled who is in the subset.
#[derive(Debug, Default)]
pub(in crate::list) struct Resliced {
    pub(in crate::list) joining: Vec<Entry>,
    pub(in crate::list) leaving: Vec<SlotRef>,
    /// How many are inside now.
    pub(in crate::list) used: usize,
    /// Of how many.
    pub(in crate::list) members: usize,
}

impl Membership {
    /// Begins to retain: the members to retain, in the order in which they were written down. With a
    /// subset `reslice` says which.
    pub(in crate::list) fn go_online(&mut self) -> Vec<Entry> {
        if self.slice.is_some() {
            return vec![];
        }
        let mut written = vec![];
        for (id, member) in &mut self.members {
            match &mut member.standing {
                Standing::Offline { identifier, order } => {
                    let (id, attributes) = (Arc::clone(id), Arc::clone(&member.attributes));
                    written.push((
                        *order,
                        Entry { id, identifier: Arc::clone(identifier), attributes },
                    ));
                    member.standing = Standing::Asking(Then::Seat);
                }
                // A start before this one failed while this peer's `retain_peer` was running. It is
                // wanted again.
                Standing::Asking(then @ Then::WriteDown) => *then = Then::Seat,
                Standing::Asking(_) | Standing::Seated(_) => {}
            }
        }
        self.offline = 0;
        written.sort_unstable_by_key(|(order, _)| *order);
        written.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Settles who is in the subset, if the list retains and has one: the members to retain, and the
    /// slots to release.
    pub(in crate::list) fn reslice(
        &mut self,
        identifier: impl Fn(SlotRef) -> Option<Arc<dyn Identifier>>,
    ) -> Resliced {
        let (mut resliced, mut joining) = (Resliced::default(), vec![]);
        let Some(slice) = self.slice.as_ref().filter(|_| self.phase.retains()) else {
            return resliced;
        };
        let ids: Vec<Arc<str>> = self.all().map(|(id, _)| Arc::clone(id)).collect();
        let picks = slice.picks(&ids.iter().map(|id| &**id).collect::<Vec<_>>());
        resliced.members = ids.len();
        resliced.used = picks.iter().filter(|pick| **pick).count();
        for (id, is_inside) in ids.iter().zip(picks) {
            let Some(member) = self.members.get_mut(id) else { continue };
            let attributes = Arc::clone(&member.attributes);
            match (&mut member.standing, is_inside) {
                (Standing::Offline { identifier, order }, true) => {
                    let identifier = Arc::clone(identifier);
                    joining.push((*order, Entry { id: Arc::clone(id), identifier, attributes }));
                    member.standing = Standing::Asking(Then::Seat);
                    self.offline -= 1;
                }
                (Standing::Asking(then @ Then::WriteDown), true) => *then = Then::Seat,
                (Standing::Asking(then @ Then::Seat), false) => *then = Then::WriteDown,
                (Standing::Seated(slot), false) => {
                    let slot = *slot;
                    if let Some(identifier) = identifier(slot) {
                        resliced.leaving.push(slot);
                        self.write_down(&Entry { id: Arc::clone(id), identifier, attributes });
                    }
                }
                _ => {}
            }
        }
        joining.sort_unstable_by_key(|(order, _)| *order);
        resliced.joining = joining.into_iter().map(|(_, entry)| entry).collect();
        resliced
    }

    /// Ceases to retain: the slots to release, in the order of their names. Their members are
    /// written down again; those whose transport is just being asked follow when it has answered.
    pub(in crate::list) fn go_offline(
        &mut self,
        identifier: impl Fn(SlotRef) -> Option<Arc<dyn Identifier>>,
    ) -> Vec<SlotRef> {
        let mut leaving: Vec<_> = self.seated().map(|(id, slot)| (Arc::clone(id), slot)).collect();
        leaving.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for member in self.members.values_mut() {
            if let Standing::Asking(then @ Then::Seat) = &mut member.standing {
                *then = Then::WriteDown;
            }
        }
        for (id, slot) in &leaving {
            let Some(member) = self.members.get(id) else { continue };
            let attributes = Arc::clone(&member.attributes);
            if let Some(identifier) = identifier(*slot) {
                self.write_down(&Entry { id: Arc::clone(id), identifier, attributes });
            }
        }
        leaving.into_iter().map(|(_, slot)| slot).collect()
    }
}
