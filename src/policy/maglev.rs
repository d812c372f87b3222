//! `maglev`: a shard key stays with its peer, and each peer has its share of the keys.

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::{MaglevIndex, Room, fingerprint32};
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"maglev");

/// Picks the peer that has the request's shard key in a table of 65,537 slots.
///
/// Shares are even to a slot, and in proportion to [weights](crate::Attributes::weight), where those of
/// a [`HashRing32`](super::HashRing32) differ by a fifth. When a peer leaves, its keys are spread
/// over the others, and fewer than one in a hundred of theirs move. The table is made for a few
/// thousand peers: of more than a thousandth of the slots, one slot more or less begins to be felt.
///
/// A key is any bytes, hashed as they are. A request without one goes anywhere, by weight. A peer that
/// cannot be chosen, or that the request [avoids](Request::with_avoid), is passed over, and each of its
/// keys goes to a peer of its own choice. Peers of the same [shard name](crate::Attributes::shard) have
/// one share: the first by name that can be chosen gets the requests.
///
/// All processes with the same members, available and not, agree on who has a key, in every language.
///
/// An update builds a table, which takes a few milliseconds, while choices go on; a status change builds
/// nothing.
#[derive(Debug)]
pub struct Maglev {
    table: MaglevIndex,
    rng: Rng,
}

impl Maglev {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self { table: MaglevIndex::new(), rng: Rng::default() }
    }

    /// Draws from `rng` for requests without a key: a [seeded](Rng::seeded) one makes the choices
    /// repeatable.
    #[must_use]
    pub fn with_rng(mut self, rng: Rng) -> Self {
        self.rng = rng;
        self
    }
}

impl Maglev {
    fn hash(&self, request: &Request<'_>) -> u32 {
        match request.shard_key() {
            [] => self.rng.next() as u32,
            key => fingerprint32(key),
        }
    }

    /// The peer of the request's key, or of its key hashed again, that has room.
    pub(super) fn owner_below<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        self.table.look_up_below(roster, self.hash(request), except, room)
    }
}

impl Default for Maglev {
    fn default() -> Self {
        Self::new()
    }
}

impl Policy for Maglev {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.choose_other(roster, request, &[])
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        self.table.look_up(roster, self.hash(request), except)
    }

    #[inline]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        _: Seal,
    ) -> Option<Pinned<'r>> {
        self.choose(roster, request).ok()
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.table))
    }
}
