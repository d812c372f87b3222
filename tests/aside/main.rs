//! Peers that are connected, and not chosen all the same: by failures, subsets and tiers.
#![cfg(feature = "testing")]

mod eject;
mod eject_waits;
mod panic;
mod subset;
#[path = "../support/mod.rs"]
mod support;
mod tiers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use peerage::policy::{AnyPolicy, PolicySpec};
use peerage::testing::FakeTransport;
use peerage::{
    Chooser, Event, Lifecycle, List as _, ListOptions, ListUpdates, Outcome, PeerList, Reasons,
    Request,
};

use crate::support::Hand;

/// A running list, its clock, and what it has told.
struct Bed {
    list: Arc<PeerList>,
    transport: Arc<FakeTransport>,
    clock: Arc<Hand>,
    told: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Bed {
    fn new(policy: &str, options: &str, peers: &[&'static str]) -> Self {
        let (clock, transport) = (Arc::new(Hand::default()), FakeTransport::new());
        let told = Arc::new(std::sync::Mutex::new(vec![]));
        let log = Arc::clone(&told);
        let observer = move |_: &str, event: &Event<'_>| {
            if !matches!(event, Event::Updated { .. } | Event::StatusChanged { .. }) {
                log.lock().unwrap().push(event.to_string());
            }
        };
        let options: ListOptions = options.parse().expect("options");
        let options = options.with_shuffle(false).with_seed(7).with_clock(clock.clone());
        let options = options.with_observer(Arc::new(observer));
        let spec: PolicySpec = policy.parse().expect("a policy");
        let policy = AnyPolicy::from_spec(&spec, Some(7));
        let list = Arc::new(PeerList::new(policy, transport.clone(), options));
        list.start().expect("starts");
        list.update(ListUpdates::adding(peers.iter().copied())).expect("adds");
        Self { list, transport, clock, told }
    }

    /// Makes so many requests: the peer called `bad` fails, the others answer. Returns how many
    /// failed.
    fn requests(&self, count: usize, bad: &[&str]) -> usize {
        let mut failed = 0;
        for _ in 0..count {
            let pick = self.list.try_choose(&request()).expect("a peer");
            let fails = bad.contains(&pick.identifier());
            failed += usize::from(fails);
            pick.finish(if fails { Outcome::Failure } else { Outcome::Success });
        }
        failed
    }

    fn reasons(&self, id: &str) -> Reasons {
        let peers = self.list.introspect().peers;
        peers.into_iter().find(|peer| peer.identifier == id).expect("it is in the list").reasons
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }
}

/// A request with a key, for the tables.
fn request() -> Request<'static> {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    static NAMES: [&[u8]; 8] = [b"k0", b"k1", b"k2", b"k3", b"k4", b"k5", b"k6", b"k7"];
    let key = KEYS.fetch_add(1, Ordering::Relaxed) as usize % NAMES.len();
    Request::new().with_shard_key(NAMES[key])
}
