//! A transport with next to no cost of its own, and the lists over it.
//!
//! All its peers are one shared object with one status. That is enough: a list reads a peer's
//! status when the subscriber of that peer is notified, so changing the status and notifying one
//! subscriber is a change of one peer.

use std::error::Error;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use peerage::policy::{
    FewestPending, HashRing32, HashRing32Options, Random, RandomChoice, RoundRobin,
    TwoRandomChoices,
};
use peerage::{
    ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates, Peer, PeerList,
    Policy, Status, StatusPeer, Subscriber, Transport, TransportError,
};

#[derive(Debug)]
pub(crate) struct SharedPeer {
    available: AtomicBool,
}

impl SharedPeer {
    pub(crate) fn set_available(&self, available: bool) {
        self.available.store(available, Ordering::Relaxed);
    }
}

impl Identifier for SharedPeer {
    fn identifier(&self) -> &'static str {
        "shared"
    }
}

impl StatusPeer for SharedPeer {
    fn status(&self) -> Status {
        let connection_status = match self.available.load(Ordering::Relaxed) {
            true => ConnectionStatus::Available,
            false => ConnectionStatus::Unavailable,
        };
        Status { pending_request_count: 0, connection_status }
    }
}

impl Peer for SharedPeer {}

pub(crate) struct SharedTransport {
    pub(crate) peer: Arc<SharedPeer>,
    /// Those to notify, if anybody wants to.
    subscribers: Option<Mutex<Vec<Arc<dyn Subscriber>>>>,
}

impl SharedTransport {
    pub(crate) fn new() -> Arc<Self> {
        let peer = Arc::new(SharedPeer { available: AtomicBool::new(true) });
        Arc::new(Self { peer, subscribers: None })
    }

    /// One that remembers its subscribers.
    pub(crate) fn notifying() -> Arc<Self> {
        let peer = Arc::new(SharedPeer { available: AtomicBool::new(true) });
        Arc::new(Self { peer, subscribers: Some(Mutex::default()) })
    }

    /// The subscribers so far. They keep their list alive; so the transport forgets them.
    pub(crate) fn take_subscribers(&self) -> Vec<Arc<dyn Subscriber>> {
        let subscribers = self.subscribers.as_ref().map(|all| all.lock().expect("not poisoned"));
        subscribers.map(|mut all| std::mem::take(&mut *all)).unwrap_or_default()
    }
}

impl Transport for SharedTransport {
    fn retain_peer(
        &self,
        _: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        if let Some(subscribers) = &self.subscribers {
            subscribers.lock().expect("not poisoned").push(subscriber);
        }
        Ok(Arc::clone(&self.peer) as _)
    }

    fn release_peer(
        &self,
        _: &Arc<dyn Identifier>,
        _: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        Ok(())
    }
}

/// `host:port`, all of the same length.
pub(crate) fn names(peers: usize) -> Vec<String> {
    let name = |n: usize| format!("10.{:03}.{:03}.{:03}:8080", n >> 16, n >> 8 & 255, n & 255);
    (0..peers).map(name).collect()
}

/// A running list without peers.
pub(crate) fn empty<P: Policy>(policy: P, transport: Arc<SharedTransport>) -> PeerList<P> {
    let list = PeerList::new(policy, transport, ListOptions::new());
    list.start().expect("a list starts");
    list
}

/// A running list with so many peers.
pub(crate) fn list<P: Policy>(
    policy: P,
    transport: Arc<SharedTransport>,
    peers: usize,
) -> PeerList<P> {
    let list = empty(policy, transport);
    list.update(ListUpdates::adding(names(peers))).expect("all peers are new");
    list
}

/// The policies, in the order of the tables.
pub(crate) const POLICIES: [&str; 5] =
    ["random", "two-random-choices", "round-robin", "fewest-pending-requests", "hashring32"];

/// What can be done with a policy whose type is known.
pub(crate) trait With {
    fn call<P: Policy>(&mut self, policy: P) -> Result<(), Box<dyn Error>>;
}

/// Makes the policy called `name`, with its own type, as a program that chooses one would.
/// `replicas` are the points that the ring has for each peer.
pub(crate) fn with(name: &str, replicas: u32, with: &mut impl With) {
    let called = match name {
        "random" => with.call(RandomChoice::new(Random::unseeded())),
        "two-random-choices" => with.call(TwoRandomChoices::new(Random::unseeded())),
        "round-robin" => with.call(RoundRobin::new()),
        "fewest-pending-requests" => with.call(FewestPending::new()),
        "hashring32" => {
            let options = HashRing32Options { replicas, ..Default::default() };
            with.call(HashRing32::new(options, Random::unseeded()))
        }
        _ => panic!("there is no policy {name:?} here"),
    };
    called.unwrap_or_else(|error| panic!("{name}: {error}"));
}
