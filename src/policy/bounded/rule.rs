//! What a policy answers to be bounded.

use super::{Bound, Bounded};
use crate::policy::contract::{DRAWS, Policy};
use crate::policy::engine::Room;
use crate::policy::{HashRing32, Maglev, Random, RoundRobin};
use crate::request::Request;
use crate::roster::Roster;
use crate::slot::{Key, Pinned};

/// A policy of this crate that does not look at load, and watches nothing: the [`Bounded`] hears of
/// the ends.
pub(crate) trait Rule: Policy {
    /// Picks a peer that has room, and is not among `except`. `None`: none was found
    /// soon. Where there is another, that a peer is passed over is no more than its turn.
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

impl Maglev {
    /// The policy with a bound: a key whose peer has more than `bound` times its share of all in
    /// flight is hashed once more. From 1 to 1000, in thousandths, and cut to that. Where weights differ
    /// it is so many times the peer's share by weight.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}

impl RoundRobin {
    /// The policy with a bound: a peer is passed over in its turn while it has more than `bound`
    /// times its share of all in flight. From 1 to 1000, in thousandths, and cut to that. Weights say
    /// nothing of whose turn it is; but where they differ, the bound is so many times the peer's share
    /// by weight.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}

impl Random {
    /// The policy with a bound: it draws again when a peer has more than `bound` times its share of
    /// all in flight. From 1 to 1000, in thousandths, and cut to that. Weights say nothing of how often a
    /// peer is drawn; but where they differ, the bound is so many times the peer's share by weight.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}

impl HashRing32 {
    /// The policy with a bound: a key whose peer has more than `bound` times its share of all in
    /// flight is hashed once more. From 1 to 1000, in thousandths, and cut to that. Where weights differ
    /// it is so many times the peer's share by weight. A peer that the peer-override header names is
    /// taken whatever it has.
    #[must_use]
    pub fn with_bound(self, bound: f64) -> Bounded {
        Bounded::new(self, Bound::of(bound))
    }
}
