//! Who is in the list.
//!
//! Every member stands in one of three ways, and one table keeps them all:
//!
//! ```text
//!  standing     removed            added             list goes offline   list goes online
//!  Offline      forgotten          a duplicate       –                   → Asking(Seat), is retained
//!  Asking(t)    t = Forget         a duplicate, or   t = WriteDown       t = Seat
//!                                  Again if Forget
//!  Seated(s)    s is released      a duplicate       s is released,      –
//!                                                    → Offline
//! ```
//!
//! A list that uses a [subset](super::slice) does not retain all of its members: those outside are
//! `Offline` although it runs. Who is inside is settled at the end of each update, and a member that
//! gets outside is released as by a list that goes offline.
//!
//! One mutex guards the table and the phase of the list, so that an update never meets a list that is
//! half started: it either comes before the start and is part of it, or after and does its own
//! retaining. Transports are asked with no lock held: a thread that wants a peer gone while another
//! one retains it leaves a note in its standing ([`Then`]), and the retaining thread acts on it.

use std::collections::HashMap;
use std::sync::Arc;

use super::slice::Slice;
use crate::attributes::Attributes;
use crate::peer::Identifier;
use crate::slot::SlotRef;

/// Whether the list retains its members. The one truth about it: whether the roster is open and the
/// gate closed follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not started, or a start failed.
    Idle,
    /// Retaining, not handing out yet.
    Starting,
    /// Retaining and handing out.
    Running,
    /// Stopped, for good.
    Stopped,
}

impl Phase {
    pub(super) fn retains(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }
}

/// A member as it goes from hand to hand: its identifier, and what was read of it once.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: Arc<str>,
    pub(super) identifier: Arc<dyn Identifier>,
    pub(super) attributes: Arc<Attributes>,
}

#[derive(Debug)]
struct Member {
    attributes: Arc<Attributes>,
    standing: Standing,
}

#[derive(Debug)]
enum Standing {
    /// The list does not retain. Members are retained in the order in which they were written down.
    Offline { identifier: Arc<dyn Identifier>, order: u64 },
    /// Its transport is being asked.
    Asking(Then),
    /// It has a slot.
    Seated(SlotRef),
}

/// What is to become of a peer when its transport has retained it.
#[derive(Debug)]
enum Then {
    Seat,
    /// It was removed while the transport was asked.
    Forget,
    /// It was removed, and added again with another identifier: released, and retained anew.
    Again(Entry),
    /// The list was stopped, or its start failed, while the transport was asked.
    WriteDown,
}

