//! `http:`, and what servers answer.

use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use peerage::sources::SourceUri;
use peerage::{Chooser, Lifecycle};

use crate::script::Bed;
use crate::server::{Server, header, page, says, says_and_ends};
use crate::support::until;

/// What a stop, or news that the server sends, may take; and what the machine may.
pub(crate) const SOON: Duration = Duration::from_millis(250);

/// A list that is fed by a server.
pub(crate) fn started(server: &Server, options: &str) -> Bed {
    let bed = Bed::of(&format!("http://{}/users?of=a#{options}", server.address));
    bed.updater.start().unwrap();
    bed
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::saying(page("ETag: \"one\"\r\n", "a:1*3 zone=eu\nb:1\n"));
    let bed = started(&server, "poll=10ms,max-bytes=100");
    bed.has("a:1 b:1");
    server.answers(says("HTTP/1.1 304 Not Modified\r\n\r\n"));
    until("it is asked", || server.requests().len() >= 5);
    bed.asked(6);
    assert_eq!(bed.members(), "a:1 b:1");
    let status = bed.updater.status();
    assert!(status.changes == 1 && status.successes >= 5 && status.failures == 0, "{status:?}");
    assert_eq!(bed.list.introspect().peers[0].attributes.weight, 3);
    server.answers(says(page("", r#"["a:1", {"peer": "c:1"}]"#)));
    bed.has("a:1 c:1");
    let asked = server.requests().len();
    until("it is asked", || server.requests().len() > asked + 1);

    let requests = server.requests();
    assert!(requests[0].starts_with("GET /users?of=a HTTP/1.1\r\n"), "{}", requests[0]);
    assert_eq!(header(&requests[0], "If-None-Match"), None);
    assert_eq!(header(&requests[1], "If-None-Match"), Some("\"one\""));
    assert_eq!(header(requests.last().unwrap(), "If-None-Match"), None, "the last had no tag");
    assert_eq!(header(&requests[1], "Prefer"), None);
    for request in &requests {
        assert!(!request.contains("poll") && !request.contains('#'), "{request}");
    }
    assert!(server.connections() <= 1, "the connection is kept");
}

/// Whatever it is, the list stays as it was, and the next good answer counts.
#[test]
fn what_is_no_answer_is_said_and_the_set_stays() {
    let ok = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}").into_bytes();
    let other = |rest: &str| format!("HTTP/1.1 {rest}").into_bytes();
    let body = |headers: &str, body: &str| page(headers, body).into_bytes();
    let (ended, no_http) =
        ("the connection has ended before the answer", "what it answers is no HTTP: ");
    let tests: Vec<(Vec<u8>, &str)> = vec![
        (vec![], ended),
        (b"\xff\xfe\x00garbage\r\n\r\n".to_vec(), no_http),
        (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), no_http),
        (ok("Content-Le"), ended),
        (ok("Content-Length: 10\r\n\r\nb:1\n"), ended),
        (ok("Content-Length: 18446744073709551616\r\n\r\nb:1\n"), "no HTTP: content-length"),
        (ok("Content-Length: -4\r\n\r\nb:1\n"), "no HTTP: content-length"),
        (ok("Content-Length: 4\r\nContent-Length: 5\r\n\r\nb:1\n"), "no HTTP: conflicting"),
        (ok("Transfer-Encoding: chunked\r\n\r\n4\r\nb:1\n\r\n"), ended),
        (ok("Transfer-Encoding: chunked\r\n\r\nzz\r\nb:1\n"), "no HTTP: chunk length"),
        (ok("\r\nb:1\n"), "does not say how long it is"),
        (ok("\r\n[\"b:1\", "), "is no JSON: EOF"),
        (ok(&"X: y\r\n".repeat(20_000)), "header"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nb\xff1".to_vec(), "is not UTF-8 at byte 1"),
        (body("", &"a".repeat(2_000)), "the answer is longer than max-bytes=1000"),
        (body("Content-Encoding: gzip\r\n", "b:1\n"), "has the encoding \"gzip\"; need none"),
        (body("", "b c\nd e\n"), "none of it is a peer: http://127.0.0.1:"),
        (body("", "{\"peer\": 1}"), "is JSON, but not an array of peers"),
        (other("304 Not Modified\r\n\r\n"), "it answers 304 Not Modified"),
        (other("204 No Content\r\n\r\n"), "it answers 204 No Content"),
        (
            other("503 Busy\r\nContent-Length: 21\r\n\r\n\r\nbusy\x07 now\r\nor later"),
            "it answers 503 Service Unavailable: busy now",
        ),
        (other("404 Not Found\r\nContent-Length: 99\r\n\r\nnot"), "it answers 404 Not Found: not"),
        (other("302 Found\r\nLocation: /users\r\n\r\n"), "it leads from one URL to the next"),
        (other("302 Found\r\nLocation: gopher://b/\r\n\r\n"), "gopher"),
        (other("302 Found\r\n\r\n"), "location"),
    ];
    let good = page("", "a:1\n");
    let server = Server::saying(good.clone());
    let bed = started(&server, "poll=10ms,timeout=2s,backoff=10ms,max-backoff=10ms,max-bytes=1000");
    bed.has("a:1");
    for (bytes, error) in tests {
        server.answers(says_and_ends(bytes));
        until(error, || bed.updater.status().error.is_some_and(|text| text.contains(error)));
        assert_eq!(bed.members(), "a:1");
        server.answers(says(good.clone()));
        until("a good answer", || bed.updater.status().error.is_none());
    }
    assert_eq!(bed.updater.status().changes, 1);
}

#[test]
fn what_never_ends_is_ended() {
    let server = Server::saying(page("", "a:1\n"));
    let bed =
        started(&server, "poll=10ms,timeout=300ms,backoff=10ms,max-backoff=10ms,max-bytes=1000");
    bed.has("a:1");
    let fails = |error: &str| {
        let before = bed.updater.status().failures;
        until(error, || {
            let status = bed.updater.status();
            status.failures > before && status.error.is_some_and(|text| text.contains(error))
        });
        assert_eq!(bed.members(), "a:1");
        server.answers(says(page("", "a:1\n")));
        until("a good answer", || bed.updater.status().error.is_none());
    };
    let trickle = |begin: &'static str, piece: &'static str, pause: u64| {
        server.answers(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            loop {
                stream.write_all(piece.as_bytes())?;
                thread::sleep(Duration::from_millis(pause));
            }
        });
    };
    trickle("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", "b", 20);
    fails("there is no whole answer within 300ms");
    trickle("HTTP/1.1 200 OK\r\nX-", "b", 20);
    fails("there is no whole answer within 300ms");
    trickle("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nb:1\n\r\n", 0);
    fails("the answer is longer than max-bytes=1000");
    trickle("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;", "b", 0);
    fails("");
    trickle("HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nb:1\n\r\n", 0);
    fails("it answers 500 Internal Server Error: b:1");
    trickle(
        "HTTP/1.1 302 Found\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1\r\nb\r\n",
        1,
    );
    fails("");
    server.answers(|_, _| {
        thread::sleep(Duration::from_secs(1));
        Ok(())
    });
    fails("there is no whole answer within 300ms");
}

#[test]
fn a_stop_ends_whatever_waits_for_the_server() {
    type Begin = &'static str;
    let begins: [Begin; 3] =
        ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\na:1\n"];
    for begin in begins {
        let server = Server::new(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            // Until the client goes away.
            std::io::copy(stream, &mut std::io::sink()).map(drop)
        });
        let bed = started(&server, "timeout=1h");
        until("it is asked", || server.requests().len() == 1);
        let begun = Instant::now();
        bed.updater.stop().unwrap();
        let took = begun.elapsed();
        eprintln!("stopped after {took:?}, in {begin:?}");
        assert!(took < SOON, "{took:?}");
        until("the connection is ended", || server.connections() == 0);
        assert!(bed.told().is_empty(), "an end is no failure: {:?}", bed.told());
    }
}

