//! How many connections there may be, and for how long.

use std::time::Duration;

use peerage::transports::pool::{CheckoutError, PoolOptions};
use peerage::{ConnectionStatus, List, ListUpdates, Outcome};

use crate::support::until;
use crate::world::{bed, checkout, peer};

#[test]
fn a_peer_keeps_so_many_idle_connections_and_no_more() {
    let bed = bed(PoolOptions::new().with_max_idle(2), &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    let used: Vec<_> = (0..5).map(|_| checkout(&pick)).collect();
    assert_eq!(bed.world.alive(), 5);
    drop(used);
    assert_eq!((bed.world.alive(), peer(&pick).idle()), (2, 2));
    drop(pick);
    bed.end();
}

#[test]
fn a_full_pool_says_so_and_closes_idle_connections_of_others_first() {
    let bed = bed(PoolOptions::new().with_max_connections(2), &["a:1", "b:1"]);
    bed.available(2);
    let (a, b) = (bed.choose_named("a:1"), bed.choose_named("b:1"));
    let used = [checkout(&a), checkout(&a)];
    assert_eq!((bed.world.alive(), peer(&b).idle()), (2, 0));

    let error = peer(&b).checkout().unwrap_err();
    let text = "no connection to \"b:1\": all 2 that the pool may have are in use";
    assert_eq!((error.to_string().as_str(), error.outcome()), (text, Outcome::NotSent));
    assert!(matches!(error, CheckoutError::Full { limit: 2, .. }));
    assert_eq!(bed.status("b:1"), ConnectionStatus::Available);

    // A peer that joins a full pool is found to be up all the same.
    bed.list.update(ListUpdates::adding(["c:1"])).unwrap();
    bed.available(3);
    drop(used);
    assert_eq!(checkout(&b).peer(), "b:1");
    drop((a, b));
    bed.end();
}

#[test]
fn an_idle_connection_is_closed_when_its_time_is_over_without_a_request() {
    let options = PoolOptions::new().with_idle_timeout(Some(Duration::from_millis(20)));
    let bed = bed(options, &["a:1"]);
    bed.available(1);
    until("the first is closed", || bed.world.alive() == 0);
    assert_eq!(bed.status("a:1"), ConnectionStatus::Available);
    let pick = bed.choose();
    drop(checkout(&pick));
    until("the next is closed too", || bed.world.alive() == 0);
    drop(pick);
    bed.end();
}

#[test]
fn a_connection_of_age_is_closed_when_it_comes_back() {
    let options = PoolOptions::new().with_max_lifetime(Some(Duration::ZERO));
    let bed = bed(options, &["a:1"]);
    bed.available(1);
    let pick = bed.choose();
    for _ in 0..3 {
        assert!(!checkout(&pick).was_idle());
        assert_eq!(bed.world.alive(), 0);
    }
    drop(pick);
    bed.end();
}
