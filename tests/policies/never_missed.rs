//! A peer that can be chosen is found, however the others come and go.
//!
//! A choice may look at the wrong peer again and again, and at holes where peers have been; it must
//! not give up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use peerage::ConnectionStatus::{Available, Connecting};
use peerage::policy::AnyPolicy;
use peerage::{Chooser, Outcome, Request};

use crate::list;

const CHOICES: usize = 30_000;

/// One of two peers is up at every moment, because each comes back before the other goes.
fn never_missed(spec: &str) {
    let policy: AnyPolicy = spec.parse().unwrap();
    let (list, transport) = list(policy, 2);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                for (up, down) in [("p0", "p1"), ("p1", "p0")] {
                    transport.set_status(up, Available);
                    transport.set_status(down, Connecting);
                }
            }
        });
        let choose = || {
            let missed = (0..CHOICES).filter(|_| match list.try_choose(&Request::new()) {
                Ok(pick) => {
                    pick.finish(Outcome::Success);
                    false
                }
                Err(_) => true,
            });
            missed.count()
        };
        let choosers = [scope.spawn(choose), scope.spawn(choose)];
        let missed = choosers.map(|chooser| chooser.join().unwrap());
        over.store(true, Ordering::Relaxed);
        assert_eq!(missed, [0, 0], "{spec}");
    });
}

/// Nine peers of which eight have gone: tickets that fall on their places are thrown away. Choosers
/// that take turns with the tickets may draw such places only.
#[test]
fn by_round_robin_among_holes() {
    let policy: AnyPolicy = "round-robin".parse().unwrap();
    let (list, transport) = list(policy, 9);
    (0..8).for_each(|peer| transport.set_status(&format!("p{peer}"), Connecting));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..CHOICES {
                    let pick = list.try_choose(&Request::new());
                    pick.unwrap_or_else(|e| panic!("{n}: {e}")).finish(Outcome::Success);
                }
            });
        }
    });
}

#[test]
fn by_round_robin() {
    never_missed("round-robin");
}

#[test]
fn by_random() {
    never_missed("random");
}

#[test]
fn by_two_random_choices() {
    never_missed("two-random-choices");
}

#[test]
fn by_fewest_pending_requests() {
    never_missed("fewest-pending-requests");
}

#[test]
fn by_hashring32() {
    never_missed("hashring32:replicas=3");
}

#[test]
fn by_maglev() {
    never_missed("maglev");
}

#[test]
fn by_weighted_round_robin() {
    never_missed("weighted-round-robin");
}
