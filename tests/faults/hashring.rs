//! The hash ring's faults. What it gets right, bit for bit, is in `tests/hashring/`.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use peerage::policy::fingerprint32;
use peerage::policy::{AnyPolicy, HashRing32, HashRing32Options, PolicySpec};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Request, Wait};

use crate::support::{chosen, counts, custom, list, running, sharded, within};

const THREE: [&str; 3] = ["a", "b", "c"];

fn at(list: &impl Chooser, key: &str, headers: &[(&str, &str)]) -> Option<String> {
    let headers = headers.to_vec();
    chosen(list, &Request::new().with_shard_key(key).with_headers(&headers))
}

#[test]
fn an_offset_out_of_bounds_counts_as_none() {
    within(|| {
        let list = running("hashring32:offset-header=n", &FakeTransport::new(), &THREE);
        let owner = at(&*list, "key", &[]);
        assert!(owner.is_some());
        let twenty_nines = "9".repeat(20);
        for wild in ["9223372036854775807", &twenty_nines, "20000000", "33", "x", "", "0x1", " 1"] {
            assert_eq!(at(&*list, "key", &[("n", wild)]), owner, "{wild:?}");
        }
        let next = at(&*list, "key", &[("n", "1")]);
        assert!(next.is_some() && next != owner);
        assert_eq!(at(&*list, "key", &[("N", "+1")]), next);
    });
}

#[test]
fn a_negative_offset_is_none_and_one_too_large_can_fail_fast() {
    let policy: AnyPolicy = "hashring32:offset-header=n".parse().expect("a policy");
    let options = ListOptions::new().with_fail_fast(true);
    let list = custom(policy, FakeTransport::new(), options);
    list.start().expect("starts");
    list.update(ListUpdates::adding(THREE)).expect("adds");
    assert_eq!(at(&*list, "key", &[("n", "-1")]), at(&*list, "key", &[]));
    let headers = [("n", "3")];
    let request = Request::new().with_shard_key("key").with_headers(&headers);
    let error = list.choose(&request, Wait::forever()).expect_err("no such member");
    assert_eq!(error.kind(), peerage::ChooseErrorKind::FailFast);
    assert_eq!(error.available(), 3);
}

#[test]
fn a_generated_offset_never_exceeds_the_available_members() {
    let transport = FakeTransport::new();
    let list = running("hashring32:offset-generator=4", &transport, &["a", "b"]);
    let choose = || at(&*list, "key", &[]).expect("a peer");
    let mut tally = BTreeMap::new();
    (0..200).for_each(|_| *tally.entry(choose()).or_insert(0) += 1);
    assert_eq!(tally.len(), 2, "{tally:?}");

    let list = running(
        "hashring32:offset-generator=4,offset-header=n",
        &FakeTransport::new(),
        &["a", "b"],
    );
    let owner = at(&*list, "key", &[]);
    assert!((0..50).all(|_| at(&*list, "key", &[]) == owner), "not used with an offset header");
}

/// Members are fewer than peers when peers share one.
#[test]
fn a_generated_offset_counts_members_and_not_peers() {
    let list = list("hashring32:offset-generator=3", &FakeTransport::new());
    list.start().expect("starts");
    list.update(sharded(&[("a", "s"), ("b", "s"), ("c", "t")])).expect("adds");
    for _ in 0..100 {
        assert!(at(&*list, "key", &[]).is_some());
    }
}

#[test]
fn of_two_peers_with_one_shard_the_survivor_keeps_it() {
    for (first, then) in [("a", "b"), ("b", "a")] {
        let list = list("hashring32", &FakeTransport::new());
        list.start().expect("starts");
        list.update(sharded(&[("a", "shard"), ("b", "shard")])).expect("adds");
        assert!(at(&*list, "key", &[]).is_some());
        list.update(ListUpdates::removing([first])).expect("removes");
        assert_eq!(counts(&list), (1, 0, 0));
        assert_eq!(at(&*list, "key", &[]).as_deref(), Some(then));
    }
}

#[test]
fn a_key_on_a_point_of_two_members_has_one_owner() {
    // "1" + "23" and "12" + "3" are one point.
    let list = running("hashring32", &FakeTransport::new(), &["1", "12"]);
    let again = running("hashring32", &FakeTransport::new(), &["12", "1"]);
    let owner = at(&*list, "123", &[]);
    assert!((0..200).all(|_| at(&*list, "123", &[]) == owner));
    assert_eq!(at(&*again, "123", &[]), owner);
}

fn shared_points(delimiter: &str) -> usize {
    let mut members: HashMap<u32, u32> = HashMap::new();
    for member in 0..63 {
        for replica in 0..100 {
            let name = format!("{member}{delimiter}{replica}");
            *members.entry(fingerprint32(name.as_bytes())).or_default() += 1;
        }
    }
    members.values().filter(|&&count| count > 1).count()
}

