//! A transport that costs as little as one can, and lists over it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use peerage::policy::{
    FewestPending, HashRing32, HashRing32Options, Policy, Random, RoundRobin, TwoRandomChoices,
};
use peerage::{
    ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates, Peer, PeerList,
    Status, StatusPeer, Subscriber, Transport, TransportError, identify,
};

/// A peer that is its own transport's record of it.
#[derive(Debug)]
pub(crate) struct BenchPeer {
    id: Arc<dyn Identifier>,
    down: AtomicBool,
}

impl Identifier for BenchPeer {
    fn identifier(&self) -> &str {
        self.id.identifier()
    }
}

impl StatusPeer for BenchPeer {
    fn status(&self) -> Status {
        let connection_status = match self.down.load(Ordering::Acquire) {
            true => ConnectionStatus::Unavailable,
            false => ConnectionStatus::Available,
        };
        Status { connection_status, pending_request_count: 0 }
    }
}

impl Peer for BenchPeer {}

/// Hands out peers that were made before, in the order in which they are asked for, and remembers
/// who wants to hear of them. It reserves the memory for that beforehand.
pub(crate) struct BenchTransport {
    peers: Vec<Arc<BenchPeer>>,
    subscribers: Mutex<Vec<Arc<dyn Subscriber>>>,
}

impl BenchTransport {
    pub(crate) fn new(peers: usize) -> Arc<Self> {
        let make = |n| BenchPeer { id: identify(name(n)), down: AtomicBool::new(false) };
        Arc::new(Self {
            peers: (0..peers).map(|n| Arc::new(make(n))).collect(),
            subscribers: Mutex::new(Vec::with_capacity(peers)),
        })
    }

    pub(crate) fn identifiers(&self) -> Vec<Arc<dyn Identifier>> {
        self.peers.iter().map(|peer| Arc::clone(&peer.id)).collect()
    }

    /// Turns a peer's status over and tells its list.
    pub(crate) fn flip(&self, subscribers: &[Arc<dyn Subscriber>], nth: usize) {
        let peer = &self.peers[nth];
        peer.down.fetch_xor(true, Ordering::AcqRel);
        subscribers[nth].notify_status_changed(&**peer);
    }

    pub(crate) fn subscribers(&self) -> Vec<Arc<dyn Subscriber>> {
        self.subscribers.lock().expect("not poisoned").clone()
    }
}

/// Addresses as they are met in the field, about 16 bytes.
pub(crate) fn name(nth: usize) -> String {
    format!("10.{}.{}.{}:4040", nth >> 16 & 255, nth >> 8 & 255, nth & 255)
}

impl Transport for BenchTransport {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let mut subscribers = self.subscribers.lock().expect("not poisoned");
        let peer = Arc::clone(&self.peers[subscribers.len()]);
        subscribers.push(subscriber);
        Ok(peer)
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.subscribers.lock().expect("not poisoned").pop();
        Ok(())
    }
}

/// A running list without peers, in the order of whose additions nothing is shuffled.
pub(crate) fn empty<P: Policy>(policy: P, transport: &Arc<BenchTransport>) -> PeerList<P> {
    let options = ListOptions::new().with_shuffle(false);
    let list = PeerList::new(policy, Arc::clone(transport) as _, options);
    list.start().expect("nothing to retain");
    list
}

/// A list with so many available peers.
pub(crate) fn filled<P: Policy>(policy: P, peers: usize) -> (PeerList<P>, Arc<BenchTransport>) {
    let transport = BenchTransport::new(peers);
    let list = empty(policy, &transport);
    fill(&list, &transport);
    assert_eq!(list.available(), peers);
    (list, transport)
}

pub(crate) fn fill<P: Policy>(list: &PeerList<P>, transport: &BenchTransport) {
    let updates = ListUpdates { additions: transport.identifiers(), removals: vec![] };
    list.update(updates).expect("the transport refuses nothing");
}

pub(crate) fn random() -> Random {
    Random::new()
}

pub(crate) fn two_random() -> TwoRandomChoices {
    TwoRandomChoices::new()
}

pub(crate) fn round_robin() -> RoundRobin {
    RoundRobin::new()
}

pub(crate) fn fewest_pending() -> FewestPending {
    FewestPending::new()
}

pub(crate) fn ring(replicas: u32) -> HashRing32 {
    let options = HashRing32Options { replicas, ..HashRing32Options::default() };
    HashRing32::new(options)
}
