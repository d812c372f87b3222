//! What a list says about itself on a status page and to its observer.
//!
//! The texts are yarpc-go's. `peer list` is its `TestPeerList`: one list from before its start to
//! after its stop, with an eye on every count on the way.

use std::sync::{Arc, Mutex};

use peerage::{Chooser, Event, Outcome, Request};

use crate::harness::{Bed, for_each_policy};

const A: &str = "1.1.1.1:4040";
const B: &str = "2.2.2.2:4040";
const C: &str = "3.3.3.3:4040";
const STRANGER: &str = "4.4.4.4:4040";

fn assert_status(bed: &Bed, state: &str, peers: &[(&str, &str)]) {
    let status = bed.list.introspect();
    assert_eq!(status.name, bed.policy);
    assert_eq!(status.state_text(), state);
    let texts: Vec<(&str, String)> =
        status.peers.iter().map(|peer| (&*peer.identifier, peer.state_text())).collect();
    let expected: Vec<(&str, String)> =
        peers.iter().map(|(id, text)| (*id, (*text).to_owned())).collect();
    assert_eq!(texts, expected);
}

#[test]
fn introspect_round_robin() {
    let bed = Bed::new("round-robin");
    bed.begin_unavailable(&["foo"]);
    bed.start();
    bed.add(&["foo", "bar", "baz"]);
    let choose = |_| bed.list.try_choose(&Request::new()).expect("a peer");
    let picks: Vec<_> = (0..3).map(choose).collect();
    let chosen: Vec<&str> = picks.iter().map(|pick| pick.identifier()).collect();
    assert_eq!(chosen, ["bar", "baz", "bar"]);
    assert_status(
        &bed,
        "Running (2/3 available)",
        &[
            ("bar", "Available, 2 pending request(s)"),
            ("baz", "Available, 1 pending request(s)"),
            ("foo", "Unavailable, 0 pending request(s)"),
        ],
    );
    assert_eq!(
        bed.list.introspect().to_string(),
        "round-robin: Running (2/3 available)\n  \
         bar: Available, 2 pending request(s)\n  \
         baz: Available, 1 pending request(s)\n  \
         foo: Unavailable, 0 pending request(s)"
    );
}

#[test]
fn introspect() {
    for_each_policy(|bed| {
        assert_status(bed, "Idle (0/0 available)", &[]);
        bed.begin_unavailable(&["0"]);
        bed.add(&["0"]);
        bed.start();
        assert_status(
            bed,
            "Running (0/1 available)",
            &[("0", "Unavailable, 0 pending request(s)")],
        );
        bed.connect("0");
        assert_status(bed, "Running (1/1 available)", &[("0", "Available, 0 pending request(s)")]);
        let pick = bed.list.try_choose(&Request::new()).expect("the peer");
        assert_eq!(pick.identifier(), "0");
        assert_status(bed, "Running (1/1 available)", &[("0", "Available, 1 pending request(s)")]);
        pick.finish(Outcome::Success);
        assert_status(bed, "Running (1/1 available)", &[("0", "Available, 0 pending request(s)")]);
        bed.stop();
        assert_status(bed, "Stopped (0/0 available)", &[]);
    });
}

/// Both halves of an update that is wrong twice.
fn assert_wrong_twice(bed: &Bed, twice: &str, stranger: &str) {
    let error = bed.update(&[twice], &[stranger]).expect_err("wrong twice");
    let removal = format!("can't remove peer ({stranger}) because it is not in peerlist");
    let addition = format!("can't add peer {twice:?} because is already in peerlist");
    assert_eq!(error.to_string(), format!("{removal}; {addition}"));
}

#[test]
fn peer_list() {
    for_each_policy(|bed| {
        bed.begin_unavailable(&[A, B, C]);
        bed.add(&[A, B]);
        assert_wrong_twice(bed, A, C);
        bed.assert_peers(&[], &[], &[A, B]);

        bed.start();
        bed.assert_peers(&[], &[A, B], &[]);
        bed.connect(B);
        bed.assert_peers(&[B], &[A], &[]);
        assert_eq!(bed.list.introspect().peers.len(), 2);
        assert_eq!(bed.choose(), B);

        bed.connect(A);
        bed.assert_peers(&[A, B], &[], &[]);
        bed.assert_chosen(&[A, B]);

        bed.disconnect(B);
        bed.assert_peers(&[A], &[B], &[]);
        bed.assert_choices(&[A]);

        bed.update(&[C], &[B]).expect("updated");
        bed.assert_peers(&[A], &[C], &[]);
        assert_wrong_twice(bed, C, STRANGER);
        bed.assert_peers(&[A], &[C], &[]);

        bed.stop();
        bed.assert_peers(&[], &[], &[A, C]);
        assert_wrong_twice(bed, C, STRANGER);
        bed.remove(&[C]);
        bed.assert_peers(&[], &[], &[A]);
        bed.assert_calls(&[A, B, C], &[A, B, C]);
    });
}

/// List, additions, removals, whether any of it failed.
type Entry = (String, usize, usize, bool);

/// What yarpc-go logs as `peer list update` with the fields `additions` and `removals`.
#[test]
fn updates_are_reported() {
    for_each_policy(|bed| {
        let log: Arc<Mutex<Vec<Entry>>> = Arc::default();
        let entries = Arc::clone(&log);
        let observer = move |list: &str, event: &Event<'_>| {
            if let Event::Updated { additions, removals, error } = event {
                let entry = (list.to_owned(), *additions, *removals, error.is_some());
                entries.lock().expect("no panic").push(entry);
            }
        };
        let bed = Bed::with(bed.policy, |options| options.with_observer(Arc::new(observer)));
        bed.add(&[A, B]);
        assert_wrong_twice(&bed, A, C);
        bed.start();
        bed.update(&[C], &[A, B]).expect("updated");
        let name = bed.policy.to_owned();
        let expected =
            [(name.clone(), 2, 0, false), (name.clone(), 1, 1, true), (name, 1, 2, false)];
        assert_eq!(*log.lock().expect("no panic"), expected);
    });
}
