//! Servers that hold a question until there is news, and servers that do not.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use peerage::Lifecycle;

use crate::http::{SOON, started};
use crate::server::{Server, header, page};
use crate::support::until;

/// What a server has, and lets its clients wait for.
#[derive(Default)]
struct Held {
    version: Mutex<u64>,
    changed: Condvar,
}

impl Held {
    fn set(&self, version: u64) {
        *self.version.lock().unwrap() = version;
        self.changed.notify_all();
    }

    /// A server that holds a question about what it has for as long as the question allows.
    fn server(self: &Arc<Self>) -> Server {
        let held = Arc::clone(self);
        Server::new(move |head, stream| {
            let tag = |version: u64| format!("\"{version}\"");
            let wait =
                header(head, "Prefer").and_then(|text| text.strip_prefix("wait=")?.parse().ok());
            let wait = Duration::from_secs(wait.unwrap_or(0));
            let version = held.version.lock().unwrap();
            let same = |version: &mut u64| header(head, "If-None-Match") == Some(&tag(*version));
            let (mut version, _) = held.changed.wait_timeout_while(version, wait, same).unwrap();
            let answer = if same(&mut version) {
                format!("HTTP/1.1 304 Not Modified\r\nETag: {}\r\n\r\n", tag(*version))
            } else {
                page(&format!("ETag: {}\r\n", tag(*version)), &format!("a:1\nb:{version}\n"))
            };
            drop(version);
            stream.write_all(answer.as_bytes())
        })
    }
}

#[test]
fn a_server_that_holds_the_question_tells_at_once() {
    let held = Arc::new(Held::default());
    let server = held.server();
    let bed = started(&server, "wait=20s,poll=1h");
    bed.has("a:1 b:0");
    for version in 1..=5 {
        until("it waits", || server.requests().len() as u64 == version + 1);
        let begun = Instant::now();
        held.set(version);
        bed.has(&format!("a:1 b:{version}"));
        let took = begun.elapsed();
        eprintln!("a change is in the list after {took:?}");
        assert!(took < SOON, "{took:?}");
    }
    until("it waits", || server.requests().len() == 7);
    assert_eq!(header(&server.requests()[6], "If-None-Match"), Some("\"5\""));
    assert_eq!(header(&server.requests()[6], "Prefer"), Some("wait=20"));
    assert_eq!(header(&server.requests()[0], "Prefer"), None);
    let begun = Instant::now();
    bed.updater.stop().unwrap();
    let took = begun.elapsed();
    eprintln!("stopped after {took:?}");
    assert!(took < SOON, "{took:?}");
    held.set(9);
    until("the connection is ended", || server.connections() == 0);
}

#[test]
fn a_question_that_was_held_in_vain_is_asked_again_at_once() {
    let held = Arc::new(Held::default());
    let server = held.server();
    // A pause of `poll` after each would be 2 s more.
    let bed = started(&server, "wait=1s,poll=900ms,timeout=5s");
    bed.has("a:1 b:0");
    let begun = Instant::now();
    until("it is asked", || server.requests().len() == 5);
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(2_900), "held three times: {took:?}");
    assert!(took < Duration::from_millis(4_500), "{took:?}");
    let status = bed.updater.status();
    assert_eq!((status.changes, status.failures), (1, 0));
}

#[test]
fn a_server_that_does_not_hold_the_question_is_polled() {
    let server = Server::new(|head, stream| {
        let known = header(head, "If-None-Match").is_some();
        let same = "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned();
        let answer = if known { same } else { page("ETag: \"a\"\r\n", "a:1\n") };
        stream.write_all(answer.as_bytes())
    });
    let bed = started(&server, "wait=20s,poll=1h");
    until("it has answered twice", || bed.updater.status().successes == 2);
    bed.updater.refresh();
    until("it has answered again", || bed.updater.status().successes == 3);
    assert_eq!(server.requests().len(), 3);
    // A tag that is another one each time.
    let answers = Arc::new(Mutex::new(0));
    server.answers(move |_, stream| {
        let mut answers = answers.lock().unwrap();
        *answers += 1;
        stream.write_all(page(&format!("ETag: \"{answers}\"\r\n"), "a:1\n").as_bytes())
    });
    bed.updater.refresh();
    let begun = Instant::now();
    until("it is asked", || server.requests().len() == 9);
    assert!(begun.elapsed() >= Duration::from_millis(500), "{:?}", begun.elapsed());
}
