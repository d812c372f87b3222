//! Who is in the list.
//!
//! While the list runs every member has a *seat*: a slot of the roster, or the promise of one while
//! its transport is being asked. Before and after it is only written down. One mutex guards both
//! tables and the phase of the list, so that an update never meets a list that is half started: it
//! either comes before the start and is part of it, or after and does its own retaining.
//!
//! Transports are asked with no lock held. Whoever wants a peer gone while it is being retained
//! leaves a note in its seat ([`Fate`]), and the thread that retains it acts on the note.

use std::collections::HashMap;
use std::sync::Arc;

use crate::peer::Identifier;
use crate::slot::SlotRef;

/// Whether the list retains its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
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
    pub(crate) fn retains(self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }
}

/// A member of a list that retains.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Seat {
    /// Its transport is being asked.
    Promised(Fate),
    /// It has a slot.
    Taken(SlotRef),
}

/// What is to become of a peer when its transport has retained it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Keep,
    /// It was removed meanwhile.
    Drop,
    /// The list was stopped, or its start failed, meanwhile.
    GoOffline,
}

/// A member as it goes from hand to hand.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) id: Arc<str>,
    pub(crate) identifier: Arc<dyn Identifier>,
}

impl Member {
    pub(crate) fn of(identifier: Arc<dyn Identifier>) -> Self {
        Self { id: identifier.identifier().into(), identifier }
    }

    /// Its name on a hash ring; the same string if it is the identifier.
    pub(crate) fn shard(&self) -> Arc<str> {
        match self.identifier.shard() {
            shard if *shard == *self.id => Arc::clone(&self.id),
            shard => shard.into(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) phase: Phase,
    online: HashMap<Arc<str>, Seat>,
    offline: HashMap<Arc<str>, Offline>,
    written_down: u64,
}

/// A member of a list that does not retain.
#[derive(Debug)]
struct Offline {
    identifier: Arc<dyn Identifier>,
    /// Members are retained in the order in which they were written down.
    order: u64,
}

/// What adding or removing a member asks of the caller, when the lock is gone.
#[derive(Debug)]
pub(crate) enum Todo {
    Nothing,
    Retain,
    Release(SlotRef),
    /// Drop it: that may run code of the user's.
    Forget(#[expect(dead_code, reason = "held to be dropped later")] Arc<dyn Identifier>),
}

impl Membership {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            phase: Phase::Idle,
            online: HashMap::with_capacity(capacity),
            offline: HashMap::new(),
            written_down: 0,
        }
    }

    /// Known members that have no seat.
    pub(crate) fn uninitialized(&self) -> usize {
        self.offline.len()
    }

    pub(crate) fn is_uninitialized(&self, id: &str) -> bool {
        self.offline.contains_key(id)
    }

    pub(crate) fn tenancy(&self, id: &str) -> Option<SlotRef> {
        match self.online.get(id)? {
            Seat::Taken(tenancy) => Some(*tenancy),
            Seat::Promised(_) => None,
        }
    }

    /// All members that have a slot.
    pub(crate) fn seated(&self) -> impl Iterator<Item = (&Arc<str>, SlotRef)> {
        self.online.iter().filter_map(|(id, seat)| match seat {
            Seat::Taken(tenancy) => Some((id, *tenancy)),
            Seat::Promised(_) => None,
        })
    }

    /// Makes room for so many members.
    pub(crate) fn reserve(&mut self, more: usize) {
        if self.phase.retains() {
            self.online.reserve(more);
        } else {
            self.offline.reserve(more);
        }
    }

    /// Adds a member. `None`: it is in the list already.
    pub(crate) fn add(&mut self, member: &Member) -> Option<Todo> {
        let retains = self.phase.retains();
        match self.online.get_mut(&member.id) {
            // Removed and added again before the first retain came back: one will do.
            Some(Seat::Promised(fate @ Fate::Drop)) => {
                *fate = if retains { Fate::Keep } else { Fate::GoOffline };
                Some(Todo::Nothing)
            }
            Some(_) => None,
            None if retains => {
                self.online.insert(Arc::clone(&member.id), Seat::Promised(Fate::Keep));
                Some(Todo::Retain)
            }
            None if self.offline.contains_key(&member.id) => None,
            None => {
                self.write_down(member);
                Some(Todo::Nothing)
            }
        }
    }

    /// Removes a member. `None`: it is not in the list.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Todo> {
        match self.online.get_mut(id) {
            None => self.offline.remove(id).map(|offline| Todo::Forget(offline.identifier)),
            Some(Seat::Promised(Fate::Drop)) => None,
            Some(Seat::Promised(fate)) => {
                *fate = Fate::Drop;
                Some(Todo::Nothing)
            }
            Some(Seat::Taken(tenancy)) => {
                let tenancy = *tenancy;
                self.online.remove(id);
                Some(Todo::Release(tenancy))
            }
        }
    }

