//! What a policy answers to be bounded.

use crate::policy::contract::{DRAWS, Policy};
use crate::policy::engine::Room;
use crate::policy::{HashRing32, Maglev, Random, RoundRobin};
use crate::request::Request;
use crate::roster::Roster;
use crate::slot::{Key, Pinned};

/// A policy of this crate that does not look at load, and watches nothing: the [`Bounded`](super::Bounded)
/// hears of the ends.
pub(crate) trait Rule: Policy {
    /// Picks a peer that has room, and is not among `except`. `None`: none was found soon. Where there is
    /// another, that a peer is passed over is no more than its turn.
    fn choose_below<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>>;

    /// The same rule with newcomers last, if peers have an order in it.
    fn in_order(self: Box<Self>) -> Box<dyn Rule>;
}

impl Rule for RoundRobin {
    fn choose_below<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        self.sequence().next_below(roster, except, room)
    }

    fn in_order(self: Box<Self>) -> Box<dyn Rule> {
        Box::new(RoundRobin::in_order())
    }
}

impl Rule for Random {
    fn choose_below<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        let available = self.peers().available(roster);
        let len = available.len();
        if len == 0 {
            return None;
        }
        let pin = |position| {
            let peer = available.get(position).filter(|peer| !except.contains(&peer.key()))?;
            room.pin(peer)
        };
        // Where a draw often fails, nearly all are at the limit: then it is each in turn, from a
        // random one on.
        let drawn = (0..DRAWS).find_map(|_| pin(self.rng().below(len)));
        drawn.or_else(|| {
            let start = self.rng().below(len);
            (start..len).chain(0..start).find_map(pin)
        })
    }

    fn in_order(self: Box<Self>) -> Box<dyn Rule> {
        self
    }
}

impl Rule for HashRing32 {
    fn choose_below<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        self.owner_below(roster, request, except, room)
    }

    fn in_order(self: Box<Self>) -> Box<dyn Rule> {
        self
    }
}

impl Rule for Maglev {
    fn choose_below<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
        room: Room,
    ) -> Option<Pinned<'r>> {
        self.owner_below(roster, request, except, room)
    }

    fn in_order(self: Box<Self>) -> Box<dyn Rule> {
        self
    }
}
