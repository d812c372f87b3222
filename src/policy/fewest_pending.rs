//! `fewest-pending-requests`: the least loaded of all.

use super::engine::Levels;
use super::{Entry, Key, Policy, Roster};
use crate::outcome::Outcome;
use crate::request::Request;
use crate::roster::index::Index;
use crate::slot::pick::Pinned;

/// Picks the peer with the fewest requests in flight, exactly; among equals the one that was chosen
/// the longest ago, and before those any that was never chosen.
///
/// Takes a mutex for each choice and each finish, for a constant time whatever the number of peers.
/// With many threads that is a bottleneck that [`TwoRandomChoices`](super::TwoRandomChoices) does
/// not have. And beware of peers that fail fast: they always look idle, and nothing caps their
/// share.
#[derive(Debug, Default)]
pub struct FewestPending {
    levels: Levels,
}

impl FewestPending {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Policy for FewestPending {
    fn name(&self) -> &str {
        "fewest-pending-requests"
    }

    #[inline]
    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        self.levels.next(roster)
    }

    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        self.levels.next_except(roster, except)
    }

    fn may_panic(&self) -> bool {
        false
    }

    fn index(&self) -> Option<&dyn Index> {
        Some(&self.levels)
    }

    fn watches_finish(&self) -> bool {
        true
    }

    fn finished(&self, peer: Entry<'_>, _: Outcome) {
        self.levels.finished(peer);
    }
}
