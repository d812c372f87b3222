//! What yarpc-go answers, by the numbers of its cases, and what its map order decides there.

use std::collections::BTreeSet;

use peerage::policy::{HashRing32Options, fingerprint32};
use peerage::{List, ListUpdates};

use crate::{Bed, offset_header};

/// The ring of yarpc-go's list tests: 5 points each, delimiter `#`.
fn two_shards(options: HashRing32Options) -> Bed {
    let options = HashRing32Options { replicas: 5, replica_delimiter: "#".into(), ..options };
    let bed = Bed::new(options);
    bed.add_shards(1..=2);
    bed
}

/// Vectors 1 to 4.
#[test]
fn keys_belong_to_shards() {
    let bed = two_shards(HashRing32Options::default());
    assert_eq!([bed.at("foo1"), bed.at("foo2")], ["id1", "id2"]);
    bed.remove(["id2"]);
    assert_eq!([bed.at("foo1"), bed.at("foo2")], ["id1", "id1"]);
}

/// Vectors 5 to 7.
#[test]
fn keys_may_come_in_a_header() {
    let header = "test-header-shard-key";
    let bed = two_shards(HashRing32Options {
        alternate_shard_key_header: Some(header.into()),
        ..HashRing32Options::default()
    });
    let at = |value| bed.try_at("", &[(header, value)]).expect("a peer");
    assert_eq!([at("foo1"), at("foo2")], ["id1", "id2"]);
    bed.remove(["id2"]);
    assert_eq!([at("foo1"), at("foo2")], ["id1", "id1"]);
}

/// Vectors 8 to 10.
#[test]
fn a_header_may_name_the_shard() {
    let bed = two_shards(HashRing32Options {
        peer_override_header: Some("poTest".into()),
        ..HashRing32Options::default()
    });
    let at = |shard, key| bed.try_at(key, &[("potest", shard)]).expect("a peer");
    assert_eq!(at("shard-2", "foo1"), "id2");
    assert_eq!(at("shard-3", "foo1"), "id1", "unknown");
    bed.remove(["id2"]);
    assert_eq!(at("shard-2", "foo2"), "id1", "gone");
}

/// Vector 11.
#[test]
fn a_generated_offset_stays_below_its_bound() {
    let bed = Bed::new(HashRing32Options {
        replicas: 5,
        offset_generator: 3,
        ..HashRing32Options::default()
    });
    bed.add_shards(1..=5);
    let chosen: BTreeSet<String> = (0..100).map(|_| bed.at("foo1")).collect();
    assert_eq!(chosen.into_iter().collect::<Vec<_>>(), ["id1", "id2", "id3"]);
}

/// Vectors 12 to 15, and 17 and 18: a key that is the name of a point belongs to its member, for
/// every delimiter, and past the last point the ring begins anew.
#[test]
fn points_are_named_member_delimiter_number() {
    for delimiter in ["", "#", "~"] {
        let bed = Bed::new(HashRing32Options {
            replica_delimiter: delimiter.into(),
            ..HashRing32Options::default()
        });
        bed.add(["member", "another"]);
        for number in 0..100 {
            assert_eq!(bed.at(&format!("member{delimiter}{number}")), "member");
        }
        let point = |name: &str, n| fingerprint32(format!("{name}{delimiter}{n}").as_bytes());
        let points =
            || ["member", "another"].map(|name| (0..100).map(move |n| (point(name, n), name)));
        let first = points().into_iter().flatten().min().expect("points");
        let last = points().into_iter().flatten().max().expect("points");
        let mut keys = (0..).map(|n: u32| format!("key{n}"));
        let beyond = keys.find(|key| fingerprint32(key.as_bytes()) > last.0).expect("one in 2³²");
        assert_eq!(bed.at(&beyond), first.1);
    }
}

const COLLIDING: [&str; 2] = ["98.25.121.4:24016", "251.73.56.7:21031"];

/// Vector 19, and what map order decides in yarpc-go.
#[test]
fn members_that_collide_are_told_apart() {
    let names = [format!("{}49", COLLIDING[0]), format!("{}79", COLLIDING[1])];
    assert_eq!(names.each_ref().map(|name| fingerprint32(name.as_bytes())), [0x4eca_b699; 2]);
    let orders: [&[&str]; 4] = [
        &[COLLIDING[0], COLLIDING[1], "other"],
        &[COLLIDING[1], COLLIDING[0], "other"],
        &["other", COLLIDING[1], COLLIDING[0]],
        &[COLLIDING[0], "other", COLLIDING[1]],
    ];
    let mut owners = BTreeSet::new();
    for order in orders {
        let one_by_one = Bed::new(offset_header());
        order.iter().for_each(|id| one_by_one.add([*id]));
        let at_once = Bed::new(offset_header());
        at_once.add(order.iter().copied());
        for bed in [&one_by_one, &at_once] {
            owners.extend(names.each_ref().map(|name| bed.at(name)));
            let second = bed.try_at(&names[0], &[("n", "1")]).expect("a second");
            assert!(COLLIDING.contains(&&*second) && second != bed.at(&names[0]));
        }
    }
    assert_eq!(owners.len(), 1, "{owners:?}");

    for (gone, left) in [(0, 1), (1, 0)] {
        let bed = Bed::new(HashRing32Options::default());
        bed.add(COLLIDING);
        bed.remove([COLLIDING[gone]]);
        assert!(names.iter().all(|name| bed.at(name) == COLLIDING[left]), "the point stays");
        bed.remove([COLLIDING[left]]);
        assert_eq!(bed.try_at(&names[0], &[]), None);
    }
}

/// Vectors 20 to 22.
#[test]
fn small_rings() {
    let bed = Bed::new(offset_header());
    assert_eq!(bed.try_at("123", &[]), None, "empty");
    bed.add(["127.0.0.1:0"]);
    assert_eq!(bed.at("123"), "127.0.0.1:0");
    assert_eq!(bed.try_at("123", &[("n", "1")]), None, "there is one member");
    assert_eq!(bed.at(""), "127.0.0.1:0");
    bed.list.update(ListUpdates::adding(["127.0.0.1:0"])).expect_err("twice");
    bed.remove(["127.0.0.1:0"]);
    bed.list.update(ListUpdates::removing(["127.0.0.1:0"])).expect_err("twice");
}

/// Vectors 23 and 24.
#[test]
fn an_answer_survives_others_that_come_and_go() {
    let address = |n: u32| format!("127.0.0.1:{}", 10_000 + n);
    let bed = Bed::new(HashRing32Options::default());
    bed.add((0..3).map(address));
    let before: Vec<String> = (0..500).map(|n| bed.at(&n.to_string())).collect();
    bed.add([address(4), address(5)]);
    assert_ne!((0..500).map(|n| bed.at(&n.to_string())).collect::<Vec<_>>(), before);
    bed.remove([address(4), address(5)]);
    assert_eq!((0..500).map(|n| bed.at(&n.to_string())).collect::<Vec<_>>(), before);
}
