//! Servers that fail, strangers that answer, stops.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use domain::base::iana::Rcode;

use super::super::exchange::Exchange;
use super::super::lookup::{self, Addresses, Kept, Outcome};
use super::super::name::HostName;
use super::super::servers::Servers;
use super::fake::Fake;
use super::query::Query;
use super::{ask, look, peers, source};
use crate::sources::{SourceUri, Stop};

const USERS: &str = "dns:users.test:80";

fn good(query: &Query) -> Vec<u8> {
    query.addresses(7, &["10.0.0.1"]).bytes()
}

#[test]
fn what_answers_another_question_is_not_listened_to() {
    let strays: [fn(&Query) -> Vec<u8>; 8] = [
        |_| b"junk".to_vec(),
        |_| vec![],
        // Another number.
        |query| {
            let mut bytes = query.addresses(7, &["10.6.6.6", "::6"]).bytes();
            bytes[0] ^= 1;
            bytes
        },
        // The question itself.
        |query| query.bytes.clone(),
        bare,
        // Another name, another case, another type.
        |query| changed(query, 13, b'x'),
        |query| changed(query, 13, b'U'),
        |query| changed(query, 24, 16),
    ];
    let fake = Fake::new(move |query| {
        strays.iter().map(|stray| stray(query)).chain([good(query)]).collect()
    });
    assert_eq!(peers(&look(USERS, &fake).unwrap()), "10.0.0.1:80");
    let fake = Fake::new(move |query| strays.iter().map(|stray| stray(query)).collect());
    let error = ask(&mut *source(USERS, &[&fake], ",timeout=50ms")).unwrap_err();
    assert!(error.contains("A: no answer within 50ms"), "{error}");
}

/// An answer without error, question or records.
fn bare(query: &Query) -> Vec<u8> {
    let mut bytes = query.none(7).bytes();
    bytes.truncate(12);
    bytes[4..].fill(0);
    bytes
}

/// An answer whose byte of the question is another.
fn changed(query: &Query, at: usize, byte: u8) -> Vec<u8> {
    let mut bytes = query.addresses(7, &["10.6.6.6", "::6"]).bytes();
    assert_ne!(bytes[at], byte);
    bytes[at] = byte;
    bytes
}

#[test]
fn what_comes_from_elsewhere_is_not_listened_to() {
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let fake = Fake::new(move |query| {
        let lie = query.addresses(7, &["10.6.6.6", "::6"]).bytes();
        stranger.send_to(&lie, query.from).unwrap();
        vec![]
    });
    let error = ask(&mut *source(USERS, &[&fake], ",timeout=50ms")).unwrap_err();
    assert!(error.contains("A: no answer within 50ms"), "{error}");
}

#[test]
fn the_next_server_is_asked_after_one_that_fails() {
    let works = Fake::new(|query| vec![good(query)]);
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for code in [Rcode::SERVFAIL, Rcode::REFUSED, Rcode::NOTIMP, Rcode::FORMERR] {
        let fails = Fake::saying(move |query| query.says(code));
        let answer = ask(&mut *source(USERS, &[&fails, &works], ",timeout=5s")).unwrap();
        assert_eq!(peers(&answer), "10.0.0.1:80");
    }
    let silent = Fake::silent();
    let answer = ask(&mut *source(USERS, &[&silent, &works], ",timeout=300ms")).unwrap();
    assert_eq!(peers(&answer), "10.0.0.1:80");
    let text = format!("{USERS}#timeout=5s,servers={closed} {}", works.address());
    let uri: SourceUri = text.parse().unwrap();
    let begun = Instant::now();
    assert_eq!(peers(&ask(&mut *uri.open().unwrap()).unwrap()), "10.0.0.1:80");
    assert!(begun.elapsed() < Duration::from_secs(2), "a closed port is told at once");
    let fails = Fake::saying(|query| query.says(Rcode::SERVFAIL));
    let error = ask(&mut *source(USERS, &[&fails, &silent], ",timeout=300ms")).unwrap_err();
    let of = |kind: &str| {
        let (fails, silent) = (fails.address(), silent.address());
        format!("{kind}: SERVFAIL ({fails}), no answer within 300ms ({silent})")
    };
    assert_eq!(error, format!("users.test: {}; {}", of("A"), of("AAAA")));
}

#[test]
fn a_name_that_is_not_there_is_asked_of_one_server() {
    let [first, second] = [(); 2].map(|()| Fake::saying(|query| query.says(Rcode::NXDOMAIN)));
    assert!(ask(&mut *source(USERS, &[&first, &second], "")).is_err());
    assert_eq!((first.asked(), second.asked()), (2, 0));
}

