//! What the roster tells, and what a choice asks.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::table::{self, Place};
use crate::policy::choice::{Choice, Nothing};
use crate::policy::engine::ring::Seats;
use crate::policy::engine::room::Room;
use crate::policy::engine::snapshot::Snapshot;
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned, SlotRef};
use crate::sync::Mutex;

/// How often a key is hashed again before the places are gone through one by one.
const ATTEMPTS: u32 = 32;

/// The members of a list in a table.
pub(crate) struct MaglevIndex {
    home: Home,
    table: Snapshot<Table>,
    /// What the roster has told since the last batch, in order. Written under the roster's mutex.
    changes: Mutex<Vec<Change>>,
    /// Held from before changes are taken until they are in the table.
    books: Mutex<Books>,
}

/// As a choice reads it.
#[derive(Debug, Clone, Default)]
struct Table {
    /// By slot: the number of a place.
    slots: Arc<[u32]>,
    /// By number of the place: who sits there, in the order of identifiers.
    seats: Arc<[Seats]>,
}

#[derive(Debug)]
enum Change {
    /// The peer has joined, or its attributes are others now.
    Seated(Member),
    Left(Key),
}

#[derive(Debug, Clone)]
struct Member {
    peer: SlotRef,
    id: Arc<str>,
    place: Arc<str>,
    weight: u16,
}

impl Member {
    /// Whether it is the same peer, and sits there with the same weight.
    fn is_as(&self, other: &Self) -> bool {
        self.peer.key == other.peer.key
            && (&self.place, self.weight) == (&other.place, other.weight)
    }
}

#[derive(Debug, Default)]
struct Books {
    /// By [`Key::index`].
    members: BTreeMap<usize, Member>,
    /// What the table was built for.
    places: Vec<Place>,
    table: Table,
}

impl Books {
    /// Works off changes. Returns whether there are any, and whether a peer sits where it did not before.
    fn apply(&mut self, changes: Vec<Change>) -> (bool, bool) {
        let (mut changed, mut arrived) = (false, false);
        for change in changes {
            match change {
                Change::Seated(member) => {
                    let index = member.peer.key.index();
                    if !self.members.get(&index).is_some_and(|known| known.is_as(&member)) {
                        (changed, arrived) = (true, true);
                        self.members.insert(index, member);
                    }
                }
                Change::Left(key) => {
                    let member = self.members.get(&key.index());
                    if member.is_some_and(|member| member.peer.key == key) {
                        changed = true;
                        self.members.remove(&key.index());
                    }
                }
            }
        }
        if changed {
            self.build();
        }
        (changed, arrived)
    }

    fn build(&mut self) {
        let mut members: Vec<_> = self.members.values().collect();
        members.sort_by(|a, b| (&a.place, &a.id).cmp(&(&b.place, &b.id)));
        let shared: Vec<_> = members.chunk_by(|a, b| a.place == b.place).collect();
        // Peers of one place stand in for each other: together they weigh what the heaviest does.
        let place = |peers: &&[&Member]| Place {
            name: Arc::clone(&peers[0].place),
            weight: peers.iter().map(|peer| peer.weight).max().unwrap_or(1),
        };
        let places: Vec<_> = shared.iter().map(place).collect();
        let seats = |peers: &[&Member]| -> Vec<_> { peers.iter().map(|peer| peer.peer).collect() };
        self.table.seats = shared.iter().map(|peers| Seats::of(&seats(peers))).collect();
        if places != self.places {
            self.table.slots = table::build(&places).into();
            self.places = places;
        }
    }
}

impl MaglevIndex {
    pub(crate) fn new() -> Self {
        Self {
            home: Home::default(),
            table: Snapshot::new(Table::default()),
            changes: Mutex::new(vec![]),
            books: Mutex::new(Books::default()),
        }
    }

