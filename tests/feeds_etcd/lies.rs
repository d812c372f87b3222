//! Gateways that lie, or are none: each is an error, and the peers stay.

use std::sync::Mutex;

use crate::bed::Bed;
use crate::gateway::{Gateway, Reply, created, put, whole};

fn status(text: &str) -> Reply {
    Reply::Status(200, text.into())
}

/// A list has two peers, the watch ends, and the next range is answered so.
#[track_caller]
fn is_an_error(lie: Reply, error: &str) {
    let lie = Mutex::new(Some(lie));
    let gateway = Gateway::new(move |question| match question.number {
        0 => whole(5, &[("u/a", "a:1"), ("u/b", "b:1")]),
        1 => Reply::Ends(vec![created()]),
        2 => lie.lock().unwrap().take().unwrap(),
        _ => Reply::Status(500, String::new()),
    });
    let bed = Bed::new(&gateway.uri(",max-bytes=65536,timeout=500ms"));
    let told = bed.hears(error);
    assert!(told.contains(&format!("http://127.0.0.1:{}: ", gateway.port)), "{told}");
    assert!(told.contains("2 peers kept"), "{told}");
    assert_eq!(bed.names(), "a:1 b:1");
}

#[test]
fn of_a_range() {
    is_an_error(status(""), "the answer is no JSON: EOF");
    is_an_error(status("<html>"), "the answer is no JSON: expected value");
    is_an_error(status("[1]"), "the answer is JSON, but no object");
    is_an_error(status(&"[".repeat(60_000)), "recursion limit");
    is_an_error(status("{}"), "the answer has no \"header\"");
    is_an_error(status(r#"{"header":{"revision":"x"}}"#), "\"revision\" is no whole number");
    is_an_error(status(r#"{"header":{"revision":"9"},"count":"3"}"#), "the answer has 0 of 3 keys");
    is_an_error(
        status(r#"{"header":{"revision":"9"},"more":true}"#),
        "the answer has not all the keys",
    );
    is_an_error(
        whole(9, &[("u/c", "c:1"), ("v/a", "a:2")]),
        "the key \"v/a\", which was not asked",
    );
    is_an_error(Reply::Status(302, String::new()), "it refuses, with status 302: Found");
    is_an_error(
        Reply::Status(401, r#"{"error":"no","code":16}"#.into()),
        "status 401: no; it needs a user and a password-file",
    );
    is_an_error(Reply::Endless, "the answer is longer than max-bytes=65536");
    is_an_error(Reply::Silence, "timeout");
    is_an_error(Reply::Raw(vec![]), "Peer disconnected");
    is_an_error(Reply::Raw(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), "did not answer");
    let lie = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{}".to_vec();
    is_an_error(Reply::Raw(lie), "Peer disconnected");
    let lie = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}".to_vec();
    is_an_error(Reply::Raw(lie), "did not answer");
    let lie = format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(100_000)).into_bytes();
    is_an_error(Reply::Raw(lie), "did not answer");
}

#[test]
fn of_a_watch() {
    for (lie, error) in [
        (Reply::Stream(vec!["no JSON".into()]), "the answer is no JSON"),
        (Reply::Stream(vec!["{}".into()]), "a message has neither \"result\" nor \"error\""),
        (Reply::Stream(vec![r#"{"result":{"events":7}}"#.into()]), "\"events\" is no list"),
        (Reply::Stream(vec![put("v/a", "a:2", 7)]), "the key \"v/a\", which was not asked for"),
        (Reply::Endless, "a line is longer than max-bytes=65536"),
        (Reply::Raw(b"HTTP/1.1 200 OK\r\n\r\n{\"result\"".to_vec()), "the watch has ended"),
    ] {
        let lie = Mutex::new(Some(lie));
        let gateway = Gateway::new(move |question| match question.number {
            0 => whole(5, &[("u/a", "a:1"), ("u/b", "b:1")]),
            1 => lie.lock().unwrap().take().unwrap(),
            _ => Reply::Status(500, String::new()),
        });
        let bed = Bed::new(&gateway.uri(",max-bytes=65536"));
        assert!(bed.hears(error).contains("2 peers kept"));
        assert_eq!(bed.names(), "a:1 b:1");
    }
}
