//! `fewest-pending-requests`: the least loaded of all.

use super::choice::{Choice, Watch};
use super::contract::{Policy, Seal};
use super::engine::{Levels, Newcomers};
use crate::outcome::Finish;
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{Entry, IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"fewest-pending-requests");

/// Picks the peer with the fewest requests in flight, exactly; among equals the one that was chosen
/// the longest ago.
///
/// A peer that becomes available, for the first time or again, takes a random place among its
/// equals, so that not all clients that have nothing to do send it their next request; and of many
/// clients with the same peers, not all begin with the same one. Processes that are made by `fork` go
/// on from the same place.
///
/// Takes a lock for each choice, for a time that depends neither on the number of peers nor on that of
/// requests, up to 1,024 in flight on each peer; beyond, it grows with the logarithm of the number of
/// peers. A finish writes down that it was, for the next choice to count, and takes the lock only when
/// six are written down already. With many threads the lock is a bottleneck that
/// [`TwoRandomChoices`](super::TwoRandomChoices) does not have. And beware of peers that fail fast:
/// they always look idle, and nothing caps their share.
///
/// ```
/// use peerage::policy::{FewestPending, Rng};
///
/// // The same places for the same peers.
/// let repeatable = FewestPending::new().with_rng(Rng::seeded(7));
/// // Among equals, peers in the order in which they became available.
/// let plain = FewestPending::in_order();
/// # let _ = (repeatable, plain);
/// ```
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

    /// The policy with peers that become available coming last among their equals, as if they had
    /// just been chosen.
    ///
    /// Clients whose peers become available in the same order then begin with the same one.
    #[must_use]
    pub fn in_order() -> Self {
        Self { levels: Levels::default().with_newcomers(Newcomers::Last) }
    }

    /// Draws the places of peers that become available from `rng` instead: a
    /// [seeded](Rng::seeded) one makes the choices repeatable.
    #[must_use]
    pub fn with_rng(mut self, rng: Rng) -> Self {
        self.levels = self.levels.with_newcomers(Newcomers::Anywhere(rng));
        self
    }
}

impl Policy for FewestPending {
    fn name(&self) -> &str {
        NAME.as_str()
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

    fn choose_preferred<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        self.levels.take(roster, peer)
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
