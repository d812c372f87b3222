//! What stands at the edges of a list: peers that have left, its descriptor, and why it had no peer.
#![cfg(feature = "testing")]

mod causes;
mod drain;
#[cfg(unix)]
mod readiness;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};

/// A running list of peers `p0`, `p1`, .. that are available.
fn list(peers: usize) -> (PeerList<RoundRobin>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_name("users").with_shuffle(false);
    let list = PeerList::new(RoundRobin::in_order(), transport.clone(), options);
    list.start().unwrap();
    list.update(ListUpdates::adding((0..peers).map(|n| format!("p{n}")))).unwrap();
    (list, transport)
}
