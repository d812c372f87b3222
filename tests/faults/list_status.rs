//! A peer's status and its count, as the list sees them.

use std::sync::{Arc, Barrier};
use std::thread;

use peerage::ConnectionStatus::{Available, Connecting, Unavailable};
use peerage::testing::FakeTransport;
use peerage::{Chooser, Lifecycle, List, ListUpdates, Outcome, Pick, Request};

use crate::POLICIES;
use crate::support::{chosen, counts, pending, running, within};

#[test]
fn a_status_that_was_not_available_takes_nothing_away() {
    for policy in POLICIES {
        let transport = FakeTransport::with_initial_status(Unavailable);
        let list = running(policy, &transport, &["a"]);
        for status in [Connecting, Unavailable, Connecting, Connecting, Unavailable] {
            transport.set_status("a", status);
            assert_eq!(counts(&list), (0, 1, 0), "{policy}");
        }
        transport.set_status("a", Available);
        assert_eq!(counts(&list), (1, 0, 0), "{policy}");
        assert_eq!(chosen(&*list, &Request::new()).as_deref(), Some("a"));
    }
}

#[test]
fn a_notification_after_removal_brings_no_peer_back() {
    for policy in POLICIES {
        let transport = FakeTransport::with_initial_status(Unavailable);
        let list = running(policy, &transport, &["ghost"]);
        let saved = transport.subscribers("ghost").remove(0);
        transport.set_status_quietly("ghost", Available);
        list.update(ListUpdates::removing(["ghost"])).expect("removes");
        saved.notify_status_changed(&"ghost");
        assert_eq!(counts(&list), (0, 0, 0), "{policy}");
        assert_eq!(chosen(&*list, &Request::new()), None, "{policy}");

        // The slot's next tenant does not hear of it either.
        transport.set_status_quietly("next", Unavailable);
        list.update(ListUpdates::adding(["next"])).expect("adds");
        transport.set_status_quietly("next", Available);
        saved.notify_status_changed(&"ghost");
        assert_eq!(counts(&list), (0, 1, 0), "{policy}");
        list.stop().expect("stops");
        saved.notify_status_changed(&"ghost");
        assert_eq!(counts(&list), (0, 0, 1), "{policy}");
        assert_eq!(transport.retained(), 0);
    }
}

/// The race that makes the ghosts: peers that flap while they are added and removed.
#[test]
fn flaps_during_updates_leave_no_ghosts() {
    for policy in POLICIES {
        // An update builds maglev's table of 65,537 places anew.
        let rounds = if policy == "maglev" { 4 } else { 150 };
        within(move || {
            let transport = FakeTransport::new();
            let list = running(policy, &transport, &[]);
            thread::scope(|scope| {
                for worker in 0..2 {
                    let (transport, list) = (&transport, &list);
                    scope.spawn(move || {
                        for round in 0..rounds {
                            let id = format!("{}", (round + worker) % 5);
                            let _ = list.update(ListUpdates::adding([&*id]));
                            let _ = list.update(ListUpdates::removing([&*id]));
                        }
                    });
                    scope.spawn(move || {
                        for round in 0..2 * rounds {
                            let id = format!("{}", round % 5);
                            let flip = if round % 2 == 0 { Unavailable } else { Available };
                            transport.set_status(&id, flip);
                        }
                    });
                }
            });
            for id in 0..5 {
                let _ = list.update(ListUpdates::removing([id.to_string()]));
            }
            assert_eq!(counts(&list), (0, 0, 0), "{policy}");
            assert_eq!(chosen(&*list, &Request::new()), None, "{policy}");
            assert_eq!(transport.retained(), 0, "{policy}");
        });
    }
}

#[test]
fn a_peer_that_comes_back_still_has_its_requests() {
    for policy in ["fewest-pending-requests", "two-random-choices"] {
        let transport = FakeTransport::new();
        let list = running(policy, &transport, &["busy"]);
        let choose = |_| list.try_choose(&Request::new()).expect("a peer");
        let picks: Vec<Pick> = (0..3).map(choose).collect();
        transport.set_status("busy", Unavailable);
        transport.set_status("busy", Available);
        assert_eq!(pending(&*list, "busy"), 3);
        list.update(ListUpdates::adding(["idle"])).expect("adds");
        let more: Vec<Pick> = (0..3).map(choose).collect();
        assert!(more.iter().all(|pick| pick.identifier() == "idle"), "{policy}: {more:?}");
        drop((picks, more));
        assert_eq!((pending(&*list, "busy"), pending(&*list, "idle")), (0, 0));
    }
}

