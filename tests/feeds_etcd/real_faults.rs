//! etcd: it is killed, compacted, and hangs, and the list has what it has in the end.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::bed::Bed;
use crate::client::Client;
use crate::server::Server;

/// What is done again when etcd does not answer: it may have been done, or not.
fn surely(what: impl Fn() -> Result<(), String>) {
    let begun = Instant::now();
    while let Err(error) = what() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{error}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Names and weights, as the values say them.
fn wanted(client: &Client) -> BTreeMap<String, u16> {
    let values = client.users().0.into_values();
    values
        .map(|value| {
            let (name, weight) = value.split_once('*').unwrap();
            (name.to_owned(), weight.parse().unwrap())
        })
        .collect()
}

#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn a_thousand_changes_survive_kills() {
    const CHANGES: usize = 1_000;
    const KILLS: usize = 4;
    let mut server = Server::new("kills");
    let client = server.client();
    client.put("users/0", "u0*1").unwrap();
    let bed = Bed::new(&server.uri("max-backoff=500ms"));
    bed.has("u0");
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..=CHANGES {
                // Each of 40 keys is put with another weight, and now and then deleted.
                let (user, key) = (n * 7 % 40, format!("users/{}", n * 7 % 40));
                surely(|| match n % 5 {
                    0 => client.delete(&key),
                    _ => client.put(&key, &format!("u{user}*{n}")),
                });
                done.store(n, Ordering::Release);
            }
        });
        for kill in 1..=KILLS {
            let at = kill * CHANGES / (KILLS + 1);
            while done.load(Ordering::Acquire) < at {
                thread::sleep(Duration::from_millis(1));
            }
            let failures = bed.updater.status().failures;
            server.kill();
            if kill % 2 == 0 {
                // Not only the watch has ended: there is nothing to ask.
                bed.until("two failures", |bed, _| bed.updater.status().failures > failures + 1);
            }
            server.start();
        }
    });
    let wanted = wanted(&server.client());
    let answered = Instant::now();
    bed.until("all changes", |bed, _| bed.peers() == wanted);
    let status = bed.updater.status();
    println!(
        "{CHANGES} changes over {KILLS} kills: {} peers as etcd has them, {:?} after the last; {} \
         answers, {} failures",
        wanted.len(),
        answered.elapsed(),
        status.successes,
        status.failures,
    );
    assert!(wanted.len() > 20 && status.failures >= KILLS as u64, "{status:?}");
}

/// Between the range and the watch, so that the watch cannot begin where it should.
#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn what_has_been_compacted_is_asked_for_again() {
    let server = Server::new("compaction");
    let client = server.client();
    client.put("users/0", "a*1").unwrap();
    let again = client.clone();
    let compacts = move |change| {
        if change == 1 {
            again.put("users/1", "b*1").unwrap();
            again.put("users/2", "c*2").unwrap();
            again.delete("users/1").unwrap();
            let revision = again.users().1;
            again.ask("kv/compaction", &json!({"revision": revision})).unwrap();
        }
    };
    let bed = Bed::with(&server.uri(""), Box::new(compacts));
    let told = bed.hears("compacted");
    println!("{told}");
    bed.has("a c");
    client.put("users/3", "d*1").unwrap();
    bed.has("a c d");
}

/// A process that is stopped keeps its connections, and answers nothing: as a machine that has gone.
#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn a_server_that_hangs_is_left_for_another() {
    let (hangs, other) = (Server::new("hangs"), Server::new("other"));
    hangs.client().put("users/0", "a*1").unwrap();
    other.client().put("users/0", "b*1").unwrap();
    let hosts = format!("127.0.0.1:{},127.0.0.1:{}", hangs.port, other.port);
    let bed = Bed::new(&format!("etcd:{hosts}/users/#poll=200ms,timeout=300ms"));
    bed.has("a");
    let signal = |name: &str| {
        let process = hangs.process().to_string();
        assert!(Command::new("kill").args([name, &process]).status().unwrap().success());
    };
    signal("-STOP");
    let begun = Instant::now();
    bed.has("b");
    println!(
        "a server that hangs was left after {:?} (poll 200 ms, timeout 300 ms)",
        begun.elapsed()
    );
    signal("-CONT");
}

/// Its connections are fine, and what it says is not the truth any more.
#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn a_member_that_has_lost_its_cluster_ends_the_watch() {
    let mut members = Server::cluster("cluster");
    members[0].client().put("users/0", "a*1").unwrap();
    let bed = Bed::new(&members[0].uri("timeout=500ms"));
    bed.has("a");
    // The watch is there.
    members[1].client().put("users/1", "b*1").unwrap();
    bed.has("a b");
    members[1].kill();
    members[2].kill();
    let begun = Instant::now();
    let told = bed.hears("did not answer");
    println!("{told} (after {:?}, without a look)", begun.elapsed());
    assert!(told.contains("no leader"), "{told}");
    members[1].start();
    members[1].client().put("users/2", "c*1").unwrap();
    bed.has("a b c");
}

#[test]
#[ignore = "needs etcd: ffi-tests/run.sh etcd"]
fn a_stop_is_soon_while_etcd_is_gone() {
    let mut server = Server::new("gone");
    server.client().put("users/0", "a*1").unwrap();
    let bed = Bed::new(&server.uri(""));
    bed.has("a");
    server.kill();
    bed.hears("did not answer");
    assert_eq!(bed.names(), "a", "its peers stay");
    let time = bed.stopped_in();
    println!("stopped in {time:?} while etcd is gone");
    assert!(time < Duration::from_millis(150), "{time:?}");
}
