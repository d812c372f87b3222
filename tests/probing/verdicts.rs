//! Up and down: the first probe, streaks, and the last peer that is left.

use std::sync::{Arc, Mutex};

use peerage::ConnectionStatus::{Available, Connecting, Unavailable};
use peerage::transports::{ProbeState, Probing};
use peerage::{Chooser, Lifecycle};

use crate::bed::{Bed, Watch, quick};
use crate::servers::{Answer, Server};
use crate::support::{awaited, counts, until, within};

#[test]
fn a_server_that_goes_down_is_taken_out_and_comes_back() {
    within(|| {
        let (stays, goes, never) =
            (Server::up(Answer::Close), Server::up(Answer::Close), Server::down());
        let bed = Bed::new(quick(""), &[&stays, &goes, &never]);
        until("two are up", || counts(&bed.list) == (2, 1, 0));
        bed.becomes(&never, ProbeState::Down);
        assert!(bed.shown(&never.name()).last.starts_with("cannot connect: "));
        for _ in 0..3 {
            goes.go_down();
            until("it is taken out", || bed.list.available() == 1);
            assert_eq!(awaited(&*bed.list), stays.name());
            goes.come_back();
            until("it is back", || bed.list.available() == 2);
        }
        assert_eq!(bed.shown(&goes.name()).last, "connected");
        bed.list.stop().unwrap();
        assert_eq!(bed.probing.introspect(), []);
    });
}

#[test]
fn a_list_shows_what_probes_have_found() {
    within(|| {
        let (server, other) = (Server::up(Answer::status(200)), Server::up(Answer::Close));
        let bed = Bed::new(quick("check=http,fall=2"), &[&server, &other]);
        let check = |server: &Server| {
            let peers = bed.list.introspect().peers;
            let peer = peers.into_iter().find(|peer| peer.identifier == server.name());
            peer.expect("in the list").check.expect("it is probed")
        };
        until("it is up", || check(&server).passed >= 3);
        assert_eq!((check(&server).failed, &*check(&server).last), (0, "status 200"));
        server.answer(Answer::status(500));
        bed.becomes(&server, ProbeState::Kept);
        let shown = check(&server);
        assert!(shown.passed >= 3 && shown.failed >= 2, "{shown:?}");
        assert_eq!(shown.last, bed.shown(&server.name()).last);
        until("the other one is down", || check(&other).failed > 0 && check(&other).passed == 0);
    });
}

#[test]
fn a_new_peer_is_connecting_until_its_first_probe_has_ended_which_decides() {
    within(|| {
        let server = Server::up(Answer::Silence);
        let options = quick("check=http,timeout=50ms,rise=1000,fall=1000");
        let watch = Watch::new(&Probing::new(options.clone()), &server.name(), |_| {});
        assert_eq!(watch.peer().status().connection_status, Connecting);
        until("it has timed out", || watch.statuses() == [Unavailable]);
        server.answer(Answer::status(200));
        let watch = Watch::new(&Probing::new(options), &server.name(), |_| {});
        until("it has answered", || watch.statuses() == [Available]);
    });
}

/// At the moment of a flip, the server has given as many answers as it takes, and none more.
#[test]
fn it_takes_exactly_as_many_probes_as_are_asked_for() {
    within(|| {
        let (server, other) = (Server::up(Answer::status(200)), Server::up(Answer::status(200)));
        let probing = Probing::new(quick("check=http,rise=4,fall=3"));
        let _other = Watch::new(&probing, &other.name(), |_| {});
        let server = Arc::new(server);
        let (asked, flips) = (Arc::clone(&server), Arc::new(Mutex::new(vec![])));
        let log = Arc::clone(&flips);
        let watch = Watch::new(&probing, &server.name(), move |status| {
            let answered = asked.answered();
            let last = answered.last().cloned();
            let row = answered.iter().rev().take_while(|text| Some(*text) == last.as_ref()).count();
            log.lock().unwrap().push((status, row));
        });
        until("it is up", || watch.statuses() == [Available]);
        server.answer(Answer::status(500));
        until("it is down", || watch.statuses() == [Available, Unavailable]);
        server.answer(Answer::status(200));
        until("it is up again", || watch.statuses() == [Available, Unavailable, Available]);
        until("that is written down", || flips.lock().unwrap().len() == 3);
        let flips = flips.lock().unwrap().clone();
        assert_eq!(flips, [(Available, 1), (Unavailable, 3), (Available, 4)]);
    });
}

