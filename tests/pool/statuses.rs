//! What lists see of the pool's peers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use peerage::transports::pool::PoolOptions;
use peerage::{Chooser, ConnectionStatus, Outcome, Request};

use crate::support::until;
use crate::world::{Server, bed, checkout, peer};

fn quick() -> PoolOptions {
    PoolOptions::new().with_backoff(Duration::from_millis(1), Duration::from_millis(5))
}

#[test]
fn a_peer_that_fails_is_out_of_the_choice_before_the_request_returns() {
    let bed = bed(quick(), &["a:1", "b:1"]);
    bed.available(2);
    let pick = bed.choose_named("a:1");
    bed.world.set("a:1", Server::Refuses);
    let _ = checkout(&pick).exchange(|_| Err::<(), _>(()));
    assert_ne!(bed.status("a:1"), ConnectionStatus::Available);
    for _ in 0..4 {
        assert_eq!(bed.list.try_choose(&Request::new()).unwrap().identifier(), "b:1");
    }
    until("it is unavailable", || bed.status("a:1") == ConnectionStatus::Unavailable);
    let error = peer(&pick).checkout().unwrap_err();
    assert_eq!(error.to_string(), "can't connect to \"a:1\": connection refused");
    assert_eq!(error.outcome(), Outcome::Failure);

    bed.world.set("a:1", Server::Up);
    bed.available(2);
    drop(pick);
    bed.end();
}

#[test]
fn a_new_connection_that_is_refused_doubts_the_peer() {
    let bed = bed(quick(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    let _one = checkout(&pick);
    bed.world.set("a:1", Server::Refuses);
    assert!(peer(&pick).checkout().is_err());
    until("it is unavailable", || bed.status("a:1") == ConnectionStatus::Unavailable);
    drop((_one, pick));
    bed.end();
}

#[test]
fn a_connect_that_panics_has_failed_and_is_tried_again() {
    let bed = bed(quick(), &[]);
    bed.world.set("a:1", Server::Panics);
    peerage::List::update(&*bed.list, peerage::ListUpdates::adding(["a:1"])).unwrap();
    until("it has been tried twice", || bed.pool.stats().failed >= 2);
    assert_eq!((bed.list.available(), bed.world.alive()), (0, 0));
    bed.world.set("a:1", Server::Up);
    bed.available(1);
    bed.end();
}

#[test]
fn a_dozen_failures_of_one_death_are_one_doubt() {
    let bed = bed(quick(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    let used: Vec<_> = (0..12).map(|_| checkout(&pick)).collect();
    let made = bed.pool.stats().made;
    for connection in used {
        connection.fail();
        // Back before the next of them fails: which must not take it out again.
        bed.available(1);
    }
    assert_eq!(bed.pool.stats().made, made + 1);
    drop(pick);
    bed.end();
}

#[test]
fn nothing_is_left_after_requests_from_many_threads_while_servers_come_and_go() {
    let bed = bed(quick().with_max_connections(6), &["a:1", "b:1", "c:1"]);
    bed.available(3);
    let ended = AtomicBool::new(false);
    let served = thread::scope(|scope| {
        let client = || {
            let mut served = 0_u32;
            while !ended.load(Ordering::SeqCst) {
                let pick = bed.choose();
                let connection = peer(&pick).checkout();
                let world = Arc::clone(&bed.world);
                let done = connection.is_ok_and(|connection| {
                    let number = connection.number;
                    let result = connection.exchange(|_| match number % 7 {
                        0 => Err(()),
                        _ => Ok(()),
                    });
                    assert!(world.alive() <= 6 + 3, "more than the limit and one a peer");
                    result.is_ok()
                });
                served += u32::from(done);
                pick.finish(if done { Outcome::Success } else { Outcome::Failure });
            }
            served
        };
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(client)).collect();
        for round in 0..60 {
            let name = ["a:1", "b:1"][round % 2];
            bed.world.set(name, Server::Refuses);
            thread::sleep(Duration::from_millis(2));
            bed.world.set(name, Server::Up);
        }
        bed.available(3);
        ended.store(true, Ordering::SeqCst);
        clients.into_iter().map(|client| client.join().unwrap()).sum::<u32>()
    });
    assert!(served > 100, "{served}");
    bed.end();
}

/// What the thread of a peer drops may panic; the peer is looked after all the same.
#[test]
fn a_connection_that_panics_as_it_is_dropped_costs_the_peer_nothing() {
    let options = PoolOptions::new().with_idle_timeout(Some(Duration::from_millis(20)));
    let bed = bed(options, &["a:1"]);
    bed.available(1);
    let dropped = Arc::new(AtomicBool::new(false));
    let drops = Arc::clone(&dropped);
    bed.world.at_drop(Some(Arc::new(move || {
        assert!(drops.swap(true, Ordering::SeqCst), "planted");
    })));
    until("it was dropped", || dropped.load(Ordering::SeqCst));
    peer(&bed.choose()).doubt();
    bed.available(1);
    bed.end();
}

#[test]
#[cfg(unix)]
fn the_lack_of_descriptors_is_no_doubt() {
    let bed = bed(quick(), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    let used = checkout(&pick);
    bed.world.set("a:1", Server::IsOutOfReach);
    let error = peer(&pick).checkout().unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert_eq!(bed.status("a:1"), ConnectionStatus::Available);
    drop(used);
    assert_eq!(peer(&pick).idle(), 1);
    bed.world.set("a:1", Server::Refuses);
    let used = checkout(&pick);
    let error = peer(&pick).checkout().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Failure, "{error}");
    drop((used, pick));
    bed.end();
}
