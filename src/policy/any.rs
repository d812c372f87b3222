//! One of the policies of this crate, chosen at run time.

use super::{
    Entry, FewestPending, HashRing32, Key, Policy, PolicySpec, Random, RandomChoice, Roster,
    RoundRobin, TwoRandomChoices,
};
use crate::error::SpecError;
use crate::outcome::Outcome;
use crate::request::Request;
use crate::roster::index::Index;
use crate::slot::pick::Pinned;

/// One of the policies of this crate, or any other behind a box: what a
/// [`PolicySpec`] makes. A `match` on every choice costs less than a call through a trait object.
#[derive(Debug)]
pub enum AnyPolicy {
    /// `round-robin`
    RoundRobin(Box<RoundRobin>),
    /// `random`
    Random(RandomChoice),
    /// `two-random-choices`
    TwoRandomChoices(TwoRandomChoices),
    /// `fewest-pending-requests`
    FewestPending(FewestPending),
    /// `hashring32`
    HashRing32(Box<HashRing32>),
    /// One's own.
    Custom(Box<dyn Policy>),
}

impl AnyPolicy {
    /// The policy that a spec describes; `seed` makes its random numbers repeatable.
    #[must_use]
    pub fn from_spec(spec: &PolicySpec, seed: Option<u64>) -> Self {
        let random = Random::from_seed(seed);
        match spec {
            PolicySpec::RoundRobin => Self::RoundRobin(Box::default()),
            PolicySpec::Random => Self::Random(RandomChoice::new(random)),
            PolicySpec::TwoRandomChoices => Self::TwoRandomChoices(TwoRandomChoices::new(random)),
            PolicySpec::FewestPending => Self::FewestPending(FewestPending::new()),
            PolicySpec::HashRing32(options) => {
                Self::HashRing32(Box::new(HashRing32::new(options.clone(), random)))
            }
        }
    }
}

impl std::str::FromStr for AnyPolicy {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        Ok(Self::from_spec(&text.parse()?, None))
    }
}

/// Calls the same method of whichever policy it is.
macro_rules! each {
    ($any:expr, $policy:ident => $call:expr) => {
        match $any {
            AnyPolicy::RoundRobin($policy) => $call,
            AnyPolicy::Random($policy) => $call,
            AnyPolicy::TwoRandomChoices($policy) => $call,
            AnyPolicy::FewestPending($policy) => $call,
            AnyPolicy::HashRing32($policy) => $call,
            AnyPolicy::Custom($policy) => $call,
        }
    };
}

impl Policy for AnyPolicy {
    fn name(&self) -> &str {
        each!(self, policy => policy.name())
    }

    #[inline(always)]
    fn choose<'r>(&self, roster: &'r Roster, request: &Request<'_>) -> Option<Pinned<'r>> {
        each!(self, policy => policy.choose(roster, request))
    }

    fn choose_other<'r>(
        &self,
        roster: &'r Roster,
        request: &Request<'_>,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        each!(self, policy => policy.choose_other(roster, request, except))
    }

    fn index(&self) -> Option<&dyn Index> {
        each!(self, policy => policy.index())
    }

    #[inline]
    fn may_panic(&self) -> bool {
        matches!(self, Self::Custom(policy) if policy.may_panic())
    }

    fn watches_finish(&self) -> bool {
        each!(self, policy => policy.watches_finish())
    }

    fn finished(&self, peer: Entry<'_>, outcome: Outcome) {
        each!(self, policy => policy.finished(peer, outcome));
    }
}
