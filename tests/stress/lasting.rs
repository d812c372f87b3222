//! What must be true when nothing moves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering::SeqCst;

use peerage::{Chooser, ConnectionStatus, Lifecycle, Outcome, PeerList, Pick, Request, State};

use crate::bed::Bed;

/// Policies that give every peer the same number of requests when all are held.
const EVEN: [&str; 3] = ["round-robin", "fewest-pending-requests", "tally"];

/// Policies that go round when every request ends at once.
const IN_TURN: [&str; 2] = ["round-robin", "fewest-pending-requests"];

/// A running list, all of whose peers are up, with no request in flight.
pub(crate) fn at_rest(bed: &Bed, list: &PeerList) {
    let names = bed.names();
    assert_eq!((list.available(), list.unavailable()), (names.len(), 0), "{list:?}");
    assert_eq!((list.uninitialized(), list.waiting()), (0, 0), "{list:?}");
    assert_eq!(loads(list), names.iter().map(|id| (id.clone(), 0)).collect());
    assert_eq!(bed.transport.retained(), names.len());
    counts(bed);
    evenly(bed, list, names.len());
    assert!(loads(list).values().all(|&pending| pending == 0), "{}", list.introspect());
}

/// The peers on a status page, all of which are up, and their requests.
fn loads(list: &PeerList) -> BTreeMap<String, u32> {
    let page = list.introspect();
    let up = |status| status == ConnectionStatus::Available;
    assert!(page.peers.iter().all(|peer| up(peer.status.connection_status)), "{page}");
    let load = page.peers.into_iter().map(|peer| (peer.identifier, peer.status));
    load.map(|(id, status)| (id, status.pending_request_count)).collect()
}

/// Requests that end at once, then two requests for each peer, held together: counts of a policy
/// that had gone wrong would show.
fn evenly(bed: &Bed, list: &PeerList, peers: usize) {
    let choose = |_| {
        let began = bed.ledger.now();
        let pick = list.try_choose(&Request::new()).expect("all are up");
        bed.ledger.check(&pick, began);
        pick
    };
    let ids: BTreeSet<String> = (0..peers).map(|n| choose(n).identifier().to_owned()).collect();
    assert!(ids.len() == peers || !IN_TURN.contains(&list.name()), "{ids:?}");

    let picks: Vec<Pick> = (0..2 * peers).map(choose).collect();
    let mut chosen = BTreeMap::new();
    for pick in &picks {
        *chosen.entry(pick.identifier().to_owned()).or_default() += 1;
    }
    let mut seen = loads(list);
    seen.retain(|_, pending| *pending > 0);
    assert_eq!(seen, chosen, "the list counts what was chosen");
    if EVEN.contains(&list.name()) {
        assert!(chosen.len() == peers && chosen.values().all(|&n| n == 2), "{chosen:?}");
    }
    picks.into_iter().for_each(|pick| pick.finish(Outcome::Success));
}

/// Requests and notices have ended as often as they began, and nothing has panicked.
pub(crate) fn counts(bed: &Bed) {
    let ledger = &bed.ledger;
    assert_eq!(ledger.outstanding(), 0, "notices");
    assert_eq!(ledger.panics.load(SeqCst), 0);
    let peers = (0..bed.plan.peers).map(|peer| bed.transport.peer(&crate::plan::name(peer)));
    let mut started = 0;
    for peer in peers {
        assert_eq!(peer.started(), peer.ended().len());
        started += peer.started();
    }
    if bed.plan.watching {
        assert_eq!(started, ledger.picks.load(SeqCst));
    }
}

/// A list that was stopped still knows its members, and holds none of them.
pub(crate) fn stopped(bed: &Bed, list: &PeerList) {
    assert_eq!((list.state(), list.waiting()), (State::Stopped, 0));
    assert!(list.introspect().peers.is_empty(), "{list:?}");
    assert_eq!((list.available(), list.unavailable()), (0, 0), "{list:?}");
    let names = bed.names();
    assert_eq!(list.uninitialized(), names.len());
    assert!(names.iter().all(|id| list.is_uninitialized(id)));
    assert!(list.start().is_err());
}

/// The list and its picks are gone.
pub(crate) fn gone(bed: &Bed) {
    counts(bed);
    assert_eq!(bed.transport.retained(), 0);
    assert_eq!(tally(bed.transport.retains()), tally(bed.transport.releases()));
    assert_eq!(std::sync::Arc::strong_count(&bed.observer), 1, "the list's memory is freed");
}

pub(crate) fn tally(names: Vec<String>) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for name in names {
        *times.entry(name).or_default() += 1;
    }
    times
}
