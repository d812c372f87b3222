//! What the list has after what a watch says, and after it has said nothing.

use std::time::Duration;

use crate::bed::Bed;
use crate::gateway::{Gateway, Reply, created, deleted, nothing_new, put, whole};

/// Two peers, and then what a watch says.
fn watching(says: impl Fn() -> Reply + Send + Sync + 'static) -> Gateway {
    Gateway::new(move |question| match question.is_watch() {
        true => says(),
        false => whole(5, &[("u/a", "a:1"), ("u/b", "b:1")]),
    })
}

#[test]
fn a_watch_begins_one_revision_after_the_range() {
    let gateway = watching(|| Reply::Stream(vec![created(), put("u/c", "c:1*3", 6)]));
    let bed = Bed::new(&gateway.uri(""));
    bed.has("a:1 b:1 c:1");
    assert_eq!(bed.peers()["c:1"], 3);
    let asked = gateway.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].body.to_string(), r#"{"key":"dS8=","range_end":"dTA="}"#);
    let create = &asked[1].body["create_request"];
    assert_eq!((&create["key"], &create["range_end"]), (&"dS8=".into(), &"dTA=".into()));
    assert_eq!(create["start_revision"], "6");
}

#[test]
fn messages_that_are_there_are_one_answer_and_in_order() {
    let mut lines = vec![created()];
    lines.extend((6..106).map(|n| put("u/c", &format!("c:{n}"), n)));
    lines.extend([deleted("u/a", 106), put("u/a", "a:2", 107), deleted("u/b", 108)]);
    let gateway = watching(move || Reply::Stream(lines.clone()));
    let bed = Bed::new(&gateway.uri(""));
    bed.has("a:2 c:105");
    bed.hears("has 2 peers now: 2 additions, 2 removals");
    assert_eq!(bed.changes().len(), 2, "{:#?}", bed.told());
}

#[test]
fn a_value_that_is_no_peer_names_its_key_once_and_the_rest_applies() {
    let lines = vec![put("u/c", "c:1 teir=1", 6), put("u/d", "d:1", 7)];
    let gateway = watching(move || Reply::Stream(lines.clone()));
    let bed = Bed::new(&gateway.uri(""));
    bed.has("a:1 b:1 d:1");
    let fault = bed.hears("the key \"u/c\": there is no key \"teir\"");
    assert_eq!(bed.told().iter().filter(|line| **line == fault).count(), 1);
}

#[test]
fn times_may_be_forever() {
    let gateway = watching(|| Reply::Stream(vec![created(), put("u/c", "c:1", 6)]));
    let bed = Bed::new(&gateway.uri(",timeout=forever,poll=forever"));
    bed.has("a:1 b:1 c:1");
}

/// The range finds out what the watch has not said.
#[test]
fn a_silent_watch_is_asked_about() {
    let gateway = Gateway::new(|question| match question.number {
        0 => whole(5, &[("u/a", "a:1")]),
        1 => Reply::Stream(vec![created()]),
        2 | 3 => nothing_new(1),
        4 => nothing_new(2),
        5 => whole(9, &[("u/a", "a:1"), ("u/b", "b:1")]),
        _ if question.is_watch() => Reply::Stream(vec![created()]),
        _ => nothing_new(2),
    });
    let bed = Bed::new(&gateway.uri(",poll=50ms"));
    bed.has("a:1 b:1");
    let asked = gateway.asked();
    assert!(asked[2].is_check() && asked[3].is_check() && asked[4].is_check());
    assert_eq!(asked[2].body["min_mod_revision"], "6");
    assert!(!asked[5].is_check());
    let told = bed.told();
    assert!(!told.iter().any(|line| line.contains("did not answer")), "{told:#?}");
    let status = bed.updater.status();
    assert!(status.age.is_some_and(|age| age < Duration::from_secs(5)), "an answer like others");
}

/// To have nothing that can be read is not to be empty, however long it lasts.
#[test]
fn keys_that_are_no_peers_empty_no_list() {
    let lines = vec![created(), put("u/a", "a:1 teir=1", 6), put("u/b", "b:1 teir=1", 7)];
    let gateway = Gateway::new(move |question| match question.number {
        0 => whole(5, &[("u/a", "a:1"), ("u/b", "b:1")]),
        1 => Reply::Stream(lines.clone()),
        _ => nothing_new(2),
    });
    let bed = Bed::new(&gateway.uri(",poll=20ms,allow-empty"));
    bed.hears("none of it is a peer: the key \"u/a\"");
    bed.hears("none of it is a peer: none of its 2 keys is one");
    assert_eq!(bed.names(), "a:1 b:1");
}

#[test]
fn a_server_that_has_gone_without_a_word_is_noticed() {
    let gateway = Gateway::new(|question| match question.number {
        0 => whole(5, &[("u/a", "a:1")]),
        1 => Reply::Stream(vec![created()]),
        2 => Reply::Silence,
        _ if question.is_watch() => Reply::Stream(vec![created()]),
        _ => whole(9, &[("u/b", "b:1")]),
    });
    let bed = Bed::new(&gateway.uri(",poll=50ms,timeout=100ms"));
    bed.hears("timeout");
    bed.has("b:1");
}

#[test]
fn whatever_ends_a_watch_a_range_follows() {
    for (end, reason) in [
        (Reply::Ends(vec![created()]), "the watch has ended"),
        (
            Reply::Stream(vec![r#"{"result":{"canceled":true,"compact_revision":"8"}}"#.into()]),
            "the watch has ended: what it should begin with is compacted, up to 8",
        ),
        (
            Reply::Stream(vec![r#"{"error":{"grpc_code":14,"message":"no leader"}}"#.into()]),
            "the watch has ended: no leader",
        ),
        (Reply::Status(503, String::new()), "it refuses, with status 503: Service Unavailable"),
        (Reply::Raw(vec![]), "Peer disconnected"),
    ] {
        let end = std::sync::Mutex::new(Some(end));
        let gateway = Gateway::new(move |question| match (question.number, question.is_watch()) {
            (0, _) => whole(5, &[("u/a", "a:1")]),
            (1, _) => end.lock().unwrap().take().unwrap(),
            (_, false) => whole(9, &[("u/b", "b:1")]),
            (_, true) => Reply::Stream(vec![created(), put("u/c", "c:1", 10)]),
        });
        let bed = Bed::new(&gateway.uri(""));
        bed.hears(reason);
        bed.has("b:1 c:1");
        assert_eq!(gateway.asked()[3].body["create_request"]["start_revision"], "10");
    }
}

/// Ranges that succeed do not make up for watches that fail.
#[test]
fn watches_that_end_at_once_are_not_begun_all_the_time() {
    let gateway = watching(|| Reply::Ends(vec![]));
    let uri = gateway.uri("").replace("max-backoff=20ms", "max-backoff=30s");
    let bed = Bed::new(&uri.replace("backoff=1ms", "backoff=50ms"));
    bed.until("five watches", |bed, _| bed.updater.status().failures >= 5);
    let (first, last) = (bed.changes()[0], std::time::Instant::now());
    // At least half of 50, 100, 200 and 400 ms.
    assert!(last - first >= Duration::from_millis(375), "{:?}", last - first);
    assert_eq!(bed.names(), "a:1 b:1");
}
