//! `single`: the one peer there is.

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::Dense;
use crate::request::Request;
use crate::roster::{IndexRef, Roster};
use crate::settings::Label;
use crate::slot::Pinned;

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"single");

/// Picks the peer that became available first, for lists of one. With more peers, the others stand
/// by.
#[derive(Debug, Default)]
pub struct Single {
    peers: Dense,
}

impl Single {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[cfg(all(feature = "capi", not(loom)))]
impl Single {
    pub(crate) fn memory(&self) -> crate::roster::TableMemory {
        self.peers.memory()
    }
}

impl Policy for Single {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    #[inline]
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        let mut available = self.peers.available(roster).iter();
        match available.find_map(|entry| entry.pin()) {
            Some(pinned) => Ok(pinned),
            None => self.peers.pin_still(roster, 0, &[]),
        }
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(self.peers.index())
    }

    #[inline]
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