/// The default stays yarpc-go's, with its 470 shared points; the remedy is there.
#[test]
fn a_delimiter_tells_names_apart() {
    assert_eq!(shared_points(""), 470);
    assert_eq!(shared_points("#"), 0);
    let ids: Vec<String> = (0..63).map(|id| id.to_string()).collect();
    let owners = |spec: &str| {
        let list = running(spec, &FakeTransport::new(), &[]);
        list.update(ListUpdates::adding(ids.clone())).expect("adds");
        let keys = (10..20).map(|key: i32| at(&*list, &key.to_string(), &[]).expect("a peer"));
        keys.collect::<std::collections::BTreeSet<_>>()
    };
    assert!(owners("hashring32:delimiter=#").len() > 3);
}

#[test]
fn no_number_of_replicas_panics() {
    let options = HashRing32Options { replicas: 0, ..Default::default() };
    let policy = HashRing32::new(options);
    let list = custom(policy, FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(THREE)).expect("adds");
    assert!(at(&*list, "key", &[]).is_some());
    for refused in ["0", "-1", "65537", "x"] {
        let spec = format!("hashring32:replicas={refused}");
        assert!(spec.parse::<PolicySpec>().is_err(), "{spec}");
    }
}

/// A status change must not sort: it is compared with an update, which must.
#[test]
fn a_status_change_does_not_rebuild_the_ring() {
    let transport = FakeTransport::new();
    let list = running("hashring32", &transport, &[]);
    let ids: Vec<String> = (0..400).map(|id| format!("10.0.0.1:{id}")).collect();
    list.update(ListUpdates::adding(ids)).expect("adds");
    let flap = allocation_counter::measure(|| {
        transport.set_status("10.0.0.1:7", peerage::ConnectionStatus::Unavailable);
        transport.set_status("10.0.0.1:7", peerage::ConnectionStatus::Available);
    });
    let update = allocation_counter::measure(|| {
        list.update(ListUpdates::adding(["one-more"])).expect("adds");
    });
    // The table alone is 400 × 100 points; what the fake transport allocates is a few names.
    assert!(update.bytes_total > 100_000, "{}", update.bytes_total);
    assert!(flap.bytes_total < 10_000, "{}", flap.bytes_total);
}

/// An update of many builds one table: far less than a table for each would take.
#[test]
fn an_update_of_many_builds_one_table() {
    let ids: Vec<String> = (0..200).map(|id| format!("10.0.0.1:{id}")).collect();
    let at_once = running("hashring32", &FakeTransport::new(), &[]);
    let one_by_one = running("hashring32", &FakeTransport::new(), &[]);
    let batch = allocation_counter::measure(|| {
        at_once.update(ListUpdates::adding(ids.clone())).expect("adds");
    });
    let single = allocation_counter::measure(|| {
        for id in &ids {
            one_by_one.update(ListUpdates::adding([&**id])).expect("adds");
        }
    });
    assert!(
        batch.bytes_total * 10 < single.bytes_total,
        "{} against {}",
        batch.bytes_total,
        single.bytes_total
    );
}

#[test]
fn an_empty_ring_is_small() {
    let empty = allocation_counter::measure(|| {
        std::hint::black_box(running("hashring32", &FakeTransport::new(), &[]));
    });
    assert!(empty.bytes_max < 64 * 1024, "{} bytes; yarpc-go's is 5 MiB", empty.bytes_max);
}

#[test]
fn a_missing_alternate_header_falls_back_to_the_shard_key() {
    let spec = "hashring32:alternate-shard-key-header=Alt";
    let list = running(spec, &FakeTransport::new(), &THREE);
    for key in ["foo1", "foo2", "foo3", "foo4", "foo5", "foo6"] {
        let by_header = at(&*list, "other", &[("alt", key)]);
        assert!(by_header.is_some());
        assert_eq!(at(&*list, key, &[]), by_header);
        assert_eq!(at(&*list, key, &[("alt", "")]), by_header);
    }
}

#[test]
fn a_seed_repeats_the_ring_s_random_choices() {
    let draw = |seed: u64| {
        let spec = "hashring32:offset-generator=3".parse().expect("a spec");
        let policy = AnyPolicy::from_spec(&spec, Some(seed));
        let list = custom(policy, FakeTransport::new(), ListOptions::new());
        list.start().expect("starts");
        list.update(ListUpdates::adding(THREE)).expect("adds");
        let draws = (0..60).map(|n| at(&*list, if n % 2 == 0 { "" } else { "key" }, &[]));
        draws.collect::<Vec<_>>()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

/// `ChooseNth` hands out the last member for an offset that is too large. A choice here waits.
#[test]
fn an_offset_beyond_the_members_is_no_other_member() {
    let list = running("hashring32:offset-header=n", &FakeTransport::new(), &THREE);
    let members: std::collections::BTreeSet<_> =
        (0..3).map(|n: i32| at(&*list, "key", &[("n", &n.to_string())]).expect("a peer")).collect();
    assert_eq!(members.len(), 3);
    let headers = [("n", "3")];
    let request = Request::new().with_shard_key("key").with_headers(&headers);
    let wait = Wait::timeout(Duration::from_millis(5));
    assert_eq!(list.choose(&request, wait).expect_err("no fourth").available(), 3);
}

#[test]
fn headers_that_are_not_configured_are_not_looked_up() {
    let list = running("hashring32", &FakeTransport::new(), &THREE);
    let owner = at(&*list, "key", &[]);
    for value in ["a", "b", "c", "1", "2"] {
        assert_eq!(at(&*list, "key", &[("", value)]), owner);
    }
}
