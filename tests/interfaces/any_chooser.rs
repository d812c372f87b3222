//! The chooser that a configuration names.

use std::sync::Arc;

use peerage::error::PeerFailureKind;
use peerage::policy::{HashRing32Options, PolicySpec, catalogue};
use peerage::testing::FakeTransport;
use peerage::{AnyChooser, ChooserList, DirectOptions, Identifier, Lifecycle};
use peerage::{ListOptions, ListUpdates, Request, UpdateError, Wait, identify};

fn made(policy: &str, options: &str) -> (Arc<dyn ChooserList>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let (spec, options) = (policy.parse().unwrap(), options.parse().unwrap());
    let chooser = AnyChooser::from_spec(&spec, transport.clone(), options);
    chooser.start().unwrap();
    (Arc::new(chooser), transport)
}

/// Whom the choices of a list of ten are for, in turn.
fn choices(policy: &str, options: &str, count: usize) -> Vec<String> {
    let (chooser, _transport) = made(policy, options);
    chooser.update(ListUpdates::adding((0..10).map(|n| format!("p{n}")))).unwrap();
    let next = || chooser.try_choose(&Request::new()).unwrap().identifier().to_owned();
    (0..count).map(|_| next()).collect()
}

#[test]
fn every_policy_of_the_catalogue_is_made_and_chooses() {
    for row in catalogue() {
        let (chooser, transport) = made(row.name(), "");
        assert_eq!(chooser.introspect().name, row.name());
        let updated = chooser.update(ListUpdates::adding(["a:1"]));
        // `direct` alone finds its peers by itself.
        assert_eq!(updated.is_ok(), row.name() != "direct", "{}", row.name());
        let request = Request::new().with_shard_key("a:1");
        let pick = chooser.choose(&request, Wait::default()).unwrap();
        assert_eq!(pick.identifier(), "a:1");
        drop(pick);
        chooser.stop().unwrap();
        assert!(!chooser.is_running() && transport.retained() == 0, "{}", row.name());
    }
}

#[test]
fn options_are_those_of_the_text() {
    let (users, _transport) = made("random", r"name=users\, v2,fail-fast");
    assert_eq!(users.introspect().name, "users, v2");
    let error = users.choose(&Request::new(), Wait::forever()).unwrap_err();
    assert!(error.to_string().contains("fail-fast is enabled"), "{error}");
    let (users, _transport) = made("direct", "name=users,timeout=1ms");
    let request = Request::new().with_shard_key("a:1");
    assert!(users.choose(&request, Wait::default()).is_ok());
    assert_eq!(users.introspect().name, "users");
}

#[test]
fn a_seed_is_for_the_shuffle_and_the_policy() {
    for policy in ["random", "two-random-choices", "hashring32", "round-robin"] {
        let seven = choices(policy, "seed=7", 40);
        assert_eq!(choices(policy, "seed=7", 40), seven, "{policy}");
        assert_ne!(choices(policy, "seed=8", 40), seven, "{policy}");
    }
}

#[test]
fn a_list_that_does_not_shuffle_keeps_its_peers_in_order() {
    let in_order: Vec<_> = (0..10).map(|n| format!("p{n}")).collect();
    for policy in ["round-robin", "fewest-pending-requests"] {
        assert_eq!(choices(policy, "shuffle=off", 10), in_order, "{policy}");
        // 1 in 10! that a shuffle changes nothing.
        assert_ne!(choices(policy, "", 10), in_order, "{policy}");
    }
}

fn refused(update: Result<(), UpdateError>) -> Vec<String> {
    let error = update.unwrap_err();
    for failure in error.failures() {
        assert!(matches!(failure.kind(), PeerFailureKind::TakesNoUpdates), "{failure}");
    }
    error.failures().iter().map(|failure| failure.peer().to_owned()).collect()
}

/// An identifier of the user's, which may panic when it is read.
#[derive(Debug)]
struct Unreadable;

impl Identifier for Unreadable {
    fn identifier(&self) -> &str {
        panic!("no name")
    }
}

#[test]
fn direct_says_that_it_takes_no_updates() {
    let (direct, transport) = made("direct", "");
    let updates = ListUpdates::new().with_addition("a:1").with_removal("b:1");
    let error = direct.update(updates.clone()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "can't add or remove peer \"b:1\": direct takes its peers from shard keys; \
         can't add or remove peer \"a:1\": direct takes its peers from shard keys"
    );
    assert_eq!(refused(direct.update(updates)), ["b:1", "a:1"]);
    assert_eq!(refused(direct.replace(vec![identify("a:1")])), ["a:1"]);
    let unreadable = ListUpdates { additions: vec![Arc::new(Unreadable)], removals: vec![] };
    assert_eq!(refused(direct.update(unreadable)), [""]);
    // What asks for nothing is done.
    direct.update(ListUpdates::new()).unwrap();
    direct.replace(vec![]).unwrap();
    assert!(transport.retained() == 0);
}

#[test]
fn direct_keeps_as_many_as_it_is_told() {
    let names: Vec<_> = (0..5).map(|n| format!("p{n}")).collect();
    for (policy, kept) in [("direct:keep=0", 0), ("direct:keep=2", 2), ("direct", 5)] {
        let (direct, transport) = made(policy, "");
        for name in &names {
            drop(direct.try_choose(&Request::new().with_shard_key(name)).unwrap());
        }
        // The last choice lets go what is not needed; its own peer was needed until now.
        let most = if kept == 0 { 1 } else { kept };
        assert_eq!(transport.retained(), most, "{policy}");
    }
}

#[test]
fn specs_are_made_of_typed_settings() {
    let ring =
        HashRing32Options { replicas: 7, replica_delimiter: ",".into(), ..Default::default() };
    assert_eq!(PolicySpec::from(ring).to_string(), r"hashring32:replicas=7,delimiter=\,");
    let direct = |keep| PolicySpec::from(&DirectOptions::new().with_keep(keep)).to_string();
    assert_eq!(direct(64), "direct");
    assert_eq!(direct(0), "direct:keep=0");
    assert_eq!(direct(usize::MAX), "direct:keep=4294967295");
    let options = ListOptions::new().with_name("x");
    let spec = PolicySpec::from(&DirectOptions::new().with_list(options));
    let chooser = AnyChooser::from_spec(&spec, FakeTransport::new(), ListOptions::new());
    assert!(matches!(chooser, AnyChooser::Direct(_)), "{chooser:?}");
}
