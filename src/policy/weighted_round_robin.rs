//! `weighted-round-robin`: every peer in turn, as often as its weight says.

use super::choice::Choice;
use super::contract::{DRAWS, Policy, Seal};
use super::engine::Shares;
use crate::request::Request;
use crate::rng::Rng;
use crate::roster::{IndexRef, Roster};
use crate::settings::Label;
use crate::slot::{Key, Pinned};

/// The name it has in texts.
pub(super) const NAME: Label = Label::new(c"weighted-round-robin");

/// Hands out the peers in turn, each as often as its [weight](crate::Attributes::weight) says.
///
/// A heavy peer's turns are spread among the others'. How far a peer gets from what is due to it depends
/// on the weights, and is bounded by no proof: `tests/policies/weights.rs` sees one turn for weights that
/// are alike and for 1,000 × 10 with 100 × 128, two turns for weights from 1 to 1,000 at random, and
/// waits of up to twice what is due. Peers that come and go, and weights that become others, take nothing
/// from what the rest had coming. All threads share one cursor.
///
/// A choice goes down a tree, some 7 ns a level: among 1,000 peers it takes about nine times as long as
/// one of [`RoundRobin`](super::RoundRobin), and longer among tens of thousands, whose tree is larger than a
/// processor's caches (`cargo bench`).
///
/// The order is a random one, so that of many clients, each with the same peers, not all begin with the
/// same one.
///
/// ```
/// use peerage::policy::WeightedRoundRobin;
/// use peerage::transports::Always;
/// use peerage::{Attributes, Chooser, Lifecycle, List, ListOptions, ListUpdates, Member};
/// use peerage::{Outcome, PeerList, Request};
///
/// let list = PeerList::new(WeightedRoundRobin::new(), Always::new(), ListOptions::new());
/// list.start()?;
/// let heavy = Member::new("10.0.0.1:80", Attributes::new().with_weight(3));
/// let light = Member::new("10.0.0.2:80", Attributes::new());
/// list.update(ListUpdates::adding_members([heavy, light]))?;
///
/// let mut heavy = 0;
/// for _ in 0..400 {
///     let pick = list.try_choose(&Request::new())?;
///     heavy += u32::from(pick.identifier() == "10.0.0.1:80");
///     pick.finish(Outcome::Success);
/// }
/// assert!((298..=302).contains(&heavy));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WeightedRoundRobin {
    /// In a box: with the splits of its classes it has a thousand bytes.
    shares: Box<Shares>,
}

impl WeightedRoundRobin {
    /// The policy.
    #[must_use]
    pub fn new() -> Self {
        Self { shares: Box::new(Shares::new(Rng::default())) }
    }

    /// Draws the order from `rng` instead: a [seeded](Rng::seeded) one makes it repeatable.
    #[must_use]
    pub fn with_rng(self, rng: Rng) -> Self {
        Self { shares: Box::new(Shares::new(rng)) }
    }
}

impl Default for WeightedRoundRobin {
    fn default() -> Self {
        Self::new()
    }
}

impl Policy for WeightedRoundRobin {
    fn name(&self) -> &str {
        NAME.as_str()
    }

    #[inline]
    fn choose<'r>(&'r self, roster: &'r Roster, _: &Request<'_>) -> Choice<'r> {
        self.shares.next(roster)
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        _: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        self.shares.next_but(roster, except, DRAWS)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        Some(IndexRef::new(&*self.shares))
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

    fn may_panic(&self, _: Seal) -> bool {
        false
    }
}
