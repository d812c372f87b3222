//! A choice and its finish allocate nothing, whatever the policy and the number of peers.
//!
//! Each is done often enough beforehand that whatever grows with the load has grown.
#![cfg(feature = "testing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use allocation_counter::measure;
use peerage::policy::{AnyPolicy, PolicySpec, catalogue};
use peerage::testing::FakeTransport;
use peerage::{CancelToken, Outcome, Peer, PeerList, Registry, Request, Status, StatusPeer};
use peerage::{Chooser, ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates};
use peerage::{Subscriber, Transport, TransportError, Wait};

/// A peer that is told of its requests and only counts them.
#[derive(Debug)]
struct Watching {
    id: String,
    told: AtomicUsize,
}

impl Identifier for Watching {
    fn identifier(&self) -> &str {
        &self.id
    }
}

impl StatusPeer for Watching {
    fn status(&self) -> Status {
        Status { pending_request_count: 0, connection_status: ConnectionStatus::Available }
    }
}

impl Peer for Watching {
    fn watches_requests(&self) -> bool {
        true
    }

    fn start_request(&self) {
        self.told.fetch_add(1, Ordering::Relaxed);
    }

    fn end_request(&self, _: Outcome) {
        self.told.fetch_add(1, Ordering::Relaxed);
    }
}

struct WatchingTransport(Registry<Watching>);

impl Transport for WatchingTransport {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let make = |_| Watching { id: id.identifier().to_owned(), told: AtomicUsize::new(0) };
        Ok(self.0.retain(id.identifier(), subscriber, make).0)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.0.release(id.identifier(), subscriber).map(drop)
    }
}

const CHOICES: usize = 3_000;

/// Several ways to choose, two picks out at a time, of which the second ends so.
fn choose(list: &PeerList, request: &Request<'_>, token: &CancelToken, second_ends: Outcome) {
    for _ in 0..CHOICES {
        let first = list.try_choose(request).unwrap();
        let second = list.choose(request, Wait::default().cancelled_by(token)).unwrap();
        first.finish(Outcome::Success);
        second.finish(second_ends);
    }
}

fn nothing_is_allocated(
    spec: &PolicySpec,
    peers: usize,
    transport: Arc<dyn Transport>,
    request: &Request<'_>,
) {
    let policy = AnyPolicy::from_spec(spec, None);
    let list = PeerList::new(policy, transport, ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding((0..peers).map(|n| format!("10.0.0.1:{n}")))).unwrap();
    let token = CancelToken::new();
    choose(&list, request, &token, Outcome::Success);
    let measured = measure(|| choose(&list, request, &token, Outcome::Success));
    assert_eq!(measured.count_total, 0, "{spec} with {peers} peers");
    // The first end of a peer that is no success makes room for the counts of all others.
    let mut made = 0;
    for outcome in Outcome::ALL.iter().copied() {
        made += measure(|| choose(&list, request, &token, outcome)).count_total;
    }
    assert!((1..=peers as u64).contains(&made), "{spec} with {peers} peers: {made}");
}

/// Every policy by its default settings, but for `direct`, whose requests name a peer.
fn specs() -> impl Iterator<Item = PolicySpec> {
    let names = catalogue().map(|row| row.name()).filter(|&name| name != "direct");
    names.map(|name| name.parse().unwrap())
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(std::hint::black_box(Box::new(1)))).count_total, 1);
}

#[test]
fn one_peer() {
    for spec in specs() {
        let request = Request::new().with_shard_key("user-42");
        nothing_is_allocated(&spec, 1, FakeTransport::new(), &request);
    }
}

#[test]
fn a_thousand_peers() {
    for spec in specs() {
        let request = Request::new().with_shard_key("user-42");
        nothing_is_allocated(&spec, 1_000, FakeTransport::new(), &request);
    }
}

#[test]
fn a_request_of_which_nothing_is_known() {
    for spec in specs() {
        nothing_is_allocated(&spec, 1_000, FakeTransport::new(), &Request::new());
    }
}

#[test]
fn a_ring_that_reads_headers() {
    let text = "hashring32:offset-header=offset,peer-override-header=peer,\
                alternate-shard-key-header=shard";
    let spec: PolicySpec = text.parse().unwrap();
    let headers = [("Offset", "3"), ("Shard", "user-7"), ("Peer", "nobody")];
    let request = Request::new().with_shard_key("user-42").with_headers(&headers);
    nothing_is_allocated(&spec, 1_000, FakeTransport::new(), &request);
    let headers = [("Peer", "10.0.0.1:17")];
    let request = Request::new().with_headers(&headers);
    nothing_is_allocated(&spec, 1_000, FakeTransport::new(), &request);
    let spec: PolicySpec = "hashring32:offset-generator=3".parse().unwrap();
    let request = Request::new().with_shard_key("user-42");
    nothing_is_allocated(&spec, 1_000, FakeTransport::new(), &request);
}

#[test]
fn peers_that_are_told_of_their_requests() {
    for spec in specs() {
        for peers in [1, 1_000] {
            let transport = Arc::new(WatchingTransport(Registry::new("watching")));
            let request = Request::new().with_shard_key("user-42");
            nothing_is_allocated(&spec, peers, transport.clone(), &request);
            assert_eq!(transport.0.peers().len(), 0, "the list has been dropped");
        }
    }
}
