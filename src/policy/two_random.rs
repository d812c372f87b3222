//! `two-random-choices`: the less loaded of two.
//!
//! Mitzenmacher, "The power of two choices in randomized load balancing" (1996): looking at two
//! random peers instead of one takes the longest queue from log n / log log n to log log n, and
//! looking at more adds little. The two are distinct, as in yarpc-go (`peer/tworandomchoices`) and
//! unlike Envoy and gRPC, where a peer may be compared with itself.

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::{Dense, Draw, Drawing, sample};
use crate::request::Request;
use crate::rng::{Rng, scale};
use crate::roster::{Available, Entry, IndexRef, Roster};
use crate::settings::Label;
use crate::slot::Pinned;

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"two-random-choices");

/// Picks the peer with fewer requests in flight, of two distinct ones drawn at random; the first
/// drawn if they have the same number.
///
/// Shares nothing between threads, keeps loads even, and does not herd: with `n` peers no one of
/// them, not even one that fails fast and so always looks idle, gets more than `2/n` of all
/// requests.
#[derive(Debug, Default)]
pub struct TwoRandomChoices {
    peers: Dense,
    rng: Rng,
}

impl TwoRandomChoices {
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

#[cfg(all(feature = "capi", not(loom)))]
impl TwoRandomChoices {
    pub(crate) fn memory(&self) -> (crate::roster::TableMemory, *mut u64) {
        (self.peers.memory(), self.rng.word())
    }
}

/// The positions of two distinct peers among `n`, which is at least 2.
#[inline(always)]
pub(super) fn two_of(bits: u64, n: usize) -> (usize, usize) {
    let first = scale(bits as u32, n);
    // Of the others; from the first on they are one further.
    let second = scale((bits >> 32) as u32, n - 1);
    (first, second + usize::from(second >= first))
}

#[inline(always)]
fn less_loaded<'r>(first: Entry<'r>, second: Entry<'r>) -> Draw<'r> {
    let (a, b) = (first.word(), second.word());
    let (peer, seen) = if a.count() <= b.count() { (first, a) } else { (second, b) };
    if !seen.is_available() {
        return Draw::Gone;
    }
    // The pin is made from the word that was compared: if another thread has chosen the peer since,
    // the loads are looked at anew.
    match peer.pin_from(seen) {
        Ok(pinned) => Draw::Pinned(pinned),
        Err(_) => Draw::Lost(peer),
    }
}

#[derive(Clone, Copy)]
struct LessLoaded;

impl<'r> Drawing<'r> for LessLoaded {
    #[inline(always)]
    fn draw(self, available: Available<'r>, rng: &Rng) -> Draw<'r> {
        if available.len() == 1 {
            return Draw::of(available.get(0));
        }
        less_loaded_of_two(available, rng.next())
    }
}

/// Of at least two peers, by these random bits.
#[inline(always)]
pub(super) fn less_loaded_of_two(available: Available<'_>, bits: u64) -> Draw<'_> {
    let (first, second) = two_of(bits, available.len());
    match (available.get(first), available.get(second)) {
        (Some(first), Some(second)) => less_loaded(first, second),
        _ => Draw::Gone,
    }
}

impl Policy for TwoRandomChoices {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    #[inline]
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        sample(&self.peers, roster, &self.rng, LessLoaded)
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
