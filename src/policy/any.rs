//! One of the policies of this crate, chosen at run time.

use super::choice::{AskAgain, Choice, LearnerRef, Watch};
use super::contract::{Policy, Seal};
use super::{
    Bounded, Direct, FewestPending, HashRing32, Maglev, Priced, Random, RoundRobin, Single,
    TwoRandomChoices, WeightedRoundRobin,
};
use crate::outcome::Finish;
use crate::request::Request;
use crate::roster::{Entry, IndexRef, Roster};
use crate::slot::{Key, Pinned};

/// One of the policies of this crate, or any other behind a box: what a
/// [`PolicySpec`](super::PolicySpec) makes. A `match` on every choice costs less than a call through
/// a trait object.
// A tag of its own: one that hides in a policy takes three instructions more to read.
#[derive(Debug)]
#[repr(u32)]
pub enum AnyPolicy {
    /// `round-robin`
    RoundRobin(RoundRobin),
    /// `weighted-round-robin`
    WeightedRoundRobin(WeightedRoundRobin),
    /// `random`
    Random(Random),
    /// `two-random-choices`
    TwoRandomChoices(TwoRandomChoices),
    /// `fewest-pending-requests`
    FewestPending(FewestPending),
    /// `hashring32`
    HashRing32(HashRing32),
    /// `maglev`
    Maglev(Maglev),
    /// `single`
    Single(Single),
    /// `direct`
    Direct(Direct),
    /// `least-loaded`, `least-latency`, `least-reported`, and `two-random-choices` with settings
    Priced(Priced),
    /// `round-robin`, `random`, `hashring32` or `maglev` with a bound
    Bounded(Bounded),
    /// One's own.
    Custom(Box<dyn Policy>),
}

impl AnyPolicy {
    /// The same policy with newcomers last, if it is one in which peers have an order: see
    /// [`RoundRobin::in_order`] and [`FewestPending::in_order`]. For a policy that serves no list yet.
    #[must_use]
    pub fn in_order(self) -> Self {
        match self {
            Self::RoundRobin(_) => Self::RoundRobin(RoundRobin::in_order()),
            Self::FewestPending(_) => Self::FewestPending(FewestPending::in_order()),
            Self::Bounded(bounded) => Self::Bounded(bounded.in_order()),
            other => other,
        }
    }
}

/// Calls the same method of whichever policy it is.
macro_rules! each {
    ($any:expr, $policy:ident => $call:expr) => {
        match $any {
            AnyPolicy::RoundRobin($policy) => $call,
            AnyPolicy::WeightedRoundRobin($policy) => $call,
            AnyPolicy::Random($policy) => $call,
            AnyPolicy::TwoRandomChoices($policy) => $call,
            AnyPolicy::FewestPending($policy) => $call,
            AnyPolicy::HashRing32($policy) => $call,
            AnyPolicy::Maglev($policy) => $call,
            AnyPolicy::Single($policy) => $call,
            AnyPolicy::Direct($policy) => $call,
            AnyPolicy::Priced($policy) => $call,
            AnyPolicy::Bounded($policy) => $call,
            AnyPolicy::Custom($policy) => $call,
        }
    };
}

impl Policy for AnyPolicy {
    fn name(&self) -> &str {
        each!(self, policy => policy.name())
    }

    #[inline(always)]
    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        each!(self, policy => policy.choose(roster, request))
    }

    fn choose_other<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Choice<'r> {
        each!(self, policy => policy.choose_other(roster, request, except))
    }

    fn choose_preferred<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        peer: Entry<'r>,
    ) -> Option<Pinned<'r>> {
        each!(self, policy => policy.choose_preferred(roster, request, peer))
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        each!(self, policy => policy.index())
    }

    fn attached(&self, ask_again: AskAgain) {
        each!(self, policy => policy.attached(ask_again));
    }

    fn watches(&self) -> Watch {
        each!(self, policy => policy.watches())
    }

    fn finished(&self, peer: Entry<'_>, finish: Finish) {
        each!(self, policy => policy.finished(peer, finish));
    }

    fn hands_over(&self, peer: Entry<'_>) -> bool {
        each!(self, policy => policy.hands_over(peer))
    }

    #[inline(always)]
    fn choose_at_once<'r>(
        &'r self,
        roster: &'r Roster,
        request: &Request<'_>,
        seal: Seal,
    ) -> Option<Pinned<'r>> {
        each!(self, policy => policy.choose_at_once(roster, request, seal))
    }

    fn learner(&self, seal: Seal) -> LearnerRef<'_> {
        each!(self, policy => policy.learner(seal))
    }

    fn sweep(&self, roster: &Roster, seal: Seal) {
        each!(self, policy => policy.sweep(roster, seal));
    }

    fn any_place_serves(&self, seal: Seal) -> bool {
        each!(self, policy => policy.any_place_serves(seal))
    }

    #[inline]
    fn may_panic(&self, seal: Seal) -> bool {
        matches!(self, Self::Custom(policy) if policy.may_panic(seal))
    }
}
