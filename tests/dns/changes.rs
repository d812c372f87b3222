//! How soon a change of the zone is in the list.

use std::time::Duration;

use crate::bed::Bed;
use crate::server::Knot;

/// What may pass between the end of a time to live and the change in the list.
const SOON: Duration = Duration::from_millis(100);
/// The same on a machine that does much else, which one change in two may meet.
const LATE: Duration = Duration::from_secs(2);

/// Changes the records some times. Says how long each change took to be seen, and judges by `ttl`.
fn changes(what: &str, uri: &str, ttl: Duration, records: impl Fn(u32) -> String) {
    let mut knot = Knot::new(&records(1));
    let bed = Bed::new(&format!("{uri}#servers={}", knot.address()));
    bed.has("127.0.0.1:80");
    let mut times: Vec<_> = (2..=6)
        .map(|n| {
            let changed = knot.change(&records(n));
            bed.has(&format!("127.0.0.{n}:80")).saturating_duration_since(changed)
        })
        .collect();
    println!("{what}, TTL {ttl:?}: seen after {times:.3?}");
    times.sort_unstable();
    assert!(times[2] <= ttl + SOON && times[4] <= ttl + LATE, "{times:?}");
}

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn an_address_changes() {
    let records = |n| format!("users 1 A 127.0.0.{n}");
    changes("address", "dns:users.svc.test:80", Duration::from_secs(1), records);
}

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn the_alias_in_the_middle_of_a_chain_holds_least() {
    let records = |n| {
        format!("users 60 CNAME a\na 2 CNAME b{n}\nb{n} 60 A 127.0.0.{n}\nother 60 A 127.0.0.9")
    };
    changes("chain of aliases", "dns:users.svc.test:80", Duration::from_secs(2), records);
}

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn the_address_of_a_target_holds_least() {
    let records = |n| format!("_rpc._tcp.users 60 SRV 0 1 80 a\na 1 A 127.0.0.{n}");
    changes("service", "dns+srv:_rpc._tcp.users.svc.test", Duration::from_secs(1), records);
}

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn a_refresh_does_not_wait_for_the_clock() {
    let mut knot = Knot::new("users 60 A 127.0.0.1");
    let bed = Bed::new(&format!("dns:users.svc.test:80#servers={}", knot.address()));
    bed.has("127.0.0.1:80");
    let changed = knot.change("users 60 A 127.0.0.2");
    bed.updater.refresh();
    let time = bed.has("127.0.0.2:80").saturating_duration_since(changed);
    println!("refresh, TTL 60s: seen after {time:.3?}");
    assert!(time < LATE);
    assert_eq!(bed.updater.status().attempts, 2);
}
