//! The descriptor is readable while a peer can be chosen, whatever changes it and however often.

use std::os::fd::AsRawFd;
use std::thread;

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, PeerList, Reason};

use crate::list;

fn readable(list: &PeerList<RoundRobin>) -> bool {
    let fd = list.ready_fd().unwrap().as_raw_fd();
    let mut poll = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    // SAFETY: one entry.
    unsafe { libc::poll(&raw mut poll, 1, 0) == 1 }
}

#[test]
fn it_follows_the_peers() {
    let (list, transport) = list(2);
    let fd = list.ready_fd().unwrap().as_raw_fd();
    assert!(readable(&list), "what was there before it was asked for");
    transport.set_status("p0", ConnectionStatus::Unavailable);
    assert!(readable(&list));
    transport.set_status("p1", ConnectionStatus::Unavailable);
    assert!(!readable(&list));
    transport.set_status("p1", ConnectionStatus::Available);
    assert!(readable(&list));
    list.set_reason("p1", Reason::Draining, true);
    assert!(!readable(&list));
    list.set_reason("p1", Reason::Draining, false);
    list.update(ListUpdates::removing(["p1"])).unwrap();
    assert!(!readable(&list));
    list.update(ListUpdates::adding(["p2"])).unwrap();
    assert!(readable(&list));
    list.replace(vec![]).unwrap();
    assert!(!readable(&list));
    assert_eq!(list.ready_fd().unwrap().as_raw_fd(), fd, "the same for good");
}

#[test]
fn it_follows_starts_and_stops() {
    let transport = FakeTransport::new();
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.update(ListUpdates::adding(["a"])).unwrap();
    assert!(!readable(&list));
    list.start().unwrap();
    assert!(readable(&list));
    transport.set_status("a", ConnectionStatus::Unavailable);
    list.stop().unwrap();
    assert!(readable(&list), "for good, so that a loop wakes up and hears of the stop");
}

#[test]
fn threads_that_change_it_at_once_leave_it_right() {
    let flaps = if cfg!(miri) { 5 } else { 500 };
    for last in [ConnectionStatus::Available, ConnectionStatus::Unavailable] {
        let (list, transport) = list(3);
        thread::scope(|scope| {
            for peer in ["p0", "p1", "p2"] {
                let transport = &transport;
                scope.spawn(move || {
                    for _ in 0..flaps {
                        transport.set_status(peer, ConnectionStatus::Available);
                        transport.set_status(peer, ConnectionStatus::Unavailable);
                    }
                    transport.set_status(peer, last);
                });
            }
            // Asked for in the middle of it.
            scope.spawn(|| readable(&list));
        });
        assert_eq!(readable(&list), last == ConnectionStatus::Available);
    }
}
