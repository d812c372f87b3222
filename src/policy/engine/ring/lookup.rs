//! What a choice asks of the ring, and what the roster tells it.

use std::sync::Arc;

use super::books::{Books, Change};
use super::layer::Seats;
use super::layers::{Both, Layers, Start};
use super::peers::Seated;
use super::points::Replicas;
use crate::policy::choice::{Choice, Nothing};
use crate::policy::engine::room::Room;
use crate::policy::engine::snapshot::Snapshot;
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::Mutex;

/// The largest offset of a lookup: what was skipped is remembered on the stack.
pub(crate) const MAX_OFFSET: usize = 255;

/// The members of the list on a ring.
pub(crate) struct Ring {
    home: Home,
    pub(super) layers: Snapshot<Layers>,
    /// What the roster has told since the last batch, in order. Written under the roster's mutex.
    changes: Mutex<Vec<Change>>,
    /// Held from before changes are taken until they are in `layers`.
    pub(super) books: Mutex<Books>,
}

impl Ring {
    pub(crate) fn new(replicas: u32, delimiter: String) -> Self {
        Self {
            home: Home::default(),
            layers: Snapshot::new(Layers::default()),
            changes: Mutex::new(vec![]),
            books: Mutex::new(Books::new(Replicas { count: replicas, delimiter })),
        }
    }

    /// Pins a peer of the place called `name`.
    #[inline(always)]
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
        self.layers.read(|layers| who.pin(layers.seats(layers.find(name)?)))
    }

    /// Pins a peer of the place that comes `offset` places after the first, clockwise from `start`,
    /// counting distinct places that have an available peer. Offsets above [`MAX_OFFSET`] are cut to
    /// it. `None`: none was found; [`lookup_still`](Ring::lookup_still) is sure of it.
    #[inline]
    pub(crate) fn lookup<'r>(
        &self,
        roster: &'r Roster,
        start: Start,
        offset: usize,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        let offset = offset.min(MAX_OFFSET);
        // Walking the whole ring in vain is work: do not begin.
        if !self.home.is(roster) || roster.available() <= offset {
            return None;
        }
        let who = Eligible { roster, except };
        self.layers.read(|layers| who.look(layers, start, offset))
    }

    /// As [`lookup`](Ring::lookup), if the peer has room. `None`: it has none, or there is no
    /// peer.
    pub(crate) fn lookup_below<'r>(
        &self,
        roster: &'r Roster,
        start: Start,
        offset: usize,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        let offset = offset.min(MAX_OFFSET);
        if !self.home.is(roster) || roster.available() <= offset {
            return None;
        }
        let who = Eligible { roster, except };
        self.layers.read(|layers| match &layers.overlay {
            None => who.owner_below(layers.main.walk(layers.main.position(start)), offset, room),
            Some(overlay) => {
                let both = Both { main: &layers.main, overlay };
                who.owner_below(both.walk(start), offset, room)
            }
        })
    }

    /// The same where nothing moves, and why there is none. A walk takes time: a peer that was down
    /// when it was passed may be up by now, and the one that was up may have gone down before it was
    /// reached.
    #[cold]
    #[inline(never)]
    pub(crate) fn lookup_still<'r>(
        &self,
        roster: &'r Roster,
        start: Start,
        offset: usize,
        except: &[Key],
    ) -> Choice<'r> {
        if !self.home.is(roster) || roster.available() <= offset.min(MAX_OFFSET) {
            return Err(Nothing::TooFew(offset.min(MAX_OFFSET) + 1));
        }
        // Peers that share a shard name are one place, so more of them may be needed than that.
        let look = || self.lookup(roster, start, offset, except);
        roster.while_still(look).ok_or(Nothing::Excluded)
    }
}

/// Who can be chosen on the ring.
#[derive(Clone, Copy)]
struct Eligible<'r, 'e> {
    roster: &'r Roster,
    except: &'e [Key],
}

