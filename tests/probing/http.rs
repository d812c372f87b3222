//! Probes by HTTP: what is asked, what is good, and what is no answer.

use peerage::transports::ProbeState;

use crate::bed::{Bed, quick};
use crate::servers::{Answer, Server};
use crate::support::{until, within};

#[test]
fn a_probe_asks_once_and_as_it_is_told() {
    within(|| {
        let server = Server::up(Answer::status(204));
        let host = server.name();
        for (options, line, host) in [
            ("check=http", "GET / HTTP/1.1", host.as_str()),
            ("check=http,path=/up?deep=1,host=users", "GET /up?deep=1 HTTP/1.1", "users"),
        ] {
            let before = server.count();
            let bed = Bed::new(quick(&format!("{options},interval=1h")), &[&server]);
            bed.becomes(&server, ProbeState::Up);
            assert_eq!(bed.shown(&server.name()).last, "status 204");
            let asked = server.asked();
            assert_eq!(asked.len(), before + 1);
            let lines: Vec<_> = asked[before].split("\r\n").collect();
            assert_eq!(lines[..2], [line.to_owned(), format!("Host: {host}")]);
            assert!(lines.contains(&"Connection: close"), "{lines:?}");
        }
    });
}

#[test]
fn another_port_may_be_probed() {
    within(|| {
        let (server, checks) = (Server::down(), Server::up(Answer::status(200)));
        // The peer has the host of the second and the port of the first.
        let name = format!("{}:{}", checks.address.ip(), server.address.port());
        let port = checks.address.port();
        let bed = Bed::new(quick(&format!("check=http,port={port}")), &[]);
        bed.list_add(&name);
        until("it is up", || bed.shown(&name).state == ProbeState::Up);
        assert!(checks.asked()[0].contains(&format!("Host: {}\r\n", checks.name())));
    });
}

#[test]
fn statuses_are_good_or_bad_as_it_is_told() {
    within(|| {
        for (expect, status, is_up) in [
            ("200-299", 200, true),
            ("200-299", 299, true),
            ("200-299", 301, false),
            ("200-299", 503, false),
            ("404 500-599", 503, true),
            ("404 500-599", 404, true),
            ("404 500-599", 200, false),
        ] {
            let server = Server::up(Answer::status(status));
            let bed = Bed::new(quick(&format!("check=http,expect={expect}")), &[&server]);
            bed.becomes(&server, if is_up { ProbeState::Up } else { ProbeState::Down });
            let bad = format!("status {status}, not {expect}");
            let last = if is_up { format!("status {status}") } else { bad };
            assert_eq!(bed.shown(&server.name()).last, last);
        }
    });
}

#[test]
fn what_is_no_answer_is_said_so() {
    within(|| {
        let endless = format!("HTTP/1.1 200 {}", "x".repeat(10_000));
        for (answer, timeout, last) in [
            (Answer::Close, "5s", "it closed the connection"),
            (Answer::Text(String::new()), "5s", "it closed the connection without an answer"),
            (Answer::Text("HTTP/1.1 2".into()), "5s", "it closed the connection without an answer"),
            (Answer::Text("SSH-2.0-sshd\r\n".into()), "5s", "what it answers is not HTTP/1"),
            (Answer::Text("HTTP/1.1 abc\r\n\r\n".into()), "5s", "what it answers is not HTTP/1"),
            (Answer::Text(endless), "5s", "its first line is longer than 1024 bytes"),
            (Answer::Silence, "50ms", "no answer within 50ms"),
            (
                Answer::Trickle("HTTP/1.1 200 OK\r\n\r\n".into()),
                "60ms",
                "no whole answer within 60ms",
            ),
        ] {
            let server = Server::up(answer.clone());
            let bed = Bed::new(quick(&format!("check=http,timeout={timeout}")), &[&server]);
            bed.becomes(&server, ProbeState::Down);
            let found = bed.shown(&server.name()).last;
            // Closed before the request was read, a connection may be reset.
            let is_reset = matches!(answer, Answer::Close) && found.starts_with("cannot ");
            assert!(found.starts_with(last) || is_reset, "{answer:?}: {found}");
        }
    });
}

#[test]
fn an_answer_in_pieces_is_one_if_it_is_in_time() {
    within(|| {
        let server = Server::up(Answer::Trickle("HTTP/1.1 200 OK\r\n\r\n".into()));
        let bed = Bed::new(quick("check=http,interval=1h"), &[&server]);
        bed.becomes(&server, ProbeState::Up);
    });
}