    /// Pins the peer to which a key with this hash belongs, of those that can be chosen and are not in
    /// `except`.
    #[inline]
    pub(crate) fn look_up<'r>(&self, roster: &'r Roster, hash: u32, except: &[Key]) -> Choice<'r> {
        if !self.home.is(roster) || roster.available() == 0 {
            return Err(Nothing::Unavailable);
        }
        let pin = |seats: &Seats| pin(roster, seats, except);
        let found = self.table.read(|table| table.look_up(hash, pin));
        found.map_or_else(|| self.look_up_still(roster, hash, except), Ok)
    }

    /// The same of those with fewer requests than `limit`. `None`: none was found.
    pub(crate) fn look_up_below<'r>(
        &self,
        roster: &'r Roster,
        hash: u32,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        self.table.read(|table| table.look_up(hash, |seats| pin_below(roster, seats, except, room)))
    }

    /// The same where nothing moves: going through the places takes time, and a peer may have come up
    /// behind it and the last one gone down before.
    #[cold]
    #[inline(never)]
    fn look_up_still<'r>(&self, roster: &'r Roster, hash: u32, except: &[Key]) -> Choice<'r> {
        let pin = |seats: &Seats| pin(roster, seats, except);
        roster.while_still(|| {
            let found = self.table.read(|table| table.look_up(hash, pin));
            found.ok_or(Nothing::Excluded)
        })
    }

    fn seated(&self, peer: Entry<'_>, about: &About<'_>) {
        let (id, place) = (Arc::clone(about.id), Arc::clone(about.shard()));
        let weight = about.attributes.weight.max(1);
        let member = Member { peer: peer.slot_ref(), id, place, weight };
        self.changes.lock().push(Change::Seated(member));
    }
}

impl Table {
    #[inline]
    fn look_up<'r>(
        &self,
        hash: u32,
        pin: impl Fn(&Seats) -> Option<Pinned<'r>>,
    ) -> Option<Pinned<'r>> {
        let owner = *self.slots.get(table::slot(hash, 0))?;
        // It can be chosen, nearly always.
        pin(self.seats.get(owner as usize)?).or_else(|| self.look_elsewhere(hash, pin))
    }

    #[cold]
    #[inline(never)]
    fn look_elsewhere<'r>(
        &self,
        hash: u32,
        pin: impl Fn(&Seats) -> Option<Pinned<'r>>,
    ) -> Option<Pinned<'r>> {
        let owner = |attempt| self.slots[table::slot(hash, attempt)] as usize;
        let again = (1..ATTEMPTS).map(owner);
        let first = owner(ATTEMPTS);
        let rest = (first..self.seats.len()).chain(0..first);
        again.chain(rest).find_map(|place| pin(&self.seats[place]))
    }
}

#[inline]
fn pin<'r>(roster: &'r Roster, seats: &Seats, except: &[Key]) -> Option<Pinned<'r>> {
    let mut peers = seats.peers().iter().filter(|peer| !except.contains(&peer.key));
    peers.find_map(|&peer| roster.entry(peer).pin_as(peer.key))
}

fn pin_below<'r>(
    roster: &'r Roster,
    seats: &Seats,
    except: &[Key],
    room: Room,
) -> Option<Pinned<'r>> {
    let mut peers = seats.peers().iter().filter(|peer| !except.contains(&peer.key));
    peers.find_map(|&peer| {
        let entry = roster.entry(peer);
        // Another peer that has the slot a moment later is one that can be chosen all the same.
        if entry.is_available_as(peer.key) { room.pin(entry) } else { None }
    })
}

impl Index for MaglevIndex {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.seated(peer, about);
    }

    fn reattributed(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.seated(peer, about);
    }

    fn left(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.changes.lock().push(Change::Left(peer.key()));
    }

    fn after_batch(&self) -> bool {
        // The books first, as in `ring/lookup.rs`: a thread whose changes another one has taken gets
        // them when they are in the table.
        let mut books = self.books.lock();
        let changes = std::mem::take(&mut *self.changes.lock());
        let (changed, arrived) = books.apply(changes);
        if changed {
            self.table.replace(books.table.clone());
        }
        arrived
    }
}

impl fmt::Debug for MaglevIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MaglevIndex").field("home", &self.home).finish_non_exhaustive()
    }
}
