//! Requests that fail: a probe follows at once, and not more than one.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use peerage::transports::ProbeState;
use peerage::{Chooser, Outcome, Request};

use crate::bed::{Bed, quick};
use crate::servers::{Answer, Server};
use crate::support::{until, within};

#[test]
fn a_doubt_finds_a_dead_server_long_before_its_turn() {
    within(|| {
        let (server, other) = (Server::up(Answer::Close), Server::up(Answer::Close));
        let bed = Bed::new(quick("interval=1h"), &[&server, &other]);
        until("both are up", || bed.list.available() == 2);
        server.go_down();
        bed.probing.doubt(&server.name());
        until("it is taken out", || bed.list.available() == 1);
        assert_eq!(bed.state(&server), ProbeState::Down);
        // Of a server that is up it makes no more than a probe.
        let before = bed.shown(&other.name()).probes;
        bed.probing.doubt(&other.name());
        until("it was probed", || bed.shown(&other.name()).probes == before + 1);
        assert_eq!(bed.state(&other), ProbeState::Up);
        bed.probing.doubt("127.0.0.1:1"); // none of its peers
    });
}

#[test]
fn a_storm_of_doubts_is_a_probe_each_fast_interval() {
    within(|| {
        let server = Server::up(Answer::Close);
        let bed = Bed::new(quick("interval=1h,fast-interval=20ms"), &[&server]);
        bed.becomes(&server, ProbeState::Up);
        let begun = Instant::now();
        let probing = Arc::clone(&bed.probing);
        let name = server.name();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while begun.elapsed() < Duration::from_millis(200) {
                        probing.doubt(&name);
                    }
                });
            }
        });
        until("the last has ended", || bed.shown(&name).next.is_some());
        let (probes, most) = (bed.shown(&name).probes - 1, begun.elapsed().as_millis() / 20 + 1);
        assert!(probes >= 2 && u128::from(probes) <= most, "{probes} of {most}");
    });
}

#[test]
fn a_doubt_while_a_probe_is_under_way_begins_no_other() {
    within(|| {
        let server = Server::up(Answer::status(200));
        let bed = Bed::new(quick("check=http,interval=1h,timeout=10s"), &[&server]);
        bed.becomes(&server, ProbeState::Up);
        server.answer(Answer::Silence);
        bed.probing.doubt(&server.name());
        until("it is asked", || server.count() == 2);
        for _ in 0..100 {
            bed.probing.doubt(&server.name());
        }
        assert_eq!((server.count(), bed.shown(&server.name()).next), (2, None));
    });
}

#[test]
fn requests_that_fail_are_doubts_if_it_is_told_so() {
    within(|| {
        for (options, probes) in [("doubt-failures=on", 2), ("doubt-failures=off", 1)] {
            let server = Server::up(Answer::Close);
            let bed = Bed::new(quick(&format!("interval=1h,{options}")), &[&server]);
            bed.becomes(&server, ProbeState::Up);
            until("it can be chosen", || bed.list.available() == 1);
            let finish = |outcome| bed.list.try_choose(&Request::new()).unwrap().finish(outcome);
            finish(Outcome::Success);
            finish(Outcome::Failure);
            let shown = || bed.shown(&server.name());
            until("what follows has ended", || shown().probes == probes);
            until("it waits for its turn", || shown().next.is_some());
            assert_eq!(shown().probes, probes);
        }
    });
}