#[test]
fn a_server_that_does_not_know_edns_is_asked_without() {
    for is_bare in [false, true] {
        let fake = Fake::new(move |query| match query.has_edns {
            false => vec![good(query)],
            true if is_bare => {
                // It could not read the question, and has none in its answer.
                let mut bytes = bare(query);
                bytes[3] |= 1;
                vec![bytes]
            }
            true => vec![query.says(Rcode::FORMERR).bytes()],
        });
        assert_eq!(peers(&look(USERS, &fake).unwrap()), "10.0.0.1:80");
    }
}

#[test]
fn what_is_truncated_is_asked_for_by_tcp() {
    let many: Vec<_> = (0..200).map(|n| format!("10.0.1.{n}")).collect();
    let all = move |query: &Query| {
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        match query.by_tcp {
            true => query.addresses(7, &many),
            false => query.addresses(7, &many[..9]).truncated(),
        }
    };
    assert_eq!(look(USERS, &Fake::saying(all)).unwrap().peers.len(), 200);
    let never = Fake::saying(|query| query.addresses(7, &["10.0.0.1", "::1"]).truncated());
    let error = look(USERS, &never).unwrap_err();
    assert!(error.contains("A: truncated, by TCP too"), "a part is no answer: {error}");
    let only_udp = Fake::new(|query| match query.by_tcp {
        true => vec![],
        false => vec![query.addresses(7, &["10.0.0.1", "::1"]).truncated().bytes()],
    });
    let error = ask(&mut *source(USERS, &[&only_udp], ",timeout=300ms")).unwrap_err();
    assert!(error.contains("A: no answer within 300ms"), "{error}");
    let another = Fake::new(|query| match query.by_tcp {
        true => vec![changed(query, 13, b'x')],
        false => vec![query.none(7).truncated().bytes()],
    });
    assert!(look(USERS, &another).unwrap_err().contains("A: the answer cannot be read"));
}

/// By UDP, by TCP whose answer does not come, and by TCP whose answer does not end.
#[test]
fn a_stop_ends_what_is_waited_for() {
    let truncated = |query: &Query| query.none(7).truncated().bytes();
    let fakes = [
        Fake::silent(),
        Fake::new(move |query| if query.by_tcp { vec![] } else { vec![truncated(query)] }),
        Fake::new(move |query| vec![truncated(query)[..14].to_vec()]),
    ];
    for fake in &fakes {
        for uri in [USERS, "dns+srv:_rpc._tcp.users.test"] {
            let (mut source, stop) = (source(uri, &[fake], ",timeout=20s"), Stop::new());
            let asked = fake.asked();
            let ended = std::thread::scope(|scope| {
                let asking = scope.spawn(|| {
                    source.next(&stop).unwrap_err();
                    Instant::now()
                });
                while fake.asked() == asked {
                    std::thread::yield_now();
                }
                let begun = Instant::now();
                stop.stop();
                asking.join().unwrap() - begun
            });
            assert!(ended < Duration::from_millis(250), "{ended:?}");
        }
    }
}

#[test]
fn a_name_is_searched_for_and_a_failure_ends_the_search() {
    let fake = Fake::saying(|query| match query.name.as_str() {
        "users.fails.test" => query.says(Rcode::SERVFAIL),
        "users.empty.test" => query.none(7),
        "users.b.test" => query.addresses(7, &["10.0.0.2"]),
        "users" => query.addresses(7, &["10.0.0.3"]),
        _ => query.says(Rcode::NXDOMAIN),
    });
    let look = |name: &str, search: &[&str]| {
        let servers = Servers::Given(vec![fake.address()]);
        let mut setup = servers.setup(Duration::from_secs(5)).unwrap();
        setup.search = search.iter().map(ToString::to_string).collect();
        let names = HostName::parse(name).unwrap().candidates(&setup.search, setup.ndots);
        let (exchange, mut kept) =
            (Exchange { setup: &setup, turn: 0, stop: &Stop::new() }, Kept::default());
        lookup::search(&names, |name| lookup::addresses(name, &exchange, &mut kept)).unwrap()
    };
    let first = |outcome: Outcome<Addresses>| match outcome {
        Outcome::Found(found) => found.addresses[0].to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(first(look("users", &["a.test", "empty.test", "b.test"])), "10.0.0.2");
    assert_eq!(first(look("users.", &["b.test"])), "10.0.0.3");
    assert_eq!(first(look("users", &["a.test"])), "10.0.0.3");
    assert!(matches!(look("users", &["fails.test", "b.test"]), Outcome::Failed(_)));
    let error = look("nobody", &["a.test", "b.test"]).known(|_| panic!("found")).unwrap_err();
    assert_eq!(error.matches("NXDOMAIN").count(), 6, "{error}");
}
