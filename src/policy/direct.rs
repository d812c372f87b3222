//! `direct`: the peer that the request names.

use super::choice::{Choice, Nothing};
use super::contract::{Policy, Seal};
use super::engine::NameIndex;
use crate::request::Request;
use crate::roster::{IndexRef, Roster};
use crate::slot::Key;

/// Picks the peer that the request's shard key names. See [`Direct`](crate::Direct), which makes a
/// list of it that grows by the names it is asked for.
#[derive(Debug, Default)]
pub struct Direct {
    members: NameIndex,
}

impl Direct {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn members(&self) -> &NameIndex {
        &self.members
    }
}

impl Policy for Direct {
    fn name(&self) -> &str {
        "direct"
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        let name = request.shard_key_text();
        name.and_then(|name| self.members.pin(roster, name)).ok_or(Nothing::NotTheNamed)
    }

    fn choose_other<'r>(&'r self, _: &'r Roster, _: &Request<'_>, _: &[Key]) -> Choice<'r> {
        // The request names its peer: no other will do.
        Err(Nothing::Excluded)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&self.members))
    }

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