impl<'r> Eligible<'r, '_> {
    #[inline]
    fn look(self, layers: &Layers, start: Start, offset: usize) -> Option<Pinned<'r>> {
        let Layers { main, overlay: None } = layers else {
            return self.look_in_both(layers, start, offset);
        };
        let position = main.position(start);
        // The owner of the key is available, nearly always: that needs no walk.
        let owner = if offset == 0 { main.owner(position) } else { None };
        if let Some(pinned) = owner.and_then(|owner| self.pin(owner)) {
            return Some(pinned);
        }
        self.walk(main.walk(position), offset)
    }

    #[inline(never)]
    fn look_in_both(self, layers: &Layers, start: Start, offset: usize) -> Option<Pinned<'r>> {
        let both = Both { main: &layers.main, overlay: layers.overlay.as_ref()? };
        self.walk(both.walk(start), offset)
    }

    #[inline(never)]
    fn walk<'l>(
        self,
        mut places: impl Iterator<Item = (u32, &'l Seats)>,
        offset: usize,
    ) -> Option<Pinned<'r>> {
        if offset == 0 {
            return places.find_map(|(_, seats)| self.pin(seats));
        }
        let mut skipped = [0; MAX_OFFSET];
        let mut count = 0;
        for (number, seats) in places {
            if skipped[..count].contains(&number) || !self.can(seats) {
                continue;
            }
            if count < offset {
                skipped[count] = number;
                count += 1;
            } else if let Some(pinned) = self.pin(seats) {
                return Some(pinned);
            }
        }
        None
    }

    /// Pins a peer of the place that `walk` would take, if it has room.
    #[inline(always)]
    fn owner_below<'l>(
        self,
        places: impl Iterator<Item = (u32, &'l Seats)>,
        offset: usize,
        room: Room,
    ) -> Option<Pinned<'r>> {
        let seats = if offset == 0 {
            places.map(|(_, seats)| seats).find(|seats| self.can(seats))?
        } else {
            self.place_after(places, offset)?
        };
        let mut entries = self.entries(seats).filter(|(entry, key)| entry.is_available_as(*key));
        entries.find_map(|(entry, _)| room.pin(entry))
    }

    /// The place that comes `offset` places after the first, of those with an available peer.
    #[inline(never)]
    fn place_after<'l>(
        self,
        places: impl Iterator<Item = (u32, &'l Seats)>,
        offset: usize,
    ) -> Option<&'l Seats> {
        let mut met = [0; MAX_OFFSET];
        let mut count = 0;
        for (number, seats) in places {
            if met[..count].contains(&number) || !self.can(seats) {
                continue;
            }
            if count == offset {
                return Some(seats);
            }
            met[count] = number;
            count += 1;
        }
        None
    }

    fn can(self, seats: &Seats) -> bool {
        self.entries(seats).any(|(entry, key)| entry.is_available_as(key))
    }

    fn pin(self, seats: &Seats) -> Option<Pinned<'r>> {
        self.entries(seats).find_map(|(entry, key)| entry.pin_as(key))
    }

    fn entries(self, seats: &Seats) -> impl Iterator<Item = (Entry<'r>, Key)> {
        let peers = seats.peers().iter().filter(move |peer| !self.except.contains(&peer.key));
        peers.map(move |&peer| (self.roster.entry(peer), peer.key))
    }
}

impl Ring {
    fn seated(&self, peer: Entry<'_>, about: &About<'_>) {
        let (id, place) = (Arc::clone(about.id), Arc::clone(about.shard()));
        let weight = about.attributes.weight.max(1);
        let seated = Seated { peer: peer.slot_ref(), id, place, weight };
        self.changes.lock().push(Change::Seated(seated));
    }
}

impl Index for Ring {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.seated(peer, about);
    }

    fn reattributed(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        // Most attributes are not about the ring. Whether the place is another, the books know;
        // they cannot be asked here, under the roster's mutex: they may be at work.
        self.seated(peer, about);
    }

    fn left(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.changes.lock().push(Change::Left(peer.key()));
    }

    fn after_batch(&self) -> bool {
        // The books first. Another thread may have taken this one's changes; it holds the books
        // until they are on the ring, so they are there when this thread gets them. And changes
        // are applied in the order in which they are taken: no thread builds from layers that lack
        // those of another.
        let mut books = self.books.lock();
        let changes = std::mem::take(&mut *self.changes.lock());
        if changes.is_empty() {
            return false;
        }
        let effect = books.apply(changes);
        if effect.changed {
            self.layers.replace(books.layers.clone());
        }
        effect.arrived
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the books: another thread may be at work in them.
        f.debug_struct("Ring").field("home", &self.home).finish_non_exhaustive()
    }
}
