//! Many threads at few places.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use peerage::{Chooser, Outcome, Request, Wait};

use crate::bed::{ANY, List};
use crate::support::{LIMIT, from_texts, within_time};

const PEERS: [&str; 3] = ["a", "b", "c"];
const ROUNDS: usize = if cfg!(miri) { 5 } else { 400 };

/// Chooses and finishes, and counts by itself what is in flight at each peer.
fn work(list: &List, in_flight: &[AtomicUsize; 3], limit: usize) {
    for round in 0..ROUNDS {
        let pick = list.choose(&Request::new(), Wait::timeout(LIMIT)).expect("a place in time");
        let peer = PEERS.iter().position(|peer| *peer == pick.identifier()).expect("one of them");
        let now = in_flight[peer].fetch_add(1, Ordering::Relaxed) + 1;
        assert!(now <= limit, "{now} in flight at {}", PEERS[peer]);
        if round % 7 == 0 {
            thread::yield_now();
        }
        in_flight[peer].fetch_sub(1, Ordering::Relaxed);
        pick.finish(if round % 5 == 0 { Outcome::Failure } else { Outcome::Success });
    }
}

#[test]
fn no_peer_ever_has_more_than_its_limit_and_no_caller_is_forgotten() {
    for policy in ANY {
        for (limit, queue) in [(1, "adaptive"), (2, "lifo"), (2, "fifo")] {
            let (list, _transport) =
                from_texts(policy, &format!("max-pending={limit},queue={queue}"), &PEERS);
            let same = Arc::clone(&list);
            within_time(3 * LIMIT, policy, move || {
                let in_flight = Arc::new([(); 3].map(|()| AtomicUsize::new(0)));
                let workers = [(); 8].map(|()| {
                    let (list, in_flight) = (Arc::clone(&same), Arc::clone(&in_flight));
                    thread::spawn(move || work(&list, &in_flight, limit))
                });
                for worker in workers {
                    worker.join().expect("no panic");
                }
            });
            let stats = list.stats();
            assert_eq!((stats.pending, stats.waiting), (0, 0), "{policy}");
        }
    }
}
