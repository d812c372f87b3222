//! Servers that fail for a while, and stops while they do.

use std::time::{Duration, Instant};

use peerage::{Chooser, Lifecycle, Request};

use crate::bed::Bed;
use crate::server::Knot;
use crate::support::within;

#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn a_server_that_is_gone_for_a_while_changes_nothing() {
    let mut knot = Knot::new("users 1 A 127.0.0.1\nusers 1 A 127.0.0.2");
    let options =
        format!("servers={},timeout=200ms,backoff=50ms,max-backoff=200ms", knot.address());
    let bed = Bed::new(&format!("dns:users.svc.test:80#{options}"));
    let all = "127.0.0.1:80 127.0.0.2:80";
    bed.has(all);
    knot.kill();
    for _ in 0..3 {
        bed.told("did not answer: users.svc.test: A: Connection refused");
    }
    assert_eq!(bed.peers(), all);
    knot.start_without_zone();
    for _ in 0..3 {
        // Knot has the zone in its configuration, and nothing to answer with.
        bed.told("did not answer: users.svc.test: A: SERVFAIL");
    }
    assert_eq!(bed.peers(), all);
    assert!(bed.list.try_choose(&Request::new()).is_ok(), "requests go on");
    let changed = knot.change("users 1 A 127.0.0.3");
    let time = bed.has("127.0.0.3:80").saturating_duration_since(changed);
    println!("back after failures, pauses of at most 200ms: seen after {time:.3?}");
    assert_eq!(bed.updater.status().error, None);
    knot.change("other 1 A 127.0.0.3");
    bed.told("did not answer: users.svc.test: A: NXDOMAIN");
    knot.change("users 1 TXT none");
    bed.told("has no peers at all: 1 peer kept");
    assert_eq!(bed.peers(), "127.0.0.3:80");
}

/// The server hangs: nothing is answered, and nothing says that nothing will be.
#[test]
#[ignore = "needs Knot: ffi-tests/run.sh dns"]
fn a_stop_does_not_wait_for_a_server() {
    within(|| {
        let mut times = vec![];
        for uri in ["dns:users.svc.test:80", "dns+srv:_rpc._tcp.users.svc.test"] {
            for _ in 0..3 {
                let knot = Knot::new("users 1 A 127.0.0.1\n_rpc._tcp.users 1 SRV 0 1 80 users");
                let bed = Bed::new(&format!("{uri}#servers={},timeout=1h", knot.address()));
                bed.has("127.0.0.1:80");
                knot.hang();
                bed.updater.refresh();
                bed.told("is asked for its peers");
                let begun = Instant::now();
                bed.updater.stop().unwrap();
                times.push(begun.elapsed());
                assert_eq!(bed.peers(), "");
            }
        }
        println!("stops while the server hangs: {times:.1?}");
        times.sort_unstable();
        assert!(times[3] <= Duration::from_millis(50), "{times:?}");
        assert!(times[5] <= Duration::from_millis(500), "{times:?}");
    });
}
