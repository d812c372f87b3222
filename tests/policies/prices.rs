//! What the policies that price peers make of unusual numbers, and inside a policy of one's own.

use std::sync::Arc;
use std::time::Duration;

use peerage::policy::{Choice, IndexRef, Policy, Priced, PricedOptions, Rng, Roster};
use peerage::{
    Attributes, Chooser, Finish, Identifier, List, ListUpdates, Member, Outcome, Pick, Request,
};

use crate::{list, next, policy};

#[test]
fn any_latency_may_be_told() {
    // The second is the one whose nanoseconds come around nearest to 2⁶⁴.
    for seconds in [0, 15_817_289_833_210_771, u64::MAX] {
        let (list, _transport) = list(policy("least-latency"), 3);
        for nanos in [0, 999_999_999] {
            let took = Duration::new(seconds, nanos);
            let pick = list.try_choose(&Request::new()).unwrap();
            pick.finish(Finish::new(Outcome::Success).with_latency(took));
        }
        next(&list);
    }
}

/// Peers of two weights share what is in flight as they weigh, however large the numbers are.
#[test]
fn heavy_weights_are_as_fine_as_light_ones() {
    for (heavy, light) in [(655, 330), (20_000, 13_000), (65_535, 33_000), (65_535, 1)] {
        let (list, _transport) = list(policy("least-loaded:memory=0"), 0);
        let member = |n: u32| {
            let weight = if n % 2 == 0 { heavy } else { light };
            let attributes = Attributes::new().with_weight(weight);
            Arc::new(Member::new(format!("p{n}"), attributes)) as Arc<dyn Identifier>
        };
        let additions = (0..20).map(member).collect();
        list.update(ListUpdates { additions, removals: vec![] }).unwrap();
        let held: Vec<Pick> =
            (0..3_000).map(|_| list.try_choose(&Request::new()).unwrap()).collect();
        let is_heavy = |pick: &&Pick| pick.identifier()[1..].parse::<u32>().unwrap() % 2 == 0;
        let had = held.iter().filter(is_heavy).count() as f64;
        let due = 3_000.0 * f64::from(heavy) / (f64::from(heavy) + f64::from(light));
        assert!((had - due).abs() < 60.0, "{heavy} and {light}: {had} of {due}");
    }
}

/// Passes nothing on but choices: the policy inside hears of no end.
#[derive(Debug)]
struct Wrapped(Priced);

impl Policy for Wrapped {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn choose<'r>(&'r self, roster: &'r Roster, request: &Request<'_>) -> Choice<'r> {
        self.0.choose(roster, request)
    }

    fn index(&self) -> Option<IndexRef<'_>> {
        self.0.index()
    }
}

#[test]
fn inside_another_policy_they_go_by_requests_in_flight() {
    for inner in [Priced::least_loaded, Priced::least_latency, Priced::least_reported] {
        let policy = Wrapped(inner(PricedOptions::new()).with_rng(Rng::seeded(3)));
        let (list, _transport) = list(policy, 2);
        let choose = || list.try_choose(&Request::new()).unwrap();
        let held: Vec<[Pick; 2]> = (0..30).map(|_| [choose(), choose()]).collect();
        for [one, other] in &held {
            assert_ne!(one.identifier(), other.identifier(), "{list:?}");
        }
    }
}
