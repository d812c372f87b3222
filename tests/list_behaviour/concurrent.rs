//! Updates, starts, stops and choices at the same moment.
//!
//! yarpc-go's two cases of this kind fail now and then by construction: between the moments in
//! which its lifecycle and its list change their minds, an update is stranded or a removal refused.
//! Here each is repeated, with the threads let go at once, and must come out the same every time.

use std::sync::Barrier;
use std::thread;

use peerage::{Chooser, Lifecycle, Outcome, Request, Wait};

use crate::harness::{Bed, for_each_policy};
use crate::support::LIMIT;

const ROUNDS: usize = 50;

/// Runs the actions at the same time, each on a thread of its own.
fn together(actions: &[&(dyn Fn() + Sync)]) {
    let start = Barrier::new(actions.len());
    thread::scope(|scope| {
        for action in actions {
            scope.spawn(|| {
                start.wait();
                action();
            });
        }
    });
}

#[test]
fn concurrent_update_and_start() {
    for_each_policy(|bed| {
        for _ in 0..ROUNDS {
            let bed = Bed::new(bed.policy);
            bed.add(&["1"]);
            together(&[&|| bed.start(), &|| bed.add(&["2"]), &|| bed.start()]);
            bed.assert_peers(&["1", "2"], &[], &[]);
            bed.assert_calls(&["1", "2"], &[]);
            bed.assert_chosen(&["1", "2"]);
            assert!(bed.list.is_running());
        }
    });
}

#[test]
fn concurrent_update_and_stop() {
    for_each_policy(|bed| {
        for _ in 0..ROUNDS {
            let bed = Bed::new(bed.policy);
            bed.start();
            bed.add(&["1", "2"]);
            together(&[&|| bed.stop(), &|| bed.remove(&["2"]), &|| bed.stop()]);
            bed.assert_peers(&[], &[], &["1"]);
            bed.assert_calls(&["1", "2"], &["1", "2"]);
            assert!(!bed.list.is_running());
        }
    });
}

/// yarpc-go's `TestParallelChoose`, which asserts that nothing panics. More can be said: every
/// choice succeeds, and when all are finished none is counted.
#[test]
fn parallel_choose() {
    const PEERS: usize = 500;
    for_each_policy(|bed| {
        let ids: Vec<String> = (0..PEERS).map(|n| n.to_string()).collect();
        bed.start();
        bed.add(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        let choose = || {
            for _ in 0..2_000 {
                let pick = bed.list.choose(&Request::new(), Wait::timeout(LIMIT)).expect("a peer");
                pick.finish(Outcome::Success);
            }
        };
        together(&[&choose, &choose, &choose, &choose]);
        let status = bed.list.introspect();
        assert_eq!(status.peers.len(), PEERS);
        for peer in status.peers {
            assert_eq!(peer.state_text(), "Available, 0 pending request(s)", "{peer:?}");
        }
    });
}

/// Picks held by many threads at once are all counted.
#[test]
fn parallel_picks_are_counted() {
    for_each_policy(|bed| {
        bed.start();
        bed.add(&["1", "2", "3"]);
        let (held, counted) = (Barrier::new(5), Barrier::new(5));
        let pending = || -> u32 {
            let peers = bed.list.introspect().peers;
            peers.iter().map(|peer| peer.status.pending_request_count).sum()
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let choose = || bed.list.choose(&Request::new(), Wait::timeout(LIMIT));
                    let picks: Vec<_> = (0..250).map(|_| choose()).collect();
                    held.wait();
                    counted.wait();
                    for pick in picks {
                        pick.expect("a peer").finish(Outcome::Success);
                    }
                });
            }
            held.wait();
            let total = pending();
            counted.wait();
            assert_eq!(total, 1_000);
        });
        assert_eq!(pending(), 0);
    });
}
