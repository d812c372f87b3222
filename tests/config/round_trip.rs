//! What is written is read as it was, through serde and from a file.

use std::time::Duration;

use peerage::config::{ChooserConfig, Config, PeersConfig, Reader};
use peerage::policy::{PolicySpec, catalogue};
use peerage::transports::ProbeOptions;
use peerage::{Attributes, KeyRow, ListOptions, Member};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;

/// Some values that keys take, of which each takes a few.
const VALUES: [&str; 18] = [
    "0",
    "1",
    "7",
    "16",
    "100",
    "1.25",
    "on",
    "off",
    "200ms",
    "2m",
    "forever",
    "lifo",
    "fail",
    "3/10",
    "x, y\\z",
    "\u{fc}#'\"",
    "http",
    "/up?a=b",
];

/// Sets keys to values as far as they take them.
fn set<K>(
    to: &mut K,
    rows: &[&'static KeyRow],
    picked: &[(Index, Index)],
    put: impl Fn(&mut K, &str, &str),
) {
    for (row, value) in picked {
        if !rows.is_empty() {
            put(to, row.get(rows).name(), VALUES[value.index(VALUES.len())]);
        }
    }
}

fn picked() -> impl Strategy<Value = Vec<(Index, Index)>> {
    vec(any::<(Index, Index)>(), 0..12)
}

/// Text without `${`, which a file replaces.
fn text() -> impl Strategy<Value = String> {
    "[^\\p{Cc}$]{1,9}"
}

fn member() -> impl Strategy<Value = Member> {
    (text(), 1..=u16::MAX, any::<u8>(), option::of(text()), option::of(text())).prop_map(
        |(id, weight, tier, zone, shard)| {
            let mut attributes = Attributes::new().with_weight(weight).with_tier(tier);
            attributes.zone = zone.map(Into::into);
            attributes.shard = shard.map(Into::into);
            Member::new(id, attributes)
        },
    )
}

fn peers() -> impl Strategy<Value = PeersConfig> {
    let members = vec(member(), 0..5).prop_map(|mut members| {
        let mut seen = std::collections::HashSet::new();
        members.retain(|member| seen.insert(peerage::Identifier::identifier(member).to_owned()));
        PeersConfig::Members(members)
    });
    let source = |uri: &str| PeersConfig::Source(Box::new(uri.parse().unwrap()));
    prop_oneof![
        members,
        Just(source("dns:users.internal:80#max-ttl=5s")),
        Just(source("static:a,b*3#backoff=1s,snapshot=/x y\\,z")),
    ]
}

fn chooser() -> impl Strategy<Value = ChooserConfig> {
    let parts = (any::<Index>(), picked(), picked(), option::of(picked()));
    (parts, peers(), option::of(any::<u32>())).prop_map(
        |((row, keys, options, probes), peers, drain)| {
            let rows: Vec<_> = catalogue().collect();
            let row = row.get(&rows);
            let mut policy: PolicySpec = row.name().parse().unwrap();
            let keyed: Vec<_> = row.keys().collect();
            set(&mut policy, &keyed, &keys, |policy, key, value| drop(policy.set(key, value)));
            let mut config = ChooserConfig::new(policy);
            let keyed: Vec<_> = ListOptions::keys().collect();
            set(&mut config.options, &keyed, &options, |to, key, value| drop(to.set(key, value)));
            config.probes = probes.map(|picked| {
                let keyed: Vec<_> = ProbeOptions::keys().collect();
                let mut probes = ProbeOptions::default();
                set(&mut probes, &keyed, &picked, |to, key, value| drop(to.set(key, value)));
                let _ = probes.set("check", "http");
                probes
            });
            if row.name() != "direct" {
                config.peers = peers;
            }
            config.drain_timeout = drain.map(|millis| Duration::from_millis(millis.into()));
            config
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_chooser_is_read_as_it_was_written(config in chooser()) {
        let json = serde_json::to_string(&config).unwrap();
        let again: ChooserConfig = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&again, &config, "{}", json);
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }

    #[test]
    fn a_file_is_read_as_it_was_written(choosers in btree_map("[^\\p{Cc}]{1,9}", chooser(), 1..4)) {
        let mut config = Config::new();
        config.choosers = choosers;
        for (name, chooser) in &mut config.choosers {
            if chooser.options.to_string().split(',').all(|part| !part.starts_with("name=")) {
                chooser.options = chooser.options.clone().with_name(name.clone());
            }
        }
        // JSON is YAML.
        for json in [serde_json::to_string(&config).unwrap(), serde_json::to_string_pretty(&config).unwrap()] {
            let again = Reader::new().with_variables(|_| None).parse(&json, "f");
            prop_assert_eq!(again.as_ref(), Ok(&config), "{}", json);
        }
    }
}
