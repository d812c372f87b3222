//! The bounded policy: counts what is in flight, and asks its rule for a peer that has room.

use std::fmt;

use super::limit::Bound;
use super::rule::Rule;
use super::total::Total;
use super::weights::Weighed;
use crate::outcome::Finish;
use crate::policy::choice::{Choice, Nothing, Watch};
use crate::policy::contract::{Policy, Seal};
use crate::policy::engine::Room;
use crate::request::Request;
use crate::roster::{Entry, IndexRef, Roster};
use crate::slot::{Key, Pinned};

/// A policy that passes over peers which have more than their share in flight.
///
/// Made by [`RoundRobin::with_bound`](crate::policy::RoundRobin::with_bound),
/// [`Random::with_bound`](crate::policy::Random::with_bound),
/// [`HashRing32::with_bound`](crate::policy::HashRing32::with_bound) and
/// [`Maglev::with_bound`](crate::policy::Maglev::with_bound), or by `bound=` in a policy's text.
///
/// ```
/// use peerage::policy::{Bounded, HashRing32, HashRing32Options};
///
/// // No peer has more than 1.25 times its share in flight, however popular its keys are.
/// let policy: Bounded = HashRing32::new(HashRing32Options::default()).with_bound(1.25);
/// # let _ = policy;
/// ```
///
/// A request that finds its peer above the bound gets another one: `round-robin` goes on to the next in
/// turn, `random` draws again, and `hashring32` and `maglev` hash the key once more, so that the overflow
/// of one peer is spread over all and each key has the same second and third peer in every process.
pub struct Bounded {
    weighed: Weighed,
    bound: Bound,
    /// In a box: its lines are more than all the other policies have.
    total: Box<Total>,
}

impl Bounded {
    pub(in crate::policy) fn new(rule: impl Rule, bound: Bound) -> Self {
        Self { weighed: Weighed::new(Box::new(rule)), bound, total: Box::default() }
    }

    /// As [`AnyPolicy::in_order`](crate::policy::AnyPolicy::in_order).
    pub(in crate::policy) fn in_order(self) -> Self {
        Self { weighed: Weighed::new(self.weighed.rule.in_order()), ..self }
    }

    /// How many requests each peer may have, with this one counted in the total already.
    fn room(&self, roster: &Roster, in_flight: u64) -> Room {
        match self.weighed.sum() {
            None => Room::Each(self.bound.limit(in_flight, roster.available())),
            Some(weights) => Room::ByWeight { of: self.bound.times(in_flight), weights },
        }
    }

    fn rule(&self) -> &dyn Rule {
        &*self.weighed.rule
    }

    /// No peer below the limit was found.
    #[cold]
    #[inline(never)]
    fn look_closer<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        let room = self.room(roster, self.total.exact());
        if let Some(pinned) = roster.pin_any_by(except, |peer| room.pin(peer)) {
            return Ok(pinned);
        }
        let choice = if except.is_empty() {
            self.rule().choose(roster, request)
        } else {
            // Not `choose_other`: a rule may pin a peer there and drop it, of which this would hear as
            // of the end of a request that it has not counted.
            let other = self.rule().choose_below(roster, request, except, Room::ANY);
            other.or_else(|| roster.pin_any_except(except)).ok_or(Nothing::Excluded)
        };
        if choice.is_err() {
            self.total.remove();
        }
        choice
    }
}

impl Policy for Bounded {
    fn name(&self) -> &str {
        self.rule().name()
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
        // Counted first: a peer that is pinned is in the total already. The end of each choice is
        // told, also of one that is taken back, and counted then.
        let room = self.room(roster, self.total.add());
        match self.rule().choose_below(roster, request, except, room) {
            Some(pinned) => Ok(pinned),
            None => self.look_closer(roster, request, except),
        }
    }

    fn choose_preferred<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        let pinned = self.room(roster, self.total.add()).pin(peer);
        if pinned.is_none() {
            self.total.remove();
        }
        pinned
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.weighed))
    }

    fn watches(&self) -> Watch {
        Watch::NOTHING.with_finish()
    }

    // Not inlined: as for `choose_at_once`.
    #[inline(never)]
    fn finished(&self, _: Entry<'_>, _: Finish) {
        self.total.remove();
    }

    // Not inlined: an `AnyPolicy` would have the registers of the others saved for it.
    #[inline(never)]
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
}

impl fmt::Debug for Bounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bounded").field("rule", &self.weighed).field("bound", &self.bound).finish()
    }
}
