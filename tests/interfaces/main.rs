//! The public interfaces from the outside: as trait objects, with every kind of wait and notice,
//! and the small choosers that are built on them.
#![cfg(feature = "testing")]

mod always;
mod any_chooser;
mod attempts;
mod cancelling;
mod choosers;
mod first_transport;
mod late;
mod notices;
mod objects;
mod once;
mod registry;
mod standoff;
#[path = "../support/mod.rs"]
mod support;
mod texts;
mod waits;

use std::sync::Arc;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};

/// A list that is not started, of the given peers, which have their turns in this order.
fn idle(peers: &[&str]) -> (Arc<PeerList<RoundRobin>>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_shuffle(false).with_name("users");
    let list = support::custom(RoundRobin::in_order(), transport.clone(), options);
    list.update(ListUpdates::adding(peers.iter().copied())).unwrap();
    (list, transport)
}

fn running(peers: &[&str]) -> (Arc<PeerList<RoundRobin>>, Arc<FakeTransport>) {
    let (list, transport) = idle(peers);
    list.start().unwrap();
    (list, transport)
}
