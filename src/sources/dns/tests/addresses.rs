//! Names with addresses: families, times to live, aliases.

use domain::base::Rtype;
use domain::base::iana::Rcode;

use super::fake::Fake;
use super::{ask, look, peers, seconds, source};

const USERS: &str = "dns:users.test:80";

#[test]
fn both_families_in_an_order_of_their_own() {
    let orders = [["10.0.0.2", "10.0.0.1", "2001:db8::2"], ["2001:db8::2", "10.0.0.1", "10.0.0.2"]];
    for order in orders {
        let fake = Fake::saying(move |query| query.addresses(7, &order));
        let answer = look(USERS, &fake).unwrap();
        assert_eq!(peers(&answer), "10.0.0.1:80 10.0.0.2:80 [2001:db8::2]:80");
        assert_eq!((seconds(&answer), answer.faults.len(), fake.asked()), (7, 0, 2));
    }
}

#[test]
fn the_least_time_to_live_along_the_chain_within_bounds() {
    let ttl = |alias: u32, v4: u32, v6: u32, options: &'static str| {
        let fake = Fake::saying(move |query| {
            let ttl = if query.kind == Rtype::A { v4 } else { v6 };
            let said = query.addresses_of("b.test", ttl, &["10.0.0.1", "::1"]);
            said.alias("a.test", 20, "B.test").alias("users.test", alias, "a.test")
        });
        let answer = ask(&mut *source(USERS, &[&fake], options)).unwrap();
        assert_eq!(peers(&answer), "10.0.0.1:80 [::1]:80");
        seconds(&answer)
    };
    assert_eq!(ttl(60, 60, 60, ""), 20);
    assert_eq!(ttl(5, 60, 60, ""), 5);
    assert_eq!(ttl(60, 6, 60, ""), 6);
    assert_eq!(ttl(60, 60, 7, ""), 7);
    assert_eq!(ttl(60, 0, 60, ""), 1, "not sooner than min-ttl");
    assert_eq!(ttl(60, 60, u32::MAX, ""), 1, "a time with its highest bit set is none");
    assert_eq!(ttl(60, 60, 60, ",max-ttl=4s"), 4);
    assert_eq!(ttl(60, 6, 60, ",min-ttl=9s"), 9);
}

#[test]
fn a_family_that_fails_does_not_lose_the_other() {
    for code in [Rcode::REFUSED, Rcode::SERVFAIL, Rcode::NOTIMP, Rcode::NXDOMAIN] {
        let fake = Fake::saying(move |query| match query.kind {
            Rtype::A => query.addresses(7, &["10.0.0.1"]),
            _ => query.says(code),
        });
        let answer = look(USERS, &fake).unwrap();
        assert_eq!((peers(&answer).as_str(), seconds(&answer)), ("10.0.0.1:80", 7));
        assert!(answer.faults.is_empty());
    }
    let silent = Fake::new(|query| match query.kind {
        Rtype::AAAA => vec![query.addresses(7, &["::1"]).bytes()],
        _ => vec![],
    });
    let answer = ask(&mut *source(USERS, &[&silent], ",timeout=300ms")).unwrap();
    assert_eq!(peers(&answer), "[::1]:80");
}

#[test]
fn a_family_that_fails_later_keeps_its_addresses_and_is_told() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let fails = Arc::new(AtomicBool::new(false));
    let now = Arc::clone(&fails);
    let fake = Fake::saying(move |query| match (query.kind, now.load(Ordering::Acquire)) {
        (Rtype::AAAA, true) => query.says(Rcode::SERVFAIL),
        (_, true) => query.addresses(7, &["10.0.0.2"]),
        (_, false) => query.addresses(7, &["10.0.0.1", "::1"]),
    });
    let mut source = source(USERS, &[&fake], "");
    assert_eq!(peers(&ask(&mut *source).unwrap()), "10.0.0.1:80 [::1]:80");
    fails.store(true, Ordering::Release);
    for _ in 0..2 {
        let answer = ask(&mut *source).unwrap();
        assert_eq!(peers(&answer), "10.0.0.2:80 [::1]:80");
        let fault =
            format!("users.test: AAAA: SERVFAIL ({}); its earlier ones stay", fake.address());
        assert_eq!((answer.faults, answer.again.unwrap().as_secs()), (vec![fault], 1));
    }
    fails.store(false, Ordering::Release);
    let answer = ask(&mut *source).unwrap();
    assert_eq!((peers(&answer).as_str(), seconds(&answer)), ("10.0.0.1:80 [::1]:80", 7));
}