/// A second finish does not compile, `finish` takes the pick; a drop after it must not count.
#[test]
fn a_request_ends_once() {
    let transport = FakeTransport::watching_requests();
    let list = running("fewest-pending-requests", &transport, &["a"]);
    list.try_choose(&Request::new()).expect("a peer").finish(Outcome::Overloaded);
    drop(list.try_choose(&Request::new()).expect("a peer"));
    assert_eq!(pending(&*list, "a"), 0);
    assert_eq!(transport.peer("a").ended(), [Outcome::Overloaded, Outcome::Abandoned]);
    assert_eq!(transport.peer("a").started(), 2);
}

/// Choosing and counting are one step: choosers that arrive together see each other's choice.
#[test]
fn a_choice_is_counted_when_it_is_made() {
    const PEERS: [&str; 8] = ["0", "1", "2", "3", "4", "5", "6", "7"];
    for _ in 0..100 {
        let list = running("fewest-pending-requests", &FakeTransport::new(), &PEERS);
        let barrier = Barrier::new(4);
        let picks: Vec<Pick> = thread::scope(|scope| {
            let choose = || {
                barrier.wait();
                [(); 2].map(|()| list.try_choose(&Request::new()).expect("a peer"))
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(choose)).collect();
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
        });
        let mut names: Vec<&str> = picks.iter().map(Pick::identifier).collect();
        names.sort_unstable();
        assert_eq!(names, PEERS);
    }
}

/// The list's own count, also for transports whose peers count nothing.
#[test]
fn status_and_count_are_the_lists_own() {
    let transport = FakeTransport::new();
    let list = running("round-robin", &transport, &["a"]);
    let picks = [(); 3].map(|()| list.try_choose(&Request::new()).expect("a peer"));
    transport.set_status_quietly("a", Unavailable);
    let status = list.introspect().peers.remove(0).status;
    assert_eq!((status.connection_status, status.pending_request_count), (Available, 3));
    drop(picks);
}

#[test]
fn a_status_page_is_in_order() {
    let list = running("random", &FakeTransport::new(), &["c", "a", "e", "b", "d"]);
    for _ in 0..3 {
        let status = list.introspect();
        let names: Vec<&str> = status.peers.iter().map(|peer| &*peer.identifier).collect();
        assert_eq!(names, ["a", "b", "c", "d", "e"]);
    }
}

#[test]
fn counts_may_be_read_while_they_change() {
    within(|| {
        let transport = FakeTransport::new();
        let list = running("round-robin", &transport, &[]);
        let ids: Vec<String> = (0..20).map(|id| id.to_string()).collect();
        thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for _ in 0..100 {
                    list.update(ListUpdates::adding(ids.clone())).expect("adds");
                    list.update(ListUpdates::removing(ids.clone())).expect("removes");
                }
            });
            while !writer.is_finished() {
                let (available, unavailable, written_down) = counts(&list);
                assert!(available <= 20 && unavailable <= 20 && written_down == 0);
                assert!(list.introspect().peers.len() <= 20);
            }
        });
        assert_eq!(counts(&list), (0, 0, 0));
    });
}

/// x/peerheap follows a stale position when a request ends after its peer was released.
#[test]
fn a_request_that_ends_after_its_peer_has_left_disturbs_nobody() {
    for policy in POLICIES {
        let transport = FakeTransport::new();
        let list = running(policy, &transport, &["a", "b"]);
        let request = Request::new();
        let mut old: Vec<Arc<Pick>> = vec![];
        for _ in 0..4 {
            old.push(Arc::new(list.try_choose(&request).expect("a peer")));
        }
        list.update(ListUpdates::removing(["a", "b"])).expect("removes");
        list.update(ListUpdates::adding(["c"])).expect("adds");
        let pick = list.try_choose(&request).expect("a peer");
        drop(old);
        assert_eq!((pick.identifier(), pending(&*list, "c")), ("c", 1), "{policy}");
        drop(pick);
        assert_eq!((pending(&*list, "c"), transport.retained()), (0, 1), "{policy}");
    }
}
