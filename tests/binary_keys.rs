//! Keys and header values are bytes: ids, hashes, numbers as they lie in memory.
//!
//! yarpc-go hashes whatever a string holds, so its clients send such keys. The owners below are what
//! its ring answered (v1.80.0, `peer/hashring32`, the same members, with the key as the shard key and
//! in a header). The same line is in the tests of the C, C++ and Go bindings.
#![cfg(feature = "testing")]

use std::sync::{Arc, Mutex};

use peerage::policy::{AnyPolicy, Key, Nothing, PeerInfo, Serial, SerialPolicy};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};

/// Which of the eight members owns the keys of 1 to 100 bytes.
const OWNERS: &str = "5006140635551745367317103343233274433055157034120701702100542020\
                      423720120541144173637557756030330312";

/// Never text: the first byte wants one after it that continues it, and the second is a NUL.
fn key(len: usize) -> Vec<u8> {
    (0..len).map(|i| (219 + 37 * i) as u8).collect()
}

fn ring(settings: &str) -> PeerList {
    let policy: AnyPolicy = format!("hashring32{settings}").parse().expect("a policy");
    let list = PeerList::new(policy, FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding((0..8).map(|n| format!("10.0.0.{n}:80")))).expect("adds");
    list
}

/// The number of the peer that is chosen.
fn owner(list: &PeerList, request: &Request<'_>) -> char {
    let pick = list.try_choose(request).expect("a peer");
    let id = pick.identifier().to_owned();
    pick.finish(Outcome::Success);
    id.chars().nth("10.0.0.".len()).expect("a number")
}

fn with_headers(list: &PeerList, headers: &[(&str, &[u8])]) -> char {
    let headers = headers.to_vec();
    owner(list, &Request::new().with_headers(&headers))
}

#[test]
fn keys_of_bytes_have_yarpc_s_owners() {
    let list = ring("");
    let owners = (1..=100).map(|len| {
        let key = key(len);
        assert!(std::str::from_utf8(&key).is_err());
        owner(&list, &Request::new().with_shard_key(&key))
    });
    assert_eq!(owners.collect::<String>(), OWNERS);
}

#[test]
fn so_have_those_in_a_header() {
    let list = ring(":alternate-shard-key-header=alt");
    let owners = (1..=100).map(|len| with_headers(&list, &[("ALT", &key(len))]));
    assert_eq!(owners.collect::<String>(), OWNERS);
}

#[test]
fn each_byte_counts() {
    let list = ring("");
    let differs = |a: &[u8], b: &[u8]| {
        let at = |key| owner(&list, &Request::new().with_shard_key(key));
        at(a) != at(b)
    };
    // Of a hundred pairs that differ in their last byte only, an eighth may share an owner.
    let pairs = (0..100_u8).filter(|n| differs(&[0xff, 0, *n, 0], &[0xff, 0, *n, 0xff]));
    assert!(pairs.count() > 50);
}

#[test]
fn an_offset_that_is_no_number_is_none() {
    let list = ring(":offset-header=n,alternate-shard-key-header=alt");
    let at = |offset: &[u8]| with_headers(&list, &[("alt", b"\xff\0"), ("n", offset)]);
    // yarpc-go's answers, as are the others here.
    assert_eq!((at(b"0"), at(b"1")), ('4', '2'));
    for wild in [&b"\xff"[..], b"1\xff", b"1\0", b"\0", b"", b"\x31\xcc\x80", &[0xfe; 300]] {
        assert_eq!(at(wild), '4', "{wild:?}");
    }
}

#[test]
fn an_override_names_a_peer_by_its_bytes() {
    let list = ring(":peer-override-header=peer,alternate-shard-key-header=alt");
    let at = |name: &[u8]| with_headers(&list, &[("alt", b"\xff\0"), ("peer", name)]);
    assert_eq!(at(b"10.0.0.6:80"), '6');
    for nobody in [&b"10.0.0.6:80\xff"[..], b"10.0.0.6:80\0", b"\xff", b"", b"10.0.0.6:8"] {
        assert_eq!(at(nobody), '4', "{nobody:?}");
    }
}

/// Takes the first peer, and remembers what it was asked.
#[derive(Debug, Default)]
struct Listener {
    peer: Option<Key>,
    asked: Arc<Mutex<Vec<[Vec<u8>; 4]>>>,
}

impl SerialPolicy for Listener {
    fn name(&self) -> &'static str {
        "listener"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let peer = peer.key;
        self.peer.get_or_insert(peer);
    }

    fn unavailable(&mut self, _: Key) {}

    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing> {
        let header = request.header("id").unwrap_or_default();
        let keys = [request.shard_key(), request.routing_key(), request.routing_delegate(), header];
        self.asked.lock().expect("no panic").push(keys.map(<[u8]>::to_vec));
        self.peer.ok_or(Nothing::Unavailable)
    }
}

#[test]
fn a_policy_of_one_s_own_sees_the_bytes() {
    let listener = Listener::default();
    let asked = Arc::clone(&listener.asked);
    let list = PeerList::new(Serial::new(listener), FakeTransport::new(), ListOptions::new());
    list.start().expect("starts");
    list.update(ListUpdates::adding(["a"])).expect("adds");
    let headers = [("id", b"\x80\0")];
    let request = Request::new()
        .with_shard_key(b"\xff\0")
        .with_routing_key(b"\xfe")
        .with_routing_delegate(b"\0\xfd")
        .with_headers(&headers);
    list.try_choose(&request).expect("a peer").finish(Outcome::Success);
    let expected: [&[u8]; 4] = [b"\xff\0", b"\xfe", b"\0\xfd", b"\x80\0"];
    assert_eq!(*asked.lock().expect("no panic"), [expected.map(<[u8]>::to_vec)]);
}
