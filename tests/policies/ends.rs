//! Requests that begin and end on several threads at once: `fewest-pending-requests` counts each.

use std::collections::VecDeque;
use std::thread;

use peerage::policy::{FewestPending, Rng};
use peerage::{Chooser, Outcome, PeerList, Pick, Request};

use crate::{list, next, tally};

const THREADS: usize = 4;
const PEERS: usize = 5;
const REQUESTS: usize = if cfg!(miri) { 40 } else { 20_000 };

/// Makes requests of which a few are in flight at each moment, and end in any order.
fn work(list: &PeerList<FewestPending>, seed: u64) -> VecDeque<Pick> {
    let (rng, mut in_flight) = (Rng::seeded(seed), VecDeque::new());
    for _ in 0..REQUESTS {
        in_flight.push_back(list.try_choose(&Request::new()).unwrap());
        if in_flight.len() > rng.below(8) {
            let ends = rng.below(in_flight.len());
            in_flight.swap_remove_back(ends).expect("it is there").finish(Outcome::Success);
        }
    }
    in_flight
}

/// An end that was lost, or counted twice, would leave a peer out, or have it chosen again too early.
#[test]
fn each_end_is_counted_once_whichever_threads_meet() {
    let (list, _transport) = list(FewestPending::new(), PEERS);
    for round in 0..3 {
        let left: Vec<_> = thread::scope(|scope| {
            let list = &list;
            let work = |n| scope.spawn(move || work(list, (round * THREADS + n) as u64));
            let threads: Vec<_> = (0..THREADS).map(work).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        // Ends that meet no choice.
        thread::scope(|scope| {
            for pick in left {
                scope.spawn(move || pick.finish(Outcome::Success));
            }
        });
        // All are idle, so each is the next once.
        let chosen = tally((0..PEERS).map(|_| next(&list)));
        assert_eq!(chosen.len(), PEERS, "round {round}: {chosen:?}");
        // With one request each, and then with two.
        let held = || list.try_choose(&Request::new()).unwrap();
        let (once, twice): (Vec<_>, Vec<_>) =
            ((0..PEERS).map(|_| held()).collect(), (0..PEERS).map(|_| held()).collect());
        for picks in [once, twice] {
            let names = tally(picks.iter().map(|pick| pick.identifier().to_owned()));
            assert_eq!(names.len(), PEERS, "round {round}: {names:?}");
        }
    }
}
