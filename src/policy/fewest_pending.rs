//! `fewest-pending-requests`: the least loaded of all.

use super::choice::{Choice, Watch};
use super::contract::{Policy, Seal};
use super::engine::Levels;
use crate::outcome::Finish;
use crate::request::Request;
use crate::roster::{Entry, IndexRef, Roster};
use crate::slot::Key;

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
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        self.levels.next(roster)
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        self.levels.next_except(roster, except)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.levels))
    }

    fn watches(&self) -> Watch {
        Watch::NOTHING.with_finish()
    }

    fn finished(&self, peer: Entry<'_>, _: Finish) {
        self.levels.finished(peer);
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
