//! Who is in a list, and what is known of each: attributes, whole sets, reasons.
#![cfg(feature = "testing")]

mod attributes;
mod reasons;
mod replace;

use std::sync::Arc;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Attributes, Chooser, Identifier, Lifecycle, ListOptions, Member, PeerList, PeerStatus,
};

type List = Arc<PeerList<RoundRobin>>;

/// A running list without peers.
fn running() -> (List, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let list = Arc::new(PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new()));
    list.start().expect("starts");
    (list, transport)
}

fn member(id: &str, attributes: Attributes) -> Arc<dyn Identifier> {
    Arc::new(Member::new(id, attributes))
}

fn weighing(weight: u16) -> Attributes {
    Attributes::new().with_weight(weight)
}

/// The status of the peer called `id`.
fn peer(list: &impl Chooser, id: &str) -> PeerStatus {
    let peers = list.introspect().peers;
    peers.into_iter().find(|peer| peer.identifier == id).expect("it is in the list")
}
