//! `random`: any peer, each as likely as the other.

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::{Dense, Draw, Drawing, sample};
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{Available, IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"random");

/// Picks a peer at random, uniformly and with replacement.
///
/// Shares nothing between threads, so it is the fastest of all with many of them. With few requests
/// in flight it is the least even: of 10 peers with 10 requests each, some will have 4 and some 17.
/// [`with_bound`](Random::with_bound) cuts that off.
#[derive(Debug, Default)]
pub struct Random {
    peers: Dense,
    rng: Rng,
}

impl Random {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws from `rng` instead: a [seeded](Rng::seeded) one makes the choices repeatable.
    #[must_use]
    pub fn with_rng(mut self, rng: Rng) -> Self {
        self.rng = rng;
        self
    }
}

impl Random {
    pub(super) fn peers(&self) -> &Dense {
        &self.peers
    }

    pub(super) fn rng(&self) -> &Rng {
        &self.rng
    }
}

#[cfg(all(feature = "capi", not(loom)))]
impl Random {
    pub(crate) fn memory(&self) -> (crate::roster::TableMemory, *mut u64) {
        (self.peers.memory(), self.rng.word())
    }
}

#[derive(Clone, Copy)]
struct Any;

impl<'r> Drawing<'r> for Any {
    #[inline(always)]
    fn draw(self, available: Available<'r>, rng: &Rng) -> Draw<'r> {
        Draw::of(available.get(rng.below(available.len())))
    }
}

impl Policy for Random {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    #[inline]
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        sample(&self.peers, roster, &self.rng, Any)
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        self.peers.pin_still(roster, self.rng.next() as u32 as usize, except)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    #[inline(always)]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        _: Seal,
    ) -> Option<Pinned<'r>> {
        self.choose(roster, request).ok()
    }

    fn any_place_serves(&self, _: Seal) -> bool {
        true
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
