//! `round-robin`: every peer in turn.

use super::choice::Choice;
use super::contract::{Policy, Seal};
use super::engine::{Newcomers, Sequence};
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"round-robin");

/// Hands out the peers in turn, each once per pass.
///
/// A peer keeps its place in the order as long as it is in the list. While it is unavailable it is
/// passed over, and once it is back its turn comes as it would have: however often it comes and
/// goes, it gets its share of the time that it is available, give or take one turn, and changes no
/// other's. All threads share one cursor. A slow peer gets as many as the others, unless there is a
/// bound ([`with_bound`](RoundRobin::with_bound)).
///
/// A peer that joins the list takes a random place, so that of many clients, each with the same peers,
/// not all begin with the same one, in whatever order peers are added and connect. Processes that
/// are made by `fork` go on from the same place.
///
/// ```
/// use peerage::policy::{RoundRobin, Rng};
///
/// // The same order for the same additions.
/// let repeatable = RoundRobin::new().with_rng(Rng::seeded(7));
/// // Peers in order of arrival, if the list does not shuffle them either.
/// let plain = RoundRobin::in_order();
/// # let _ = (repeatable, plain);
/// ```
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

    /// The policy with the peers in the order in which they join the list: a newcomer comes at the
    /// end of the pass under way. As in yarpc-go, but that there a peer that comes back is a newcomer.
    ///
    /// Clients that add the same peers then begin with the same one, unless their lists
    /// [shuffle](crate::ListOptions::with_shuffle) what is added.
    #[must_use]
    pub fn in_order() -> Self {
        Self { sequence: Sequence::default().with_newcomers(Newcomers::Last) }
    }

    /// Draws the places of peers that join from `rng` instead: a [seeded](Rng::seeded) one makes the
    /// order repeatable.
    #[must_use]
    pub fn with_rng(mut self, rng: Rng) -> Self {
        self.sequence = self.sequence.with_newcomers(Newcomers::Anywhere(rng));
        self
    }
}

impl RoundRobin {
    pub(crate) fn sequence(&self) -> &Sequence {
        &self.sequence
    }
}

impl Policy for RoundRobin {
    fn name(&self) -> &str {
        NAME.as_str()
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
