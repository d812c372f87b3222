//! Policies as text.

use peerage::error::SpecError;
use peerage::policy::{
    AnyPolicy, FewestPending, HashRing32, Policy, PolicySpec, Random, Rng, RoundRobin,
    TwoRandomChoices, catalogue,
};
use peerage::{Chooser, Request};

use crate::{list, next};

fn error(text: &str) -> SpecError {
    text.parse::<AnyPolicy>().unwrap_err()
}

#[test]
fn a_spec_makes_the_policy_it_names() {
    for row in catalogue() {
        let policy: AnyPolicy = row.name().parse().unwrap();
        assert_eq!(policy.name(), row.name());
        let (list, _transport) = list(policy, 1);
        assert_eq!(list.name(), row.name(), "a list is called after its policy");
        // `direct` takes the peer that the key names, and the others this one.
        let pick = list.try_choose(&Request::new().with_shard_key("p0")).unwrap();
        assert_eq!(pick.identifier(), "p0");
    }
}

#[test]
fn the_same_seed_makes_the_same_choices() {
    for name in ["random", "two-random-choices", "hashring32"] {
        let spec: PolicySpec = name.parse().unwrap();
        let choices = |seed| {
            let (list, _transport) = list(AnyPolicy::from_spec(&spec, Some(seed)), 10);
            (0..50).map(|_| next(&list)).collect::<Vec<_>>()
        };
        assert_eq!(choices(1), choices(1), "{name}");
        assert_ne!(choices(1), choices(2), "{name}");
    }
}

/// Each is made without arguments, or with a generator of the caller's.
#[test]
fn the_policies_are_made_alike() {
    fn serves<P: Policy + Default>(name: &str) {
        let (list, _transport) = list(P::default(), 3);
        assert_eq!(list.name(), name);
        let names = ["p0", "p1", "p2"];
        assert!((0..20).all(|_| names.contains(&&*next(&list))), "{name}");
    }
    serves::<RoundRobin>("round-robin");
    serves::<Random>("random");
    serves::<TwoRandomChoices>("two-random-choices");
    serves::<FewestPending>("fewest-pending-requests");
    serves::<HashRing32>("hashring32");

    fn choices<P: Policy>(policy: P) -> Vec<String> {
        let (list, _transport) = list(policy, 10);
        (0..50).map(|_| next(&list)).collect()
    }
    let random = |seed| choices(Random::new().with_rng(Rng::seeded(seed)));
    let two = |seed| choices(TwoRandomChoices::new().with_rng(Rng::seeded(seed)));
    let ring = |seed| choices(HashRing32::default().with_rng(Rng::seeded(seed)));
    let seeded: [&dyn Fn(u64) -> Vec<String>; 3] = [&random, &two, &ring];
    for made in seeded {
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
    }
    // 1 in 10^50 that two runs without a seed are the same.
    assert_ne!(choices(Random::new()), choices(Random::new()));
}

#[test]
fn what_is_wrong_with_a_text_is_said_by_kind() {
    assert!(matches!(error("nope"), SpecError::UnknownPolicy { name, .. } if name == "nope"));
    assert!(matches!(error("Random"), SpecError::UnknownPolicy { .. }), "case matters");
    assert!(matches!(
        error("round-robin:replicas=1"),
        SpecError::UnknownKey { place, key, .. }
            if place.policy() == Some("round-robin") && place.byte() == Some(12) && key == "replicas"
    ));
    assert!(matches!(error("hashring32:x=1"), SpecError::UnknownKey { key, .. } if key == "x"));
    assert!(matches!(
        error("hashring32:replicas=1,delimiter=#,replicas=1"),
        SpecError::DuplicateKey { key, .. } if key == "replicas"
    ));
    assert!(matches!(error("hashring32:"), SpecError::Malformed { part, .. } if part.is_empty()));
    for wrong in ["0", "65537", "ten", "", "1.5", "-1"] {
        assert!(
            matches!(
                error(&format!("hashring32:replicas={wrong}")),
                SpecError::InvalidValue { key: "replicas", value, .. } if value == wrong
            ),
            "{wrong:?}"
        );
    }
    for (key, wrong) in [("max-offset", "256"), ("offset-generator", "257")] {
        let error = error(&format!("hashring32:{key}={wrong}"));
        assert!(matches!(error, SpecError::InvalidValue { key: known, .. } if known == key));
    }
}
