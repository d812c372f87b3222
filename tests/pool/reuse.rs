//! What is used again, and what is not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use peerage::transports::pool::PoolOptions;
use peerage::{Chooser, ConnectionStatus, Lifecycle, Outcome};

use crate::support::{until, within};
use crate::world::{bed, checkout, peer};

#[test]
fn the_connection_that_came_back_last_is_used_first() {
    let bed = bed(PoolOptions::new(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    let (first, second) = (checkout(&pick), checkout(&pick));
    assert_eq!((first.number, first.was_idle()), (0, true));
    assert_eq!((second.number, second.was_idle()), (1, false));
    drop(first);
    drop(second);
    for _ in 0..3 {
        assert_eq!(checkout(&pick).number, 1);
    }
    assert_eq!((bed.pool.stats().made, peer(&pick).idle()), (2, 2));
    pick.finish(Outcome::Success);
    bed.end();
}

#[test]
fn an_idle_connection_that_has_gone_bad_is_closed_and_costs_no_request() {
    let bed = bed(PoolOptions::new(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    checkout(&pick).is_good = false;
    let next = checkout(&pick);
    assert_eq!((next.number, bed.world.alive()), (1, 1));
    assert_eq!(bed.status("a:1"), ConnectionStatus::Available);
    drop((next, pick));
    bed.end();
}

#[test]
fn what_was_closed_failed_or_panicked_does_not_come_back() {
    let bed = bed(PoolOptions::new(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();

    checkout(&pick).close();
    assert_eq!((bed.world.alive(), bed.status("a:1")), (0, ConnectionStatus::Available));

    let connection = checkout(&pick);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        connection.exchange(|_| -> Result<(), ()> { panic!("planted") })
    }));
    assert!(panicked.is_err());
    assert_eq!((bed.world.alive(), bed.status("a:1")), (0, ConnectionStatus::Available));

    let before = checkout(&pick);
    assert_eq!(checkout(&pick).exchange(|_| Err::<(), _>("an error")), Err("an error"));
    // It was doubted, so a thread connects; and what is of before is not kept.
    bed.available(1);
    until("the new one is idle", || peer(&pick).idle() == 1);
    drop(before);
    assert_eq!((peer(&pick).idle(), bed.world.alive()), (1, 1));
    drop(pick);
    bed.end();
}

#[test]
fn a_connection_may_outlive_its_peer_its_list_and_the_pool() {
    let bed = bed(PoolOptions::new(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    let connection = checkout(&pick);
    pick.finish(Outcome::Success);
    let world = Arc::clone(&bed.world);
    bed.list.stop().unwrap();
    bed.pool.join();
    drop(bed);
    assert_eq!((connection.peer(), world.alive()), ("a:1", 1));
    drop(connection);
    assert_eq!(world.alive(), 0);
}

#[test]
fn connections_are_closed_with_no_lock_held() {
    within(|| {
        let options = PoolOptions::new().with_max_idle(1).with_max_connections(2);
        let bed = bed(options, &["a:1", "b:1"]);
        bed.available(2);
        let (pool, list) = (Arc::clone(&bed.pool), Arc::clone(&bed.list));
        // Takes every lock of the pool and of the list.
        bed.world.at_drop(Some(Arc::new(move || {
            let _ = (pool.stats(), list.introspect());
        })));
        let pick = bed.choose_named("a:1");
        // The second makes room at the other peer's cost; coming back there is no room for both.
        let (one, two) = (checkout(&pick), checkout(&pick));
        assert_eq!(bed.pool.stats().idle, 0);
        drop((one, two));
        peer(&pick).doubt();
        bed.available(2);
        checkout(&pick).fail();
        bed.available(2);
        pick.finish(Outcome::Success);
        bed.list.stop().unwrap();
        bed.pool.join();
        until("all are closed", || bed.world.alive() == 0);
        // The world keeps the pool alive by it.
        bed.world.at_drop(None);
        bed.end();
    });
}
