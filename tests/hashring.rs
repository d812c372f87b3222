//! The hash ring: yarpc-go's answers, bit for bit, and an independent ring to compare with.
//!
//! Two kinds of evidence. The vectors are those of yarpc-go's own tests and of runs of its code.
//! The naive ring below is written from the description of the ring alone: every point in one
//! sorted list, a walk from the first at or after the key's hash. It shares the hash function with
//! the library, whose vectors are tested where it lives, and nothing else.
#![cfg(feature = "testing")]

use std::collections::BTreeSet;
use std::sync::Arc;

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::policy::{AnyPolicy, HashRing32, HashRing32Options, Rng, fingerprint32};
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Identifier, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList,
    Request,
};

#[derive(Debug)]
struct Member {
    id: String,
    shard: String,
}

impl Identifier for Member {
    fn identifier(&self) -> &str {
        &self.id
    }

    fn attributes(&self) -> Attributes {
        Attributes::new().with_shard(&*self.shard)
    }
}

struct Bed {
    transport: Arc<FakeTransport>,
    list: PeerList,
}

impl Bed {
    fn new(options: HashRing32Options) -> Self {
        let transport = FakeTransport::new();
        let ring = HashRing32::new(options).with_rng(Rng::seeded(1));
        let policy = AnyPolicy::HashRing32(ring);
        let list = PeerList::new(policy, transport.clone(), ListOptions::new());
        list.start().expect("starts");
        Self { transport, list }
    }

    fn add<S: Into<String>>(&self, ids: impl IntoIterator<Item = S>) {
        self.list.update(ListUpdates::adding(ids)).expect("adds");
    }

    fn remove<S: Into<String>>(&self, ids: impl IntoIterator<Item = S>) {
        self.list.update(ListUpdates::removing(ids)).expect("removes");
    }

    /// Adds `id1` with `shard-1`, and so on.
    fn add_shards(&self, numbers: std::ops::RangeInclusive<u32>) {
        let member = |n| Member { id: format!("id{n}"), shard: format!("shard-{n}") };
        let additions = numbers.map(|n| Arc::new(member(n)) as Arc<dyn Identifier>).collect();
        self.list.update(ListUpdates { additions, removals: vec![] }).expect("adds");
    }

    fn try_at(
        &self,
        key: &(impl AsRef<[u8]> + ?Sized),
        headers: &[(&str, &str)],
    ) -> Option<String> {
        let headers = headers.to_vec();
        let request = Request::new().with_shard_key(key).with_headers(&headers);
        let pick = self.list.try_choose(&request).ok()?;
        let id = pick.identifier().to_owned();
        pick.finish(Outcome::Success);
        Some(id)
    }

    fn at(&self, key: &(impl AsRef<[u8]> + ?Sized)) -> String {
        self.try_at(key, &[]).expect("a peer")
    }
}

/// The ring of yarpc-go's list tests: 5 points each, delimiter `#`.
fn two_shards(options: HashRing32Options) -> Bed {
    let options = HashRing32Options { replicas: 5, replica_delimiter: "#".into(), ..options };
    let bed = Bed::new(options);
    bed.add_shards(1..=2);
    bed
}

fn offset_header() -> HashRing32Options {
    HashRing32Options {
        offset_header: Some("n".into()),
        max_offset: 255,
        ..HashRing32Options::default()
    }
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

/// A ring in a few lines.
struct Naive(Vec<(u32, String)>);

impl Naive {
    fn new<'a>(members: impl IntoIterator<Item = &'a String>) -> Self {
        let mut points = vec![];
        for member in members {
            let point = |n| fingerprint32(format!("{member}{n}").as_bytes());
            points.extend((0..100).map(|n| (point(n), member.clone())));
        }
        // Members that share a point: by name.
        points.sort();
        Self(points)
    }

    /// The distinct members from the key on.
    fn walk(&self, key: &[u8]) -> Vec<&str> {
        let hash = fingerprint32(key);
        let start = self.0.iter().position(|point| point.0 >= hash).unwrap_or(0);
        let mut members: Vec<&str> = vec![];
        for (_, member) in self.0[start..].iter().chain(&self.0[..start]) {
            if !members.contains(&&**member) {
                members.push(member);
            }
            if members.len() > 5 {
                break;
            }
        }
        members
    }

    fn assert_same(&self, bed: &Bed) {
        let texts = (0..2000).map(|n| format!("key-{n}").into_bytes());
        // Numbers as they lie in memory, which are hardly ever text.
        let numbers = (1..500_u64).map(|n| (n << 55 | n).to_ne_bytes().to_vec());
        for key in texts.chain(numbers) {
            for (offset, member) in self.walk(&key).into_iter().enumerate() {
                let chosen = bed.try_at(&key, &[("n", &offset.to_string())]);
                assert_eq!(chosen.as_deref(), Some(member), "{key:?} + {offset}");
            }
        }
    }
}

/// Fifty members with ports of different length, so that points do collide.
fn fifty() -> Vec<String> {
    (0..50).map(|n| format!("10.0.0.1:{}", [n, 100 + n, 1000 + n][n % 3])).collect()
}

/// Vector 25, with this ring in Ringpop's place.
#[test]
fn it_agrees_with_an_independent_ring() {
    let members = fifty();
    let at_once = Bed::new(offset_header());
    at_once.add(members.clone());
    Naive::new(&members).assert_same(&at_once);

    // The same members by another way: one by one, backwards, with guests that leave again.
    let incremental = Bed::new(offset_header());
    for (n, member) in members.iter().enumerate().rev() {
        incremental.add([format!("guest:{n}")]);
        incremental.add([member]);
        if n % 2 == 0 {
            incremental.remove([format!("guest:{n}")]);
        }
    }
    incremental.remove((0..50).filter(|n| n % 2 == 1).map(|n| format!("guest:{n}")));
    Naive::new(&members).assert_same(&incremental);
}

/// Members that are not available are walked past, which must be the same as their not being there.
#[test]
fn it_agrees_with_an_independent_ring_while_members_are_unavailable() {
    let members = fifty();
    let bed = Bed::new(offset_header());
    bed.add(members.clone());
    let down = |n: usize| n.is_multiple_of(3) || n > 40;
    for (_, member) in members.iter().enumerate().filter(|(n, _)| down(*n)) {
        bed.transport.set_status(member, Unavailable);
    }
    let up = members.iter().enumerate().filter(|(n, _)| !down(*n)).map(|(_, member)| member);
    Naive::new(up).assert_same(&bed);
    for member in &members {
        bed.transport.set_status(member, Available);
    }
    Naive::new(&members).assert_same(&bed);
}

#[test]
fn keys_of_an_owner_that_flaps_move_to_the_next_member_and_back() {
    let bed = Bed::new(offset_header());
    bed.add(["a", "b", "c", "d"]);
    for key in (0..100).map(|n| n.to_string()) {
        let owner = bed.at(&key);
        let next = bed.try_at(&key, &[("n", "1")]).expect("a second");
        assert_ne!(owner, next);
        bed.transport.set_status(&owner, Unavailable);
        assert_eq!(bed.at(&key), next);
        bed.transport.set_status(&owner, Available);
        assert_eq!(bed.at(&key), owner);
    }
}
