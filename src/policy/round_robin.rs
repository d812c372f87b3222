//! `round-robin`: every peer in turn.

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::Sequence;
use crate::request::Request;
use crate::roster::{IndexRef, Roster};
use crate::slot::Key;

/// Hands out the peers in the order in which they became available, each once per pass.
///
/// A peer that becomes available joins at the end of the pass under way; one that leaves changes
/// no other's turn. All threads share one cursor.
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
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        self.sequence.next(roster)
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        self.sequence.next_except(roster, except)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.sequence))
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
