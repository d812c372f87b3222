//! Texts that are policies, and texts that are none.

use super::*;
use crate::policy::Policy;

fn error(text: &str) -> String {
    text.parse::<PolicySpec>().unwrap_err().to_string()
}

#[test]
fn every_row_makes_the_policy_of_its_name() {
    for row in catalogue() {
        let spec: PolicySpec = row.name().parse().unwrap();
        assert_eq!(spec.name(), row.name());
        assert_eq!(spec.to_string(), row.name());
        assert_eq!(AnyPolicy::from_spec(&spec, None).name(), row.name());
    }
}

#[test]
fn the_defaults_in_the_rows_are_those_of_the_settings() {
    let defaults = SpecOptions::default();
    let keys = catalogue().flat_map(PolicyRow::settings);
    assert_eq!(keys.map(|key| key.check(&defaults)).count(), 26);
}

#[test]
fn every_key_is_read_and_printed() {
    let text = "hashring32:replicas=5,delimiter=#,peer-override-header=po,offset-header=of,\
                max-offset=7,offset-generator=3,alternate-shard-key-header=al";
    let spec: PolicySpec = text.parse().unwrap();
    assert_eq!(spec.to_string(), text);
    assert_eq!(spec.to_string().parse::<PolicySpec>().unwrap(), spec);
    let options = spec.hashring32().unwrap();
    assert_eq!((options.replicas, &*options.replica_delimiter), (5, "#"));
    assert_eq!((options.max_offset, options.offset_generator), (7, 3));
    assert_eq!(options.peer_override_header.as_deref(), Some("po"));
    assert_eq!(options.offset_header.as_deref(), Some("of"));
    assert_eq!(options.alternate_shard_key_header.as_deref(), Some("al"));
    assert_eq!(PolicySpec::from(options.clone()), spec);
    let spec: PolicySpec = "direct:keep=4294967295".parse().unwrap();
    assert_eq!(spec.direct_keep(), Some(u32::MAX));
    assert_eq!(PolicySpec::direct(u32::MAX), spec);
    assert_eq!(spec.to_string(), "direct:keep=4294967295");
    assert_eq!((spec.hashring32(), PolicySpec::direct(64).to_string()), (None, "direct".into()));
}

#[test]
fn a_spec_of_any_settings_parses_back() {
    let ring = HashRing32Options {
        replicas: 0,
        replica_delimiter: r",\:=".into(),
        peer_override_header: Some(String::new()),
        max_offset: 256,
        offset_generator: u32::MAX,
        ..Default::default()
    };
    let spec = PolicySpec::from(ring);
    let text = r"hashring32:replicas=1,delimiter=\,\\:=,max-offset=255,offset-generator=256";
    assert_eq!(spec.to_string(), text);
    assert_eq!(text.parse::<PolicySpec>().unwrap(), spec);
    let many = HashRing32Options { replicas: u32::MAX, ..Default::default() };
    assert_eq!(PolicySpec::from(many).to_string(), "hashring32:replicas=65536");
}

#[test]
fn a_bound_makes_the_same_policy_with_it() {
    for (text, shown) in [
        ("round-robin:bound=1.250", "round-robin:bound=1.25"),
        ("random:bound=2", "random:bound=2"),
        ("maglev:bound=1.25", "maglev:bound=1.25"),
        ("hashring32:replicas=5,bound=1.5", "hashring32:replicas=5,bound=1.5"),
        ("random:bound=off", "random"),
    ] {
        let spec: PolicySpec = text.parse().unwrap();
        assert_eq!(spec.to_string(), shown);
        let policy = AnyPolicy::from_spec(&spec, None);
        assert_eq!(policy.name(), spec.name());
        assert_eq!(matches!(policy, AnyPolicy::Bounded(_)), shown.contains("bound"));
    }
}

#[test]
fn specs_differ_by_name_and_by_settings() {
    let spec = |text: &str| text.parse::<PolicySpec>().unwrap();
    assert_eq!(spec("hashring32:replicas=100"), spec("hashring32"));
    assert_ne!(spec("hashring32:replicas=99"), spec("hashring32"));
    assert_ne!(spec("random"), spec("single"));
    assert_eq!(format!("{:?}", spec("direct:keep=1")), r#"PolicySpec("direct:keep=1")"#);
}

#[test]
fn errors_name_what_is_wrong_and_what_would_be_right() {
    assert_eq!(
        error("rr"),
        "no policy is called \"rr\"; need one of round-robin, weighted-round-robin, random, \
         two-random-choices, fewest-pending-requests, least-loaded, least-latency, \
         least-reported, hashring32, maglev, single, direct"
    );
    assert_eq!(
        error("random:x=1"),
        "policy \"random\" at byte 7: there is no key \"x\"; need one of bound"
    );
    assert_eq!(
        error("hashring32:delimiter=#,replica=1"),
        "policy \"hashring32\" at byte 23: there is no key \"replica\"; need one of replicas, \
         delimiter, peer-override-header, offset-header, max-offset, offset-generator, \
         alternate-shard-key-header, bound"
    );
    assert_eq!(
        error("hashring32:replicas=-1"),
        "policy \"hashring32\" at byte 11: replicas=\"-1\" must be a whole number from 1 to \
         65536"
    );
    assert_eq!(
        error("hashring32:replicas"),
        "policy \"hashring32\" at byte 11: \"replicas\" is not of the form key=value"
    );
    assert_eq!(
        error("hashring32:replicas=1,replicas=2"),
        "policy \"hashring32\" at byte 22: key \"replicas\" is given twice"
    );
    assert_eq!(
        error("direct:keep=4294967296"),
        "policy \"direct\" at byte 7: keep=\"4294967296\" must be a whole number from 0 to \
         4294967295"
    );
    assert_eq!(
        error("round-robin:bound=0.9"),
        "policy \"round-robin\" at byte 12: bound=\"0.9\" must be off, or a number from 1 to 1000 \
         with up to three decimals, such as 1.25"
    );
    assert_eq!(
        error("single:bound=2"),
        "policy \"single\" at byte 7: there is no key \"bound\"; it takes none"
    );
    assert_eq!(error("random:"), "policy \"random\" at byte 7: \"\" is not of the form key=value");
    assert!(error("").starts_with("no policy is called \"\""));
    let mut spec: PolicySpec = "direct".parse().unwrap();
    assert_eq!(
        spec.set("keep", "all").unwrap_err().to_string(),
        "policy \"direct\": keep=\"all\" must be a whole number from 0 to 4294967295"
    );
}
