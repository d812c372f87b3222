//! etcd: what is changed there is in the list, and soon.

use std::thread;
use std::time::{Duration, Instant};

use peerage::Chooser;
use serde_json::json;

use crate::bed::Bed;
use crate::client::base64;
use crate::server::Server;

/// From etcd's answer to a put or a delete until the list has it.
#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn a_change_is_in_the_list_within_100_ms() {
    const CHANGES: usize = 200;
    let server = Server::new("soon");
    let client = server.client();
    client.put("users/0", "a:1").unwrap();
    let bed = Bed::new(&server.uri(""));
    bed.has("a:1");
    let mut times = vec![];
    for n in 1..=CHANGES {
        match n % 4 {
            3 => client.delete("users/1").unwrap(),
            _ => client.put("users/1", &format!("b:{n}*{n}")).unwrap(),
        }
        let answered = Instant::now();
        bed.until("the change", |bed, _| bed.changes().len() > n);
        // Before etcd has answered, it may be there.
        times.push(bed.changes()[n].saturating_duration_since(answered));
    }
    times.sort();
    let (p50, p95, most) = (times[CHANGES / 2], times[CHANGES * 95 / 100], times[CHANGES - 1]);
    println!("in the list {p50:?} after etcd's answer (median), {p95:?} (p95), {most:?} (longest)");
    assert!(p95 < Duration::from_millis(100), "{p95:?}");
    println!("stopped in {:?} in a watch", bed.stopped_in());
}

#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn values_have_weights_tiers_and_zones() {
    let server = Server::new("weights");
    let client = server.client();
    client.put("users/1", "a:1*3 tier=1 zone=eu\n").unwrap();
    client.put("users/2", r#"{"peer": "b:1", "weight": 2, "node": "n7"}"#).unwrap();
    client.put("users/c:1", "").unwrap();
    client.put("users2/1", "d:1").unwrap();
    client.put("users", "e:1").unwrap();
    let bed = Bed::new(&server.uri(""));
    bed.has("a:1 b:1 c:1");
    assert_eq!(bed.peers().into_values().collect::<Vec<_>>(), [3, 2, 1]);
    let near = &bed.list.introspect().peers[0].attributes;
    assert_eq!((near.tier, near.zone.as_deref()), (1, Some("eu")));
    client.put("users/1", "a:1*7").unwrap();
    bed.until("the weight", |bed, _| bed.peers()["a:1"] == 7);
    // One revision with several changes is one answer.
    let key = |key| json!({"key": base64(key), "value": base64("")});
    let puts = ["users/x", "users/y", "users/z"].map(|user| json!({"request_put": key(user)}));
    client.ask("kv/txn", &json!({"success": puts})).unwrap();
    bed.has("a:1 b:1 c:1 x y z");
    bed.hears("3 additions");
    // A service whose every server has gone is rarer than a mistake.
    client
        .ask("kv/deleterange", &json!({"key": base64("users/"), "range_end": base64("users0")}))
        .unwrap();
    bed.hears("6 peers kept");
    assert_eq!(bed.names(), "a:1 b:1 c:1 x y z");
    client.put("users/1", "f:1").unwrap();
    bed.has("f:1");
}

/// The list does not fall behind: what has come while it was told is one answer.
#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn many_changes_of_many_peers_are_few_answers() {
    const PEERS: usize = 2_000;
    const CHANGES: usize = 2_000;
    let server = Server::new("many");
    let client = server.client();
    let put = |user: usize, value: String| json!({"key": base64(&format!("users/{user}")), "value": base64(&value)});
    for begin in (0..PEERS).step_by(100) {
        let puts =
            (begin..begin + 100).map(|user| json!({"request_put": put(user, format!("u{user}"))}));
        client.ask("kv/txn", &json!({"success": puts.collect::<Vec<_>>()})).unwrap();
    }
    let bed = Bed::new(&server.uri(""));
    bed.until("all", |bed, _| bed.list.stats().peers == PEERS);
    let begun = Instant::now();
    thread::scope(|scope| {
        for part in 0..4 {
            let (client, put) = (&client, &put);
            scope.spawn(move || {
                for n in (part..CHANGES).step_by(4) {
                    let user = n % PEERS;
                    client.ask("kv/put", &put(user, format!("u{user}*{}", n + 2))).unwrap();
                }
            });
        }
    });
    let (answered, last) = (begun.elapsed(), Instant::now());
    let of = |user: usize| (user + 2) as u16;
    bed.until("all changes", |bed, _| {
        let peers = bed.peers();
        (0..PEERS).all(|user| peers[&format!("u{user}")] == of(user))
    });
    println!(
        "{CHANGES} changes of {PEERS} peers in {answered:?}: in the list {:?} after the last, by {} changes",
        last.elapsed(),
        bed.changes().len() - 1,
    );
}
