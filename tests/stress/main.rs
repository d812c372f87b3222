//! Everything at once, on one list, of a size that a seed draws.
//!
//! A run has three acts. In the first all kinds of threads meet on a list that is being started:
//! choosers that try, wait, are cancelled or leave notices, an updater, a thread that has peers flap, one that
//! repeats old notifications, one that looks. Then nothing moves, and every count has to be exact.
//! In the second all peers are down, a crowd waits, and one peer comes back. In the third the
//! threads meet again and the list is stopped, or dropped, under their feet; what they held is
//! finished later, and nothing may be left.
//!
//! Sizes lie on both sides of every constant of the code (8, 16, 64, and beyond), so one run sees a
//! table that grows and the next one that does not. Runs are bounded by numbers of operations, not
//! by time. A failure prints the seed of its run:
//!
//! | variable | what it does |
//! |---|---|
//! | `PEERAGE_STRESS_SEED` | one run for each policy, of this seed |
//! | `PEERAGE_STRESS_RUNS` | the number of runs for each policy, each of a new seed: 10 |
//!
//! A seed repeats the sizes and what each thread does, not how their steps interleave.
#![cfg(feature = "testing")]

mod acts;
mod bed;
mod changes;
mod choosers;
mod direct;
mod lasting;
mod ledger;
mod onlookers;
mod plan;
#[path = "../support/mod.rs"]
mod support;
mod tally;

use peerage::policy::{AnyPolicy, Rng, Serial};

use crate::plan::{Plan, seeds};
use crate::support::within_time;
use crate::tally::Tally;

/// Runs the three acts for a policy that `make` makes, with each seed in turn.
fn stress(make: impl Fn(&Plan) -> AnyPolicy) {
    each_seed(|plan| {
        let policy = make(&plan);
        move || acts::play(plan, policy)
    });
}

/// Runs a case for each seed, with a watchdog that names the seed.
fn each_seed<C: FnOnce() + Send + 'static>(case: impl Fn(Plan) -> C) {
    for seed in seeds() {
        let plan = Plan::draw(seed);
        let text = format!("PEERAGE_STRESS_SEED={seed}: {plan:?}");
        let seeded = plan::Named(text.clone());
        within_time(plan::PATIENCE, &text, case(plan));
        drop(seeded);
    }
}

/// The policy of a spec; every other plan gives it a seed of its own.
fn named(spec: &str) -> impl Fn(&Plan) -> AnyPolicy {
    let spec = spec.parse().expect("a policy of this crate");
    move |plan| AnyPolicy::from_spec(&spec, (plan.seed % 2 == 0).then_some(plan.seed))
}

#[test]
fn round_robin() {
    stress(named("round-robin"));
}

#[test]
fn random() {
    stress(named("random"));
}

#[test]
fn two_random_choices() {
    stress(named("two-random-choices"));
}

#[test]
fn fewest_pending_requests() {
    stress(named("fewest-pending-requests"));
}

#[test]
fn hashring32() {
    stress(named("hashring32:replicas=20,delimiter=#"));
}

#[test]
fn a_serial_policy_of_ones_own() {
    stress(|plan| {
        let tally = Tally::new(Rng::seeded(plan.seed));
        AnyPolicy::Custom(Box::new(Serial::new(tally)))
    });
}

#[test]
fn direct() {
    each_seed(|plan| move || direct::play(plan));
}
