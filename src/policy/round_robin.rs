//! `round-robin`: every peer in turn.

use super::engine::Sequence;
use super::{Key, Policy, Roster};
use crate::request::Request;
use crate::roster::index::Index;
use crate::slot::pick::Pinned;

/// Hands out the peers in the order in which they became available, each once per pass.
///
/// A peer that becomes available joins at the end of the pass under way; one that leaves changes
/// nobody else's turn. All threads share one cursor.
#[derive(Debug, Default)]
pub struct RoundRobin {
    sequence: Sequence,
}

impl RoundRobin {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[cfg(feature = "capi")]
impl RoundRobin {
    pub(crate) fn sequence(&self) -> &Sequence {
        &self.sequence
    }
}

impl Policy for RoundRobin {
    fn name(&self) -> &str {
        "round-robin"
    }

    #[inline]
    fn choose<'r>(&self, roster: &'r Roster, _: &Request<'_>) -> Option<Pinned<'r>> {
        self.sequence.next(roster)
    }

    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        // One more than the whole pass: others may be drawing from it too.
        for _ in 0..=roster.available().len() {
            let pinned = self.sequence.next(roster)?;
            if !except.contains(&pinned.key()) {
                return Some(pinned);
            }
        }
        roster.settled_except(0, except)
    }

    fn may_panic(&self) -> bool {
        false
    }

    fn index(&self) -> Option<&dyn Index> {
        Some(&self.sequence)
    }
}