#[test]
fn the_last_one_stays_until_another_is_up() {
    within(|| {
        let (a, b) = (Server::up(Answer::Close), Server::up(Answer::Close));
        let bed = Bed::new(quick(""), &[&a, &b]);
        until("both are up", || bed.list.available() == 2);
        a.go_down();
        bed.becomes(&a, ProbeState::Down);
        b.go_down();
        bed.becomes(&b, ProbeState::Kept);
        bed.probed(&b, 5);
        assert_eq!((bed.state(&b), bed.list.available()), (ProbeState::Kept, 1));
        assert!(bed.shown(&b.name()).streak >= 8, "{:?}", bed.shown(&b.name()));
        assert_eq!(awaited(&*bed.list), b.name());

        a.come_back();
        bed.becomes(&a, ProbeState::Up);
        bed.becomes(&b, ProbeState::Down);
        until("it has given way", || bed.list.available() == 1);
        assert_eq!(awaited(&*bed.list), a.name());
        b.come_back();
        until("both are up", || bed.list.available() == 2);

        // One that is kept and answers again is up.
        a.go_down();
        bed.becomes(&a, ProbeState::Down);
        b.go_down();
        bed.becomes(&b, ProbeState::Kept);
        b.come_back();
        bed.becomes(&b, ProbeState::Up);
        assert_eq!(bed.list.available(), 1);
    });
}

#[test]
fn one_that_is_kept_may_be_removed_and_a_newcomer_takes_its_place() {
    within(|| {
        let (a, b, c) =
            (Server::up(Answer::Close), Server::up(Answer::Close), Server::up(Answer::Close));
        let bed = Bed::new(quick(""), &[&a]);
        until("it is up", || bed.list.available() == 1);
        a.go_down();
        bed.becomes(&a, ProbeState::Kept);
        bed.add(&[&b]);
        bed.becomes(&a, ProbeState::Down);
        bed.becomes(&b, ProbeState::Up);
        b.go_down();
        bed.becomes(&b, ProbeState::Kept);
        bed.remove(&b);
        until("none is left", || bed.list.available() == 0);
        bed.add(&[&c]);
        until("there is one again", || bed.list.available() == 1);
        c.go_down();
        bed.becomes(&c, ProbeState::Kept);
    });
}

/// Not at its own next probe, which may be long in coming.
#[test]
fn one_that_is_kept_gives_way_at_once() {
    within(|| {
        let (a, b) = (Server::up(Answer::Close), Server::up(Answer::Close));
        let bed = Bed::new(quick("interval=1h,fast-interval=1ms"), &[&a]);
        bed.becomes(&a, ProbeState::Up);
        a.go_down();
        bed.probing.doubt(&a.name());
        bed.becomes(&a, ProbeState::Kept);
        let probes = bed.shown(&a.name()).probes;
        bed.add(&[&b]);
        bed.becomes(&b, ProbeState::Up);
        bed.becomes(&a, ProbeState::Down);
        assert_eq!(bed.shown(&a.name()).probes, probes);
    });
}

#[test]
fn lists_of_one_transport_share_its_peers() {
    within(|| {
        let server = Server::up(Answer::Close);
        let probing = Probing::new(quick("interval=1h"));
        let first = Watch::new(&probing, &server.name(), |_| {});
        until("it is up", || first.statuses() == [Available]);
        let second = Watch::new(&probing, &server.name(), |_| {});
        assert_eq!(second.peer().status().connection_status, Available);
        assert!(Arc::ptr_eq(first.peer(), second.peer()));
        drop(first);
        assert_eq!(probing.introspect().len(), 1);
        drop(second);
        assert_eq!(probing.introspect().len(), 0);
        // And retained anew, it is a new peer.
        let third = Watch::new(&probing, &server.name(), |_| {});
        until("it is up", || third.statuses() == [Available]);
    });
}