/// What adding or removing a member asks of the caller, when the lock is gone.
#[derive(Debug)]
pub(super) enum Step {
    Nothing,
    Retain,
    Release(SlotRef),
    Reattribute(SlotRef),
    /// To drop: that may run code of the user's.
    Forget(#[expect(dead_code, reason = "held to be dropped later")] Arc<dyn Identifier>),
}

/// What the thread that has retained a peer does with it.
#[derive(Debug)]
pub(super) enum Seating {
    /// The peer has its seat, with these attributes.
    Seated(Arc<Attributes>),
    /// Not wanted any more: release it.
    Unwanted,
    /// Release it, and retain this one.
    Again(Entry),
}

#[derive(Debug)]
pub(super) struct Membership {
    phase: Phase,
    members: HashMap<Arc<str>, Member>,
    offline: usize,
    written_down: u64,
    slice: Option<Slice>,
}

/// What changes when it is settled who is in the subset.
#[derive(Debug, Default)]
pub(super) struct Resliced {
    pub(super) joining: Vec<Entry>,
    pub(super) leaving: Vec<SlotRef>,
    /// How many are inside now.
    pub(super) used: usize,
    /// Of how many.
    pub(super) members: usize,
}

impl Membership {
    pub(super) fn new(capacity: usize, slice: Option<Slice>) -> Self {
        let members = HashMap::with_capacity(capacity);
        Self { phase: Phase::Idle, members, offline: 0, written_down: 0, slice }
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// Only `ListShared::enter_phase` calls it.
    pub(super) fn set_phase(&mut self, phase: Phase) {
        self.phase = phase;
    }

    /// Known members that are not retained.
    pub(super) fn uninitialized(&self) -> usize {
        self.offline
    }

    /// How many transports are asked for a peer that is not wanted any more.
    pub(super) fn unwanted(&self) -> usize {
        let is_unwanted = |member: &&Member| match &member.standing {
            Standing::Asking(then) => !matches!(then, Then::Seat),
            _ => false,
        };
        self.members.values().filter(is_unwanted).count()
    }

    pub(super) fn is_uninitialized(&self, id: &str) -> bool {
        let member = self.members.get(id);
        member.is_some_and(|member| matches!(member.standing, Standing::Offline { .. }))
    }

    pub(super) fn slot(&self, id: &str) -> Option<SlotRef> {
        match self.members.get(id)?.standing {
            Standing::Seated(slot) => Some(slot),
            _ => None,
        }
    }

    /// All members that have a slot.
    pub(super) fn seated(&self) -> impl Iterator<Item = (&Arc<str>, SlotRef)> {
        self.members.iter().filter_map(|(id, member)| match member.standing {
            Standing::Seated(slot) => Some((id, slot)),
            _ => None,
        })
    }

    /// The names and attributes of all members, those included that are being retained; not those
    /// that are to be forgotten.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Attributes>)> {
        let members = self.members.iter();
        members.filter_map(|(id, member)| match &member.standing {
            Standing::Asking(Then::Forget) => None,
            _ => Some((id, &member.attributes)),
        })
    }

    /// Makes room for `more` members.
    pub(super) fn reserve(&mut self, more: usize) {
        self.members.reserve(more);
    }

    /// Adds a member. `None`: it is in the list already.
    pub(super) fn add(&mut self, entry: &Entry) -> Option<Step> {
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
    pub(super) fn remove(&mut self, id: &str) -> Option<Step> {
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
    pub(super) fn change(&mut self, entry: &Entry) -> Option<Step> {
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

    /// Whether a peer that is to be retained is still wanted, before its transport is asked. If not,
    /// the member is gone or written down, unless it is to be retained with another identifier.
    pub(super) fn is_wanted(&mut self, entry: &Entry) -> Seating {
        match self.members.get(&entry.id).map(|member| &member.standing) {
            Some(Standing::Asking(Then::Seat)) => Seating::Seated(Arc::clone(&entry.attributes)),
            _ => self.settle(entry, None),
        }
    }

    /// The peer was retained and has a slot: it takes its seat, if it is still wanted.
    pub(super) fn take_seat(&mut self, entry: &Entry, slot: SlotRef) -> Seating {
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
    pub(super) fn refused(&mut self, entry: &Entry, keep: bool) -> Option<Entry> {
        let member = self.members.get_mut(&entry.id)?;
        if let Standing::Asking(then @ Then::Seat) = &mut member.standing {
            *then = if keep { Then::WriteDown } else { Then::Forget };
        }
        match self.settle(entry, None) {
            Seating::Again(next) => Some(next),
            _ => None,
        }
    }

    fn insert(&mut self, entry: &Entry, standing: Standing) {
        let member = Member { attributes: Arc::clone(&entry.attributes), standing };
        self.members.insert(Arc::clone(&entry.id), member);
    }

    fn write_down(&mut self, entry: &Entry) {
        let identifier = Arc::clone(&entry.identifier);
        self.insert(entry, Standing::Offline { identifier, order: self.written_down });
        self.written_down += 1;
        self.offline += 1;
    }

    /// Begins to retain: the members to retain, in the order in which they were written down. With a
    /// subset `reslice` says which.
    pub(super) fn go_online(&mut self) -> Vec<Entry> {
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
    pub(super) fn reslice(
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
    pub(super) fn go_offline(
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
