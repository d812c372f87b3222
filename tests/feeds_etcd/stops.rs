//! Stops, whatever the source waits for.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::bed::Bed;
use crate::gateway::{Gateway, Reply, created, whole};
use crate::support::within;

/// What a stop may take. It is 50 ms; the rest is the machine's.
const SOON: Duration = Duration::from_millis(150);

#[track_caller]
fn stops(what: &str, bed: &Bed) {
    let time = bed.stopped_in();
    println!("stopped in {time:?} {what}");
    assert!(time < SOON, "{what}: {time:?}");
    assert_eq!(bed.names(), "");
}

#[test]
fn in_a_watch() {
    within(|| {
        let gateway = Gateway::new(|question| match question.is_watch() {
            true => Reply::Stream(vec![created()]),
            false => whole(5, &[("u/a", "a:1")]),
        });
        let bed = Bed::new(&gateway.uri(""));
        bed.has("a:1");
        bed.until("the watch", |_, _| gateway.asked().len() == 2);
        stops("in a watch", &bed);
    });
}

#[test]
fn while_the_server_does_not_answer() {
    within(|| {
        let gateway = Gateway::new(|_| Reply::Silence);
        let bed = Bed::new(&gateway.uri(",timeout=60s"));
        bed.until("a question", |_, _| gateway.asked().len() == 1);
        stops("while the server does not answer", &bed);
        let gateway = Gateway::new(|question| match question.is_watch() {
            true => Reply::Silence,
            false => whole(5, &[("u/a", "a:1")]),
        });
        let bed = Bed::new(&gateway.uri(",timeout=60s"));
        bed.until("a watch", |_, _| gateway.asked().len() == 2);
        stops("while a watch does not begin", &bed);
    });
}

#[test]
fn in_a_pause() {
    within(|| {
        let gateway = Gateway::new(|_| Reply::Status(500, String::new()));
        let uri = gateway.uri("").replace("=1ms", "=60s").replace("=20ms", "=60s");
        let bed = Bed::new(&uri);
        bed.hears("did not answer");
        stops("in a pause", &bed);
    });
}

/// The call that connects cannot be ended: it is left to itself.
#[test]
fn while_nothing_accepts() {
    within(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let Some(_full) = filled(address) else {
            println!("this system takes any number of connections");
            return;
        };
        let bed = Bed::new(&format!("etcd:{address}/u/#timeout=3s"));
        if cfg!(target_os = "linux") {
            bed.until("a connection that waits", |_, _| connects(address.port()));
        }
        stops("while nothing accepts", &bed);
    });
}

/// Connects until one more is not answered.
fn filled(address: SocketAddr) -> Option<Vec<TcpStream>> {
    let mut all = vec![];
    for _ in 0..6_000 {
        match TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
            Ok(stream) => all.push(stream),
            Err(_) => return Some(all),
        }
    }
    None
}

/// Whether a connection to this port is being made, as Linux lists them: local and remote address, and
/// the state 02.
fn connects(port: u16) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let remote = format!(":{port:04X}");
    let mut lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.any(|line| line.get(2).is_some_and(|at| at.ends_with(&remote)) && line[3] == "02")
}