    /// Whether a promised seat is still wanted, before its transport is asked.
    pub(crate) fn fate(&self, id: &str) -> Fate {
        match self.online.get(id) {
            Some(Seat::Promised(fate)) => *fate,
            _ => Fate::Keep,
        }
    }

    /// A promised peer has a slot now, unless its fate is another: then its seat is gone, and the
    /// caller releases it.
    pub(crate) fn take_seat(&mut self, member: &Member, tenancy: SlotRef) -> bool {
        if let Some(seat @ Seat::Promised(Fate::Keep)) = self.online.get_mut(&member.id) {
            *seat = Seat::Taken(tenancy);
            return true;
        }
        self.give_up_seat(member, false);
        false
    }

    /// A promised peer will not have a slot. `keep`: it stays a member of a list that goes offline.
    pub(crate) fn give_up_seat(&mut self, member: &Member, keep: bool) {
        let offline = self.fate(&member.id) == Fate::GoOffline || keep;
        self.online.remove(&member.id);
        if offline {
            self.write_down(member);
        }
    }

    fn write_down(&mut self, Member { id, identifier }: &Member) {
        let offline = Offline { identifier: Arc::clone(identifier), order: self.written_down };
        self.written_down += 1;
        self.offline.insert(Arc::clone(id), offline);
    }

    /// Begins to retain: the members to retain, in the order in which they were written down.
    pub(crate) fn go_online(&mut self) -> Vec<Member> {
        self.phase = Phase::Starting;
        self.online.reserve(self.offline.len());
        let mut written: Vec<_> = self.offline.drain().collect();
        written.sort_unstable_by_key(|(_, offline)| offline.order);
        let members: Vec<Member> = written
            .into_iter()
            .map(|(id, offline)| Member { id, identifier: offline.identifier })
            .collect();
        // Peers of an attempt that failed, whose transport is still being asked.
        for seat in self.online.values_mut() {
            if let Seat::Promised(fate @ Fate::GoOffline) = seat {
                *fate = Fate::Keep;
            }
        }
        for member in &members {
            self.online.insert(Arc::clone(&member.id), Seat::Promised(Fate::Keep));
        }
        members
    }

    /// Ceases to retain: the slots to release, in the order of their names. Their members are
    /// written down again; those whose transport is just being asked follow when it has answered.
    pub(crate) fn go_offline(
        &mut self,
        phase: Phase,
        identifier: impl Fn(SlotRef) -> Option<Arc<dyn Identifier>>,
    ) -> Vec<SlotRef> {
        if self.phase != Phase::Stopped {
            self.phase = phase;
        }
        let mut seated = vec![];
        self.online.retain(|id, seat| match seat {
            Seat::Taken(tenancy) => {
                seated.push((Arc::clone(id), *tenancy));
                false
            }
            Seat::Promised(fate) => {
                if *fate == Fate::Keep {
                    *fate = Fate::GoOffline;
                }
                true
            }
        });
        seated.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (id, tenancy) in &seated {
            if let Some(identifier) = identifier(*tenancy) {
                self.write_down(&Member { id: Arc::clone(id), identifier });
            }
        }
        seated.into_iter().map(|(_, tenancy)| tenancy).collect()
    }
}
