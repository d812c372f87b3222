//! Peers whose host is a name, and those whose name is no address.

use std::net::TcpListener;

use peerage::transports::{NoAddress, ProbeState, Probing};
use peerage::{List, ListUpdates, Subscriber, Transport, identify};

use crate::bed::{Bed, quick};
use crate::servers::{Answer, Server};
use crate::support::{until, within};

/// A name that resolvers refuse without asking a server: a label is too long.
fn unresolvable() -> String {
    format!("{}.invalid:80", "a".repeat(64))
}

#[test]
fn a_name_is_resolved_and_any_of_its_addresses_will_do() {
    within(|| {
        // Mostly ::1 comes first, where nothing listens.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server::with(listener, Answer::Close);
        let name = format!("localhost:{}", server.address.port());
        let bed = Bed::new(quick("slow-interval=10ms"), &[]);
        bed.list_add(&name);
        until("it is up", || bed.shown(&name).state == ProbeState::Up);
        server.go_down();
        until("it is kept", || bed.shown(&name).state == ProbeState::Kept);
        assert!(bed.shown(&name).last.starts_with("cannot connect: "), "{}", bed.shown(&name));
    });
}

#[test]
fn an_address_of_ipv6_has_brackets() {
    within(|| {
        let Ok(listener) = TcpListener::bind("[::1]:0") else {
            return println!("this machine has no IPv6");
        };
        let server = Server::with(listener, Answer::status(200));
        let bed = Bed::new(quick("check=http"), &[&server]);
        bed.becomes(&server, ProbeState::Up);
        assert!(server.asked()[0].contains(&format!("Host: {}\r\n", server.name())));
    });
}

#[test]
fn a_name_that_has_no_address_is_down_and_asked_for_again() {
    within(|| {
        let name = unresolvable();
        let bed = Bed::new(quick("slow-interval=10ms"), &[]);
        bed.list_add(&name);
        until("it is asked for again", || bed.shown(&name).probes >= 3);
        let shown = bed.shown(&name);
        assert_eq!(shown.state, ProbeState::Down);
        assert!(shown.last.starts_with("cannot resolve the name: "), "{shown}");
    });
}

/// Other names do not wait for it either: each is asked for when its probe is due.
#[test]
fn a_name_without_an_address_is_not_asked_for_all_the_time() {
    within(|| {
        let (name, server) = (unresolvable(), Server::up(Answer::Close));
        let bed = Bed::new(quick("slow-interval=1h"), &[&server]);
        bed.list_add(&name);
        until("it has none", || bed.shown(&name).state == ProbeState::Down);
        bed.probed(&server, 20);
        assert_eq!(bed.shown(&name).probes, 1);
    });
}

#[test]
fn many_names_are_resolved_by_a_few_threads() {
    within(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server::with(listener, Answer::Close);
        let port = server.address.port();
        // Zeros before a port's digits make other names of it.
        let names: Vec<_> = (0..50).map(|n| format!("localhost:{}{port}", "0".repeat(n))).collect();
        let bed = Bed::new(quick("interval=1h,slow-interval=10ms"), &[]);
        for name in &names {
            bed.list_add(name);
        }
        until("all are up", || {
            bed.probing.introspect().iter().filter(|peer| peer.state == ProbeState::Up).count()
                == 50
        });
    });
}

#[test]
fn what_is_no_address_is_refused_and_changes_nothing() {
    struct Deaf;
    impl Subscriber for Deaf {
        fn notify_status_changed(&self, _: &dyn peerage::Identifier) {}
    }
    let probing = Probing::new(quick(""));
    for name in ["users", "10.0.0.1", "::1", "users:http", "http://users:80", ""] {
        let refused = probing.retain_peer(&identify(name), std::sync::Arc::new(Deaf));
        let error = refused.expect_err(name);
        assert!(error.downcast_ref::<NoAddress>().is_some(), "{error}");
        assert!(
            error.to_string().starts_with("it is no HOST:PORT, such as 10.0.0.1:80, "),
            "{error}"
        );
    }
    assert_eq!(probing.introspect(), []);

    let server = Server::up(Answer::Close);
    let bed = Bed::new(quick(""), &[]);
    let both = ListUpdates::adding([server.name(), "users".to_owned()]);
    let text = bed.list.update(both).unwrap_err().to_string();
    assert!(text.contains("can't retain peer \"users\": it is no HOST:PORT"), "{text}");
    bed.becomes(&server, ProbeState::Up);
}
