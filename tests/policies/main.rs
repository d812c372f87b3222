//! What each policy promises about who gets how much, and policies of one's own.
//!
//! Random policies are seeded, so a bound that holds once holds always; the bounds are those of
//! the distribution all the same, six standard deviations wide.
#![cfg(feature = "testing")]

mod avoiding;
mod bounded;
mod builders;
mod clients;
mod comebacks;
mod distribution;
mod ends;
mod flaps;
mod never_missed;
mod own;
mod preferring;
mod prices;
mod randoms;
mod refused;
mod serial;
mod specs;
mod stale;
#[path = "../support/mod.rs"]
mod support;
mod turns;
mod weights;
mod weights_first_differ;

use std::collections::BTreeMap;
use std::sync::Arc;

use peerage::policy::{AnyPolicy, Policy};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};

/// The policies with the tightest bound there is: each peer has the mean, rounded up or down.
const BOUND_1: [&str; 4] =
    ["round-robin:bound=1", "random:bound=1", "hashring32:bound=1", "maglev:bound=1"];

/// The policy of a spec.
fn policy(spec: &str) -> AnyPolicy {
    AnyPolicy::from_spec(&spec.parse().unwrap(), Some(7))
}

/// A running list of peers `p0`, `p1`, .. in this order.
fn list<P: Policy>(policy: P, peers: usize) -> (PeerList<P>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_shuffle(false);
    let list = PeerList::new(policy, transport.clone(), options);
    list.start().unwrap();
    list.update(ListUpdates::adding((0..peers).map(|n| format!("p{n}")))).unwrap();
    (list, transport)
}

/// How many requests each peer has in flight.
fn pending<C: Chooser>(chooser: &C) -> Vec<u32> {
    let peers = chooser.introspect().peers;
    peers.iter().map(|peer| peer.status.pending_request_count).collect()
}

/// Chooses and finishes at once: the name.
fn next<C: Chooser>(chooser: &C) -> String {
    let pick = chooser.try_choose(&Request::new()).unwrap();
    let name = pick.identifier().to_owned();
    pick.finish(Outcome::Success);
    name
}

fn tally(names: impl IntoIterator<Item = String>) -> BTreeMap<String, u32> {
    let mut tally = BTreeMap::new();
    for name in names {
        *tally.entry(name).or_default() += 1;
    }
    tally
}
