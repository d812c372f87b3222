//! `random`: any peer, each as likely as the other.

use super::{DRAWS, Policy, Random, Roster};
use crate::request::Request;
use crate::rng::scale;
use crate::slot::pick::Pinned;

/// Picks a peer at random, uniformly and with replacement.
///
/// Shares nothing between threads, so it is the fastest of all with many of them. With few requests
/// in flight it is the least even: of 10 peers with 10 requests each, some will have 4 and some 17.
#[derive(Debug)]
pub struct RandomChoice {
    random: Random,
}

impl RandomChoice {
    /// The policy, drawing from `random`.
    #[must_use]
    pub fn new(random: Random) -> Self {
        Self { random }
    }
}

#[cfg(feature = "capi")]
impl RandomChoice {
    pub(crate) fn random(&self) -> &Random {
        &self.random
    }
}

impl Policy for RandomChoice {
    fn name(&self) -> &str {
        "random"
    }

    fn may_panic(&self) -> bool {
        false
    }

    #[inline]
    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        let mut bits = 0;
        for _ in 0..DRAWS {
            let available = roster.available();
            if available.is_empty() {
                return None;
            }
            bits = self.random.next() as u32;
            let drawn = available.get(scale(bits, available.len()));
            if let Some(pinned) = drawn.and_then(|entry| entry.pin()) {
                return Some(pinned);
            }
        }
        roster.settled(bits as usize)
    }
}
