//! Those who change what can be chosen: an updater, and one that has peers flap.

use std::collections::BTreeSet;
use std::sync::Weak;
use std::thread;

use peerage::ConnectionStatus::{Available, Connecting, Unavailable};
use peerage::error::PeerFailureKind;
use peerage::policy::Rng;
use peerage::{List, ListUpdates, PeerList, UpdateError};

use crate::bed::{Alarm, Bed};
use crate::plan::{Role, name};

/// Adds, removes and replaces peers, some in vain. The list is not empty when it has ended.
pub(crate) fn update(bed: &Bed, act: u64, list: &Weak<PeerList>, refusals: bool) {
    let _alarm = Alarm(list.clone());
    let random = bed.plan.random(act, Role::Updater, 0);
    for _ in 0..bed.plan.updates {
        let Some(list) = list.upgrade() else { return };
        let most = bed.plan.peers.min(if random.below(8) == 0 { usize::MAX } else { 4 });
        let batch = (0..=random.below(most)).map(|_| random.below(bed.plan.peers)).collect();
        if refusals && random.below(8) == 0 {
            refused(bed, &list, random.below(bed.plan.peers));
        } else {
            apply(bed, &list, &batch, &random);
        }
        if random.below(2) == 0 {
            thread::yield_now();
        }
    }
    if bed.members().is_empty()
        && let Some(list) = list.upgrade()
    {
        add(bed, &list, random.below(bed.plan.peers));
    }
}

/// Adds one peer that is not in the list.
pub(crate) fn add(bed: &Bed, list: &PeerList, peer: usize) {
    bed.ledger.enters(peer);
    list.update(ListUpdates::adding([name(peer)])).expect("adds");
    bed.members.lock().unwrap()[peer] = true;
}

/// One update: of each peer of the batch its addition, its removal, or both.
fn apply(bed: &Bed, list: &PeerList, batch: &BTreeSet<usize>, random: &Rng) {
    let (mut updates, mut gone, mut wrong) = (ListUpdates::new(), vec![], BTreeSet::new());
    let mut members = bed.members.lock().unwrap().clone();
    for &peer in batch {
        let inside = members[peer];
        let (removes, adds) = match random.below(8) {
            0 => (true, true),
            // In vain: it is in the list already, or is not.
            1 => (!inside, inside),
            _ => (inside, !inside),
        };
        if removes {
            updates = updates.with_removal(name(peer));
        }
        if adds {
            bed.ledger.enters(peer);
            updates = updates.with_addition(name(peer));
        }
        if (removes && !inside) || (adds && inside && !removes) {
            wrong.insert(name(peer));
        }
        members[peer] = adds || (inside && !removes);
        if removes && !adds {
            gone.push(peer);
        }
    }
    let result = list.update(updates);
    assert_eq!(failed(result.as_ref().err()), wrong, "{result:?}");
    gone.into_iter().for_each(|peer| bed.ledger.left(peer));
    *bed.members.lock().unwrap() = members;
}

fn failed(error: Option<&UpdateError>) -> BTreeSet<String> {
    let failures = error.map_or(&[][..], UpdateError::failures);
    failures.iter().map(|failure| failure.peer().to_owned()).collect()
}

/// An addition that the transport refuses, unless the list has stopped and does not ask it.
fn refused(bed: &Bed, list: &PeerList, peer: usize) {
    if bed.members.lock().unwrap()[peer] {
        return;
    }
    bed.transport.fail_retain(&name(peer), Some("refused"));
    bed.ledger.enters(peer);
    let result = list.update(ListUpdates::adding([name(peer)]));
    bed.transport.fail_retain(&name(peer), None);
    if let Err(error) = result {
        assert!(matches!(error.failures()[0].kind(), PeerFailureKind::Retain(_)), "{error}");
    }
    // A list that is just being stopped keeps what it could not retain.
    let _ = list.update(ListUpdates::removing([name(peer)]));
    bed.ledger.left(peer);
}

/// Has peers go and come back. All are available when it has ended.
pub(crate) fn flap(bed: &Bed, act: u64) {
    let random = bed.plan.random(act, Role::Flapper, 0);
    for _ in 0..bed.plan.flaps {
        let peer = random.below(bed.plan.peers);
        match random.below(4) {
            0 => fall(bed, peer, random.below(2) == 0),
            _ => rise(bed, peer),
        }
        if random.below(8) == 0 {
            thread::yield_now();
        }
    }
    (0..bed.plan.peers).for_each(|peer| rise(bed, peer));
}

pub(crate) fn rise(bed: &Bed, peer: usize) {
    bed.ledger.rises(peer);
    bed.transport.set_status(&name(peer), Available);
}

pub(crate) fn fall(bed: &Bed, peer: usize, connecting: bool) {
    let status = if connecting { Connecting } else { Unavailable };
    bed.transport.set_status(&name(peer), status);
    bed.ledger.fell(peer);
}
