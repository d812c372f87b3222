//! All members of the list on a hash ring, whether they are available or not.
//!
//! Joining and leaving are written down under the roster's mutex and worked off together when the
//! batch is over: one merge of sorted tables, outside that mutex, while choosers go on with the old
//! table. So an update of a thousand peers builds one table and not a thousand.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::ring_table::{Member, Replicas, RingTable, Seat};
use super::snapshot::Snapshot;
use crate::policy::choice::{Choice, Nothing};
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::{AtomicBool, Mutex, Ordering};

/// The largest offset of a lookup: what was skipped is remembered on the stack.
pub(crate) const MAX_OFFSET: usize = 255;

/// The members of the list on a ring.
pub(crate) struct Ring {
    home: Home,
    replicas: Replicas,
    table: Snapshot<RingTable>,
    /// Written under the roster's mutex.
    changes: Mutex<Changes>,
    changed: AtomicBool,
    /// Held by the one who works changes off.
    building: Mutex<()>,
}

#[derive(Default)]
struct Changes {
    joined: Vec<(Arc<str>, Seat)>,
    left: HashSet<Key>,
}

/// Where a lookup begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// At the first point at or after this hash.
    Hash(u32),
    /// At any point: one of 2³² even chances.
    Anywhere(u32),
}

impl Ring {
    pub(crate) fn new(replicas: u32, delimiter: String) -> Self {
        Self {
            home: Home::default(),
            replicas: Replicas { count: replicas, delimiter },
            table: Snapshot::new(RingTable::default()),
            changes: Mutex::new(Changes::default()),
            changed: AtomicBool::new(false),
            building: Mutex::new(()),
        }
    }

    /// Pins a peer of the member called `name`.
    pub(crate) fn named<'r>(
        &self,
        roster: &'r Roster,
        name: &[u8],
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        let who = Eligible { roster, except };
        self.table.read(|table| who.pin(table.member(name)?))
    }

    /// Pins a peer of the member that comes `offset` members after the first, clockwise from
    /// `start`, counting distinct members that have an available peer. Offsets above
    /// [`MAX_OFFSET`] are cut to it.
    pub(crate) fn lookup<'r>(
        &self,
        roster: &'r Roster,
        start: Start,
        offset: usize,
        except: &[Key],
    ) -> Choice<'r> {
        let offset = offset.min(MAX_OFFSET);
        // Walking the whole ring in vain is work: do not begin.
        if !self.home.is(roster) || roster.available() <= offset {
            return Err(Nothing::TooFew(offset + 1));
        }
        let who = Eligible { roster, except };
        let pinned = self.table.read(|table| match start {
            Start::Hash(hash) => who.walk(table.walk(hash), offset),
            Start::Anywhere(bits) => {
                let point = crate::rng::scale(bits, table.points().max(1));
                who.walk(table.walk_from(point), offset)
            }
        });
        // Peers that share a shard name are one member, so more of them may be needed than that.
        pinned.ok_or(Nothing::Excluded)
    }
}

/// Who can be chosen on the ring.
#[derive(Clone, Copy)]
struct Eligible<'r, 'e> {
    roster: &'r Roster,
    except: &'e [Key],
}

impl<'r> Eligible<'r, '_> {
    fn walk<'t>(
        self,
        mut members: impl Iterator<Item = (u32, &'t Member)>,
        offset: usize,
    ) -> Option<Pinned<'r>> {
        if offset == 0 {
            return members.find_map(|(_, member)| self.pin(member));
        }
        let mut skipped = [0; MAX_OFFSET];
        let mut count = 0;
        for (number, member) in members {
            if skipped[..count].contains(&number) || !self.can(member) {
                continue;
            }
            if count < offset {
                skipped[count] = number;
                count += 1;
            } else if let Some(pinned) = self.pin(member) {
                return Some(pinned);
            }
        }
        None
    }

    fn can(self, member: &Member) -> bool {
        self.seats(member).any(|(entry, key)| entry.is_available_as(key))
    }

    fn pin(self, member: &Member) -> Option<Pinned<'r>> {
        self.seats(member).find_map(|(entry, key)| entry.pin_as(key))
    }

    fn seats(self, member: &Member) -> impl Iterator<Item = (Entry<'r>, Key)> {
        let seats = member.seats.iter().filter(move |seat| !self.except.contains(&seat.peer.key));
        seats.map(move |seat| (self.roster.entry(seat.peer), seat.peer.key))
    }
}

impl Index for Ring {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        let seat = Seat { id: Arc::clone(about.id), peer: peer.slot_ref() };
        self.changes.lock().joined.push((Arc::clone(about.shard()), seat));
        self.changed.store(true, Ordering::Release);
    }

    fn left(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.changes.lock().left.insert(peer.key());
        self.changed.store(true, Ordering::Release);
    }

    fn after_batch(&self) -> bool {
        if !self.changed.load(Ordering::Acquire) {
            return false;
        }
        let _building = self.building.lock();
        self.changed.store(false, Ordering::Relaxed);
        let changes = std::mem::take(&mut *self.changes.lock());
        if changes.joined.is_empty() && changes.left.is_empty() {
            return false;
        }
        let next = self
            .table
            .read(|table| table.with_members(changes.apply(table.members()), &self.replicas));
        self.table.replace(next);
        true
    }
}

impl Changes {
    /// The members after the changes, in the order of their names.
    fn apply(self, members: &[Member]) -> Vec<Member> {
        let mut new: BTreeMap<Arc<str>, Vec<Seat>> = BTreeMap::new();
        for (name, seat) in self.joined {
            if !self.left.contains(&seat.peer.key) {
                new.entry(name).or_default().push(seat);
            }
        }
        let mut merged = Vec::with_capacity(members.len() + new.len());
        for member in members {
            let mut seats = member.seats.clone();
            seats.retain(|seat| !self.left.contains(&seat.peer.key));
            match new.get_mut(&member.name) {
                Some(more) => more.append(&mut seats),
                None if seats.is_empty() => {}
                None => merged.push(Member { name: Arc::clone(&member.name), seats }),
            }
        }
        merged.extend(new.into_iter().map(|(name, mut seats)| {
            seats.sort_by(|a, b| a.id.cmp(&b.id));
            seats.shrink_to_fit();
            Member { name, seats }
        }));
        merged.sort_by(|a, b| a.name.cmp(&b.name));
        merged
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ring").field("replicas", &self.replicas).finish_non_exhaustive()
    }
}
