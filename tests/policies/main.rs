//! What each policy promises about who gets how much, and policies of one's own.
//!
//! Random policies are seeded, so a bound that holds once holds always; the bounds are those of
//! the distribution all the same, six standard deviations wide.
#![cfg(feature = "testing")]

mod avoiding;
mod bounded;
mod builders;
mod comebacks;
mod distribution;
mod ends;
mod flaps;
mod never_missed;
mod newcomers;
mod own;
mod preferring;
mod prices;
mod randoms;
mod refused;
mod serial;
mod specs;
mod stale;
mod turns;
mod weights;
mod weights_first_differ;

use std::collections::BTreeMap;
use std::sync::Arc;

use peerage::policy::Policy;
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};

/// A running list of peers `p0`, `p1`, .. in this order.
fn list<P: Policy>(policy: P, peers: usize) -> (PeerList<P>, Arc<FakeTransport>) {
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_shuffle(false);
    let list = PeerList::new(policy, transport.clone(), options);
    list.start().unwrap();
    list.update(ListUpdates::adding((0..peers).map(|n| format!("p{n}")))).unwrap();
    (list, transport)
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
