//! What a choice asks of the ring.

use super::books::Books;
use super::layers::Start;
use super::points::Replicas;
use super::walk::MAX_OFFSET;
use crate::policy::choice::{Choice, Nothing};
use crate::policy::engine::keyed::{Eligible, Keyed};
use crate::policy::engine::room::Room;
use crate::roster::Roster;
use crate::slot::{Key, Pinned};

/// The members of the list on a ring.
pub(crate) type Ring = Keyed<Books>;

impl Ring {
    pub(crate) fn new(replicas: u32, delimiter: String) -> Self {
        Self::of(Books::new(Replicas { count: replicas, delimiter }))
    }

    /// Pins a peer of the place called `name`.
    #[inline(always)]
    pub(crate) fn named<'r>(
        &self,
        roster: &'r Roster,
        name: &[u8],
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        if !self.serves(roster) {
            return None;
        }
        let who = Eligible { roster, except };
        self.table.read(|layers| who.pin(layers.seats(layers.find(name)?)))
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
        if !self.serves(roster) || roster.available() <= offset {
            return None;
        }
        let who = Eligible { roster, except };
        self.table.read(|layers| who.look(layers, start, offset))
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
        if !self.serves(roster) || roster.available() <= offset {
            return None;
        }
        let who = Eligible { roster, except };
        self.table.read(|layers| who.look_below(layers, start, offset, room))
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
        if !self.serves(roster) || roster.available() <= offset.min(MAX_OFFSET) {
            return Err(Nothing::TooFew(offset.min(MAX_OFFSET) + 1));
        }
        // Peers that share a shard name are one place, so more of them may be needed than that.
        let look = || self.lookup(roster, start, offset, except);
        roster.while_still(look).ok_or(Nothing::Excluded)
    }
}
