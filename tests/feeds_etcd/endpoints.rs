//! Several endpoints, and logins.

use std::fs;

use crate::bed::{Bed, Folder};
use crate::gateway::{Gateway, Reply, created, put, whole};

#[test]
fn endpoints_are_tried_in_turn() {
    let bad = Gateway::new(|question| match question.number {
        0 => whole(5, &[("u/a", "a:1")]),
        1 => Reply::Stream(vec![created()]),
        _ => Reply::Status(500, String::new()),
    });
    let good = Gateway::new(|question| match question.is_watch() {
        false => whole(9, &[("u/b", "b:1")]),
        true => Reply::Stream(vec![created(), put("u/c", "c:1", 10)]),
    });
    let (one, two) = (bad.port, good.port);
    let hosts = format!("127.0.0.1:1,127.0.0.1:{one},127.0.0.1:{two}");
    let bed = Bed::new(&format!("etcd:{hosts}/u/#backoff=1ms"));
    bed.has("a:1");
    assert_eq!(bed.updater.status().failures, 0, "one that answers is enough");
    bed.until("the watch", |_, _| bad.asked().len() == 2);
    bad.cut();
    bed.has("b:1 c:1");
    assert_eq!(bed.updater.status().failures, 1, "the watch that has ended");
}

#[test]
fn an_error_names_all_endpoints() {
    let bad = Gateway::new(|_| Reply::Status(500, String::new()));
    let hosts = format!("127.0.0.1:1,127.0.0.1:{}", bad.port);
    let bed = Bed::new(&format!("etcd:{hosts}/u/"));
    let told = bed.hears("did not answer");
    assert!(told.contains("http://127.0.0.1:1: io: Connection refused"), "{told}");
    assert!(told.contains("; http://127.0.0.1:"), "{told}");
    assert!(told.contains("status 500: Internal Server Error"), "{told}");
}

/// Tokens are numbers; each serves for two questions.
#[test]
fn a_token_that_is_refused_is_fetched_again() {
    let folder = Folder::new("token");
    let password = folder.file("password", "secret word\r\n");
    let gateway = Gateway::new(|question| {
        let token = question.token.as_deref().and_then(|token| token.parse::<usize>().ok());
        match (question.path.as_str(), token) {
            ("/v3/auth/authenticate", _) => {
                assert_eq!(question.body["name"], "reader");
                match question.body["password"].as_str() {
                    Some("secret word") => {
                        Reply::Status(200, format!(r#"{{"token":"{}"}}"#, question.number))
                    }
                    _ => Reply::Status(400, r#"{"error":"invalid password"}"#.into()),
                }
            }
            (_, Some(token)) if question.number <= token + 2 => match question.is_watch() {
                true => Reply::Ends(vec![]),
                false => whole(5 + question.number as u64, &[("u/a", "a:1")]),
            },
            _ => Reply::Status(401, r#"{"error":"invalid auth token","code":16}"#.into()),
        }
    });
    let bed = Bed::new(&gateway.uri(&format!(",user=reader,password-file={password}")));
    bed.until("three ranges", |bed, _| bed.updater.status().successes >= 3);
    let told = bed.told();
    assert!(!told.iter().any(|line| line.contains("token")), "none is told of: {told:#?}");
    fs::write(&password, "wrong").unwrap();
    let told = bed.hears("the login failed");
    assert!(told.contains("it refuses, with status 400: invalid password"), "{told}");
    assert!(!bed.told().concat().contains("secret"));
    fs::remove_file(&password).unwrap();
    bed.hears("cannot be read: No such file");
    assert_eq!(bed.names(), "a:1");
}

/// A client may be set up before etcd is.
#[test]
fn a_login_where_there_are_no_users_is_none() {
    let folder = Folder::new("no-users");
    let password = folder.file("password", "x");
    let gateway = Gateway::new(|question| match question.path.as_str() {
        "/v3/auth/authenticate" => {
            Reply::Status(412, r#"{"error":"etcdserver: authentication is not enabled"}"#.into())
        }
        "/v3/watch" => Reply::Stream(vec![created()]),
        _ => whole(5, &[("u/a", "a:1")]),
    });
    let bed = Bed::new(&gateway.uri(&format!(",user=reader,password-file={password}")));
    bed.has("a:1");
    assert_eq!(bed.updater.status().failures, 0);
}
