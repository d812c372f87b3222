//! How long callers wait.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use peerage::{
    CancelToken, Chooser, ConnectionStatus, Histogram, Lifecycle, Outcome, Request, Wait,
};

use crate::support::{LIMIT, from_texts, until};
use crate::{at_rest, request};

#[test]
fn what_comes_at_once_is_no_wait() {
    let (list, transport) = from_texts("random", "fail-fast", &["a"]);
    request(&*list, Outcome::Success);
    list.choose(&Request::new(), Wait::forever()).expect("a peer").finish(Outcome::Success);
    transport.set_status("a", ConnectionStatus::Connecting);
    list.try_choose(&Request::new()).expect_err("none");
    list.choose(&Request::new(), Wait::forever()).expect_err("fails fast");
    assert_eq!(at_rest(&*list).waits, Histogram::default());
}

#[test]
fn a_wait_is_counted_with_its_length_however_it_ends() {
    const WAIT: Duration = Duration::from_millis(20);
    let (list, transport) = from_texts("random", "", &["a"]);
    transport.set_status("a", ConnectionStatus::Connecting);

    let begun = Instant::now();
    list.choose(&Request::new(), Wait::timeout(WAIT)).expect_err("none in time");
    let most = begun.elapsed();
    let waits = at_rest(&*list).waits;
    assert_eq!(waits.count(), 1);
    assert!(waits.sum >= WAIT && waits.sum <= most, "{waits:?}, {most:?}");
    assert_eq!(waits.counts()[Histogram::bucket(waits.sum)], 1);

    // One that is given a peer, one that is cancelled, and one that meets the stop. A caller that is in the
    // queue looks once more before it sleeps: what comes just then ends no wait.
    let token = CancelToken::new();
    let waiter = |wait: fn(&CancelToken) -> Wait<'_>| {
        let (list, token) = (Arc::clone(&list), token.clone());
        thread::spawn(move || list.choose(&Request::new(), wait(&token)).is_ok())
    };
    let served = waiter(|_| Wait::timeout(LIMIT));
    until("it waits", || list.stats().waiting == 1);
    transport.set_status("a", ConnectionStatus::Available);
    assert!(served.join().expect("no panic"));
    assert!((1..=2).contains(&at_rest(&*list).waits.count()));

    transport.set_status("a", ConnectionStatus::Connecting);
    let cancelled = waiter(|token| Wait::timeout(LIMIT).cancelled_by(token));
    until("it waits", || list.stats().waiting == 1);
    token.trigger();
    assert!(!cancelled.join().expect("no panic"));
    let stopped = waiter(|_| Wait::timeout(LIMIT));
    until("it waits", || list.stats().waiting == 1);
    list.stop().expect("stops");
    assert!(!stopped.join().expect("no panic"));

    let stats = at_rest(&*list);
    assert_eq!((stats.failures.total(), stats.requests), (3, 1));
    assert!((1..=4).contains(&stats.waits.count()));
    assert!(stats.waits.sum >= waits.sum);
}
