//! The public interfaces from the outside: as trait objects, with every kind of wait and notice,
//! and the small choosers that are built on them.

mod choosers;
mod notices;
mod objects;
mod once;
mod registry;
mod texts;
mod waits;

use std::sync::Arc;
use std::time::{Duration, Instant};

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};

/// Much longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(10);

/// A list that is not started, of the given peers.
fn idle(peers: &[&str]) -> (Arc<PeerList<RoundRobin>>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_shuffle(false).with_name("users");
    let list = PeerList::new(RoundRobin::new(), transport.clone(), options);
    list.update(ListUpdates::adding(peers.iter().copied())).unwrap();
    (Arc::new(list), transport)
}

fn running(peers: &[&str]) -> (Arc<PeerList<RoundRobin>>, Arc<FakeTransport>) {
    let (list, transport) = idle(peers);
    list.start().unwrap();
    (list, transport)
}

/// Waits for something that another thread is about to do.
fn until(what: &str, happened: impl Fn() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < LIMIT, "{what}");
        std::thread::yield_now();
    }
}
