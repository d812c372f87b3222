//! `two-random-choices`: the less loaded of two.
//!
//! Mitzenmacher, "The power of two choices in randomized load balancing" (1996): looking at two
//! random peers instead of one takes the longest queue from log n / log log n to log log n, and
//! looking at more adds little. The two are distinct, as in yarpc-go (`peer/tworandomchoices`) and
//! unlike Envoy and gRPC, where a peer may be compared with itself.

use super::{DRAWS, Policy, Random, Roster};
use crate::request::Request;
use crate::rng::scale;
use crate::slot::pick::Pinned;

/// Picks the peer with fewer requests in flight, of two distinct ones drawn at random; the first
/// drawn if they have the same number.
///
/// Shares nothing between threads, keeps loads even, and does not herd: with `n` peers no one of
/// them, not even one that fails fast and so always looks idle, gets more than `2/n` of all
/// requests.
#[derive(Debug)]
pub struct TwoRandomChoices {
    random: Random,
}

impl TwoRandomChoices {
    /// The policy, drawing from `random`.
    #[must_use]
    pub fn new(random: Random) -> Self {
        Self { random }
    }
}

#[cfg(feature = "capi")]
impl TwoRandomChoices {
    pub(crate) fn random(&self) -> &Random {
        &self.random
    }
}

impl Policy for TwoRandomChoices {
    fn name(&self) -> &str {
        "two-random-choices"
    }

    fn may_panic(&self) -> bool {
        false
    }

    #[inline]
    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        let mut bits = 0;
        for _ in 0..DRAWS {
            let available = roster.available();
            let pinned = match available.len() {
                0 => return None,
                1 => available.get(0).and_then(|only| only.pin()),
                n => {
                    bits = self.random.next();
                    let first = scale(bits as u32, n);
                    let second = scale((bits >> 32) as u32, n - 1);
                    let second = second + usize::from(second >= first);
                    match (available.get(first), available.get(second)) {
                        (Some(first), Some(second)) => {
                            let (a, b) = (first.value(), second.value());
                            let (peer, seen) =
                                if a.pending() <= b.pending() { (first, a) } else { (second, b) };
                            // Another thread's choice in between is a reason to look at loads anew.
                            if seen.is_available() { peer.pin_from(seen).ok() } else { None }
                        }
                        _ => None,
                    }
                }
            };
            if pinned.is_some() {
                return pinned;
            }
        }
        roster.settled(bits as usize)
    }
}
