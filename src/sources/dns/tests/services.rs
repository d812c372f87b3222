//! SRV records.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::base::Rtype;
use domain::base::iana::Rcode;

use super::fake::Fake;
use super::message::Said;
use super::query::Query;
use super::{ask, look, peers, seconds, source};

const RPC: &str = "dns+srv:_rpc._tcp.users.test";

/// a.test and b.test have addresses, and so has no other target.
fn targets(query: &Query) -> Said {
    match query.name.as_str() {
        "a.test" => query.addresses(8, &["10.0.0.1"]),
        "b.test" => query.addresses(9, &["10.0.0.2", "2001:db8::2"]),
        "none.test" => query.none(5),
        "fails.test" => query.says(Rcode::SERVFAIL),
        _ => query.says(Rcode::NXDOMAIN),
    }
}

/// A server whose name has these services.
fn serving(services: fn(&Query) -> Said) -> Fake {
    Fake::saying(move |query| match query.kind {
        Rtype::SRV => services(query),
        _ => targets(query),
    })
}

#[test]
fn weights_and_priorities_of_targets_that_are_asked_for() {
    let fake = serving(|query| {
        let said = query.says(Rcode::NOERROR);
        let said = said.service(30, [20, 0, 8002], "B.test").service(30, [10, 5, 8001], "a.test");
        let said = said.service(30, [10, 0, 8001], "b.test").service(30, [10, 0, 8001], "b.test");
        said.service_of("stranger.test", 1, [0, 0, 6], "a.test")
    });
    let answer = look(RPC, &fake).unwrap();
    let all =
        "10.0.0.1:8001*5 10.0.0.2:8001 10.0.0.2:8002/1 [2001:db8::2]:8001 [2001:db8::2]:8002/1";
    assert_eq!((peers(&answer).as_str(), seconds(&answer)), (all, 8));
    assert_eq!(fake.asked(), 5, "the services, and each target once for each family");
}

#[test]
fn what_a_server_adds_is_not_asked_for() {
    let fake = serving(|query| {
        let said = query.says(Rcode::NOERROR);
        let said = said.service(30, [1, 1, 80], "a.test").service(30, [1, 1, 80], "c.test");
        let said = said.with("A.test", 4, "10.1.0.1").with("a.test", 6, "2001:db8::1");
        // Knot adds it once for each record that leads to it.
        let said = said.with("a.test", 6, "10.1.0.1").with("c.test", 7, "10.1.0.3");
        said.with("stranger.test", 1, "10.6.6.6")
    });
    let answer = look(RPC, &fake).unwrap();
    // c.test has no AAAA record there: that is asked for, and the name is said not to exist.
    assert_eq!(peers(&answer), "10.1.0.1:80 10.1.0.3:80 [2001:db8::1]:80");
    assert_eq!((seconds(&answer), fake.asked()), (4, 2));
}

#[test]
fn a_service_that_is_not_there_is_an_empty_answer() {
    let fake = serving(|query| query.says(Rcode::NOERROR).service(6, [0, 0, 0], "."));
    let answer = look(RPC, &fake).unwrap();
    assert_eq!((answer.peers.len(), answer.faults.len(), seconds(&answer)), (0, 0, 6));
    let fake = serving(|query| query.none(5));
    let answer = look(RPC, &fake).unwrap();
    assert_eq!((answer.peers.len(), seconds(&answer)), (0, 5));
    let fake = serving(|query| query.says(Rcode::NXDOMAIN));
    let error = format!("_rpc._tcp.users.test: SRV: NXDOMAIN ({})", fake.address());
    assert_eq!(look(RPC, &fake).unwrap_err(), error);
}

#[test]
fn a_target_that_is_nowhere_is_told_and_the_rest_applies() {
    let fake = serving(|query| {
        let said = query.says(Rcode::NOERROR);
        let said = said.service(9, [1, 1, 80], "a.test").service(9, [1, 1, 80], "gone.test");
        said.service(9, [1, 1, 80], "none.test").service(9, [2, 1, 0], "b.test")
    });
    let answer = look(RPC, &fake).unwrap();
    assert_eq!((peers(&answer).as_str(), seconds(&answer)), ("10.0.0.1:80", 8));
    let faults = answer.faults;
    assert!(faults[0].starts_with("gone.test: A: NXDOMAIN ("), "{faults:?}");
    assert_eq!(faults[1..], ["none.test has no addresses", "b.test has port 0"]);
    let fake = serving(|query| {
        let said = query.says(Rcode::NOERROR).service(9, [1, 1, 80], "gone.test");
        said.service(9, [1, 1, 80], "fails.test")
    });
    let error = look(RPC, &fake).unwrap_err();
    assert!(error.starts_with("fails.test: A: SERVFAIL (") && error.contains("; gone.test: A: NX"));
}

#[test]
fn a_target_that_fails_later_keeps_its_addresses() {
    let fails = Arc::new(AtomicBool::new(true));
    let now = Arc::clone(&fails);
    let fake = Fake::saying(move |query| match (query.kind, query.name.as_str()) {
        (Rtype::SRV, _) => {
            let said = query.says(Rcode::NOERROR).service(9, [1, 1, 80], "a.test");
            said.service(9, [1, 1, 80], "b.test")
        }
        (_, "b.test") if now.load(Ordering::Acquire) => query.says(Rcode::SERVFAIL),
        _ => targets(query),
    });
    let mut source = source(RPC, &[&fake], "");
    let mut check = |failing: bool, all: &str, faults: usize, again: u64| {
        fails.store(failing, Ordering::Release);
        let answer = ask(&mut *source).unwrap();
        assert_eq!((peers(&answer).as_str(), answer.faults.len()), (all, faults));
        assert_eq!(seconds(&answer), again, "what is not known is asked for soon");
    };
    check(true, "10.0.0.1:80", 1, 1);
    check(false, "10.0.0.1:80 10.0.0.2:80 [2001:db8::2]:80", 0, 8);
    check(true, "10.0.0.1:80 10.0.0.2:80 [2001:db8::2]:80", 1, 1);
    check(true, "10.0.0.1:80 10.0.0.2:80 [2001:db8::2]:80", 1, 1);
}

#[test]
fn many_targets_are_asked_for_in_turns() {
    let fake = Fake::saying(|query| match query.kind {
        Rtype::SRV => {
            let said = query.says(Rcode::NOERROR);
            if !query.by_tcp {
                return said.truncated();
            }
            (0..100).fold(said, |said, n| said.service(9, [1, 1, 80], &format!("t{n}.test")))
        }
        _ => query.addresses(9, &[&format!("10.0.0.{}", &query.name[1..query.name.len() - 5])]),
    });
    assert_eq!(look(RPC, &fake).unwrap().peers.len(), 100);
    assert_eq!(fake.asked(), 201);
}