#[test]
fn failures_are_errors_with_name_and_code() {
    let fake = Fake::saying(|query| match query.kind {
        Rtype::A => query.says(Rcode::SERVFAIL),
        _ => query.says(Rcode::REFUSED),
    });
    let at = fake.address();
    let error = format!("users.test: A: SERVFAIL ({at}); AAAA: REFUSED ({at})");
    assert_eq!(look(USERS, &fake).unwrap_err(), error);
    assert_eq!(fake.asked(), 2, "it has answered: it is not asked again");
    let fake = Fake::saying(|query| query.says(Rcode::NXDOMAIN));
    let at = fake.address();
    let error = format!("users.test: A: NXDOMAIN ({at}); AAAA: NXDOMAIN ({at})");
    assert_eq!(look(USERS, &fake).unwrap_err(), error);
    let fake = Fake::silent();
    let error = ask(&mut *source(USERS, &[&fake], ",timeout=30ms")).unwrap_err();
    assert!(error.starts_with("users.test: A: no answer within 30ms ("), "{error}");
    fake.was_asked(4); // what may have been lost is sent twice
}

#[test]
fn a_name_without_addresses_is_an_empty_answer() {
    let fake = Fake::saying(|query| query.none(3));
    let answer = look(USERS, &fake).unwrap();
    assert_eq!((answer.peers.len(), answer.faults.len(), seconds(&answer)), (0, 0, 3));
    // Nothing of A and no answer of AAAA is not nothing.
    let fake = Fake::saying(|query| match query.kind {
        Rtype::A => query.none(3),
        _ => query.says(Rcode::SERVFAIL),
    });
    assert!(look(USERS, &fake).unwrap_err().contains("AAAA: SERVFAIL"));
}

#[test]
fn what_a_server_does_not_know_is_not_empty() {
    let lame = Fake::saying(|query| query.says(Rcode::NOERROR).not_recursive());
    assert!(look(USERS, &lame).unwrap_err().contains("A: the server knows nothing of it"));
    let leads_away =
        Fake::saying(|query| query.says(Rcode::NOERROR).alias("users.test", 9, "elsewhere.test"));
    let error = look(USERS, &leads_away).unwrap_err();
    assert!(error.contains("A: an alias of elsewhere.test, of which nothing is said"), "{error}");
    let circle = Fake::saying(|query| {
        let said = query.says(Rcode::NOERROR).alias("users.test", 9, "b.test");
        said.alias("b.test", 9, "users.test")
    });
    assert!(look(USERS, &circle).unwrap_err().contains("A: aliases without an end"));
}

#[test]
fn records_of_other_names_are_not_listened_to() {
    let fake = Fake::saying(|query| {
        let said = query.addresses_of("a.test", 7, &["10.0.0.1", "::1"]);
        let said = said.stray("stranger.test", "10.6.6.6").stray("stranger.test", "::6");
        said.stray("users.test", "10.6.6.7").alias("users.test", 7, "a.test")
    });
    let answer = look(USERS, &fake).unwrap();
    assert_eq!((peers(&answer).as_str(), seconds(&answer)), ("10.0.0.1:80 [::1]:80", 7));
    let fake = Fake::saying(|query| query.none(5).stray("stranger.test", "10.6.6.6"));
    assert_eq!(look(USERS, &fake).unwrap().peers.len(), 0);
}

#[test]
fn an_address_needs_no_question_and_a_useless_one_is_none() {
    let silent = Fake::silent();
    for (uri, peer) in
        [("dns:10.0.0.1:80", "10.0.0.1:80"), ("dns:[2001:db8::1]:80", "[2001:db8::1]:80")]
    {
        let mut source = source(uri, &[&silent], "");
        assert!(source.answers_at_once());
        assert_eq!(peers(&ask(&mut *source).unwrap()), peer);
    }
    assert_eq!(silent.asked(), 0);
    let fake = Fake::saying(|query| query.addresses(7, &["0.0.0.0", "10.0.0.1", "ff02::1"]));
    let answer = look(USERS, &fake).unwrap();
    assert_eq!(peers(&answer), "10.0.0.1:80");
    let faults = ["0.0.0.0 is no address of a server", "ff02::1 is no address of a server"];
    assert_eq!(answer.faults, faults);
}
