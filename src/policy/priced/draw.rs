//! One choice: the cheapest of a few random peers and of a few that are remembered.

use super::best::{Best, forget_the_gone};
use super::policy::Priced;
use crate::policy::contract::{DRAWS, Seal};
use crate::policy::engine::{ByWeight, Draw, Drawing};
use crate::policy::two_random::{less_loaded_of_two, two_of};
use crate::policy::{Choice, Policy};
use crate::rng::Rng;
use crate::roster::{Available, Roster};
use crate::slot::{ByCount, ByFactors, Key, Pinned, Pricing};

/// In how many choices one looks whether a sweep is due: finishes of a list none of whose peers fails
/// ask no clock.
const SELDOM: u64 = 1 << 10;
/// The same while peers fail, and finishes of the others ask none.
const NOT_SO_SELDOM: u64 = 1 << 6;

/// The cheapest that the policy knows of.
#[derive(Clone, Copy)]
pub(super) struct Cheapest<'r> {
    pub(super) policy: &'r Priced,
    pub(super) roster: &'r Roster,
}

impl<'r> Drawing<'r> for Cheapest<'r> {
    #[inline(always)]
    fn draw(self, available: Available<'r>, rng: &Rng) -> Draw<'r> {
        self.policy.draw(self.roster, available, rng)
    }
}

impl Priced {
    #[inline(always)]
    pub(super) fn draw<'r>(
        &'r self,
        roster: &'r Roster,
        available: Available<'r>,
        rng: &Rng,
    ) -> Draw<'r> {
        if available.len() == 1 {
            return Draw::of(available.get(0));
        }
        let bits = rng.next();
        if self.learner.is_calm() {
            if (bits >> 32) % SELDOM == 0 {
                self.seldom(roster);
            }
            return self.least_pending(available, rng, bits);
        }
        self.cheapest_by_price(roster, available, rng, bits)
    }

    /// By counts alone. An idle peer cannot be beaten: where most are idle this is the comparison of
    /// two random ones and nothing else.
    #[inline(always)]
    fn least_pending<'r>(&'r self, available: Available<'r>, rng: &Rng, bits: u64) -> Draw<'r> {
        if self.is_plain {
            return less_loaded_of_two(available, bits);
        }
        if self.choices == 2 {
            let (first, second) = two_of(bits, available.len());
            let (Some(first), Some(second)) = (available.get(first), available.get(second)) else {
                return Draw::Gone;
            };
            let (a, b) = (first.word(), second.word());
            let (peer, seen) = if a.count() <= b.count() { (first, a) } else { (second, b) };
            if seen.count() == 0 {
                return match seen.is_available().then(|| peer.pin_from(seen)) {
                    Some(Ok(pinned)) => Draw::Pinned(pinned),
                    Some(Err(_)) => Draw::Lost(peer),
                    None => Draw::Gone,
                };
            }
        }
        self.least_pending_of_more(available, rng, bits)
    }

    /// The same of other than two, or of those that are remembered as well. Not inlined: where most are idle,
    /// a choice needs little room.
    #[inline(never)]
    fn least_pending_of_more<'r>(
        &'r self,
        available: Available<'r>,
        rng: &Rng,
        bits: u64,
    ) -> Draw<'r> {
        let best = self.random(available, rng, bits);
        if best.price() == 0 || self.learner.groups() == 0 {
            return best.pin();
        }
        self.remembered::<ByCount>(best, bits)
    }

    /// Not inlined: neither into a calm choice, nor twice.
    #[inline(never)]
    fn cheapest_by_price<'r>(
        &'r self,
        roster: &'r Roster,
        available: Available<'r>,
        rng: &Rng,
        bits: u64,
    ) -> Draw<'r> {
        if (bits >> 32) % NOT_SO_SELDOM == 0 {
            self.seldom(roster);
        }
        let best = match self.peers.by_weight(roster) {
            Some(peers) => self.random_by_weight(peers, rng),
            None => self.random(available, rng, bits),
        };
        if self.learner.groups() == 0 {
            return best.pin();
        }
        self.remembered::<ByFactors>(best, bits)
    }

    /// The cheapest of the random peers.
    #[inline(always)]
    fn random<'r, P: Pricing>(
        &self,
        available: Available<'r>,
        rng: &Rng,
        bits: u64,
    ) -> Best<'r, P> {
        let n = available.len();
        let (first, second) = two_of(bits, n);
        let mut best = Best::new(available.get(first), self.learner.base());
        if self.choices > 1 {
            best.look(available.get(second));
        }
        // Any of them, be it one that was looked at.
        for _ in 2..self.choices {
            best.look(available.get(rng.below(n)));
        }
        best
    }

    /// The same of peers whose weights differ. Drawn evenly and priced by weight, a peer that is due
    /// nine tenths of all requests gets no more than two random peers of many let it have.
    fn random_by_weight<'r, P: Pricing>(&self, peers: ByWeight<'r>, rng: &Rng) -> Best<'r, P> {
        let first = peers.any(rng);
        let mut best = Best::new(first.peer, self.learner.base());
        if self.choices > 1 {
            best.look(peers.other_than(&first, rng));
        }
        for _ in 2..self.choices {
            best.look(peers.any(rng).peer);
        }
        best
    }

    /// And of those that are remembered.
    #[inline(always)]
    fn remembered<'r, P: Pricing>(&'r self, mut best: Best<'r, P>, bits: u64) -> Draw<'r> {
        let groups = self.learner.groups();
        // The low bits, which the position of the first peer hardly depends on.
        let number = bits as usize & (groups - 1);
        let (one, other) = (self.learner.group(number), self.learner.group(number ^ 1));
        best.look_at_group(one);
        if groups > 1 {
            best.look_at_group(other);
        }
        let draw = best.pin();
        if matches!(draw, Draw::Gone) {
            forget_the_gone(one);
            forget_the_gone(other);
        }
        draw
    }

    /// A peer that is not in `except`. Not of those that are remembered: a client that avoids a peer has
    /// just been sent there, so it is one that is cheap, and would be drawn again and again.
    #[cold]
    #[inline(never)]
    pub(super) fn draw_other<'r>(&'r self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        let drawn = if self.learner.is_calm() {
            self.cheapest_other::<ByCount>(roster, except)
        } else {
            self.cheapest_other::<ByFactors>(roster, except)
        };
        let position = || self.rng.next() as u32 as usize;
        drawn.map_or_else(|| self.peers.dense.pin_still(roster, position(), except), Ok)
    }

    /// The cheapest of as many random peers as a choice looks at, and none of `except`. `None`: most are
    /// to be avoided, or it has just gone.
    fn cheapest_other<'r, P: Pricing>(
        &'r self,
        roster: &'r Roster,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        let available = self.peers.dense.available(roster);
        let by_weight = self.peers.by_weight(roster);
        let any = || match by_weight {
            Some(peers) => peers.any(&self.rng).peer,
            None if available.is_empty() => None,
            None => available.get(self.rng.below(available.len())),
        };
        let others = (0..DRAWS + self.choices).filter_map(|_| any());
        let mut best = Best::<P>::new(None, self.learner.base());
        for peer in others.filter(|peer| !except.contains(&peer.key())).take(self.choices) {
            best.look(Some(peer));
        }
        match best.pin() {
            Draw::Pinned(pinned) => Some(pinned),
            Draw::Lost(peer) => peer.pin(),
            Draw::Gone => None,
        }
    }

    #[cold]
    #[inline(never)]
    fn seldom(&self, roster: &Roster) {
        self.learner.advance();
        if self.learner.takes_sweep() {
            self.sweep(roster, Seal(()));
        }
    }
}