#[test]
fn a_server_that_is_not_there_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let bed = Bed::of(&format!("http://{address}#backoff=10ms,max-backoff=10ms"));
    bed.updater.start().unwrap();
    until("it fails", || bed.updater.status().failures > 1);
    let error = bed.updater.status().error.unwrap();
    assert!(error.contains("refused"), "{error}");
    bed.updater.stop().unwrap();
}

#[test]
fn a_uri_that_is_wrong_says_where() {
    for (text, error) in [
        ("http:", "source \"http\": \"http:\" is not of the form http://HOST[:PORT]/PATH"),
        ("http:a", "source \"http\" at byte 0: \"http:a\" is no URL with a host"),
        ("http://a:0/", "source \"http\" at byte 7: \"a:0\": the port must be a whole number"),
        ("http://me:secret@a/", "source \"http\" at byte 7: a name or password before a host"),
        ("http://a/b c", "source \"http\" at byte 10: ' ' in a URL is written %20"),
        ("http://a#poll=1ms", "source \"http\": poll=1ms must be at least 10ms"),
        ("http://a#timeout=0s", "source \"http\": timeout=0s must be longer"),
        ("http://a#wait=500ms", "source \"http\": wait=500ms must be from 1s to 1h"),
        ("http://a#wait=soon", "source \"http\" at byte 9: wait=\"soon\" must be a whole number"),
    ] {
        let found = text.parse::<SourceUri>().unwrap_err().to_string();
        assert!(found.starts_with(error), "{text}: {found}");
    }
    if cfg!(feature = "tls") {
        for [has, needs] in [["cert-file", "key-file"], ["key-file", "cert-file"]] {
            let found = format!("https://a#{has}=x").parse::<SourceUri>().unwrap_err().to_string();
            assert_eq!(found, format!("source \"https\": {has} needs a {needs}"));
        }
    } else {
        let found = "https://a".parse::<SourceUri>().unwrap_err().to_string();
        let error =
            "source \"https\" is not in this build of the library: it has no feature \"tls\"";
        assert_eq!(found, error);
    }
}
