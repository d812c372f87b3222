//! What subscribers do on the probing thread: call back, panic, and drop everything.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, OnceLock};

use peerage::ConnectionStatus::{Available, Unavailable};
use peerage::transports::{ProbeState, Probing};
use peerage::{Identifier, Subscriber, Transport, identify};

use crate::bed::{Bed, Watch, quick};
use crate::servers::{Answer, Server};
use crate::support::{until, within};

#[test]
fn a_subscriber_may_call_the_transport() {
    within(|| {
        let (a, b) = (Server::up(Answer::Close), Arc::new(Server::up(Answer::Close)));
        let probing = Probing::new(quick(""));
        let second = Arc::new(OnceLock::new());
        let (inner, place, other) = (Arc::downgrade(&probing), Arc::clone(&second), Arc::clone(&b));
        let first = Watch::new(&probing, &a.name(), move |_| {
            let probing = inner.upgrade().expect("it is there");
            assert_eq!(probing.introspect()[0].state, ProbeState::Up);
            probing.doubt(&other.name());
            drop(Watch::new(&probing, &other.name(), |_| {}));
            let _ = place.set(Watch::new(&probing, &other.name(), |_| {}));
        });
        until("it has called", || {
            second.get().is_some_and(|watch| watch.statuses() == [Available])
        });
        drop(first);
        assert_eq!(probing.introspect().len(), 1);
    });
}

#[test]
fn a_subscriber_that_panics_stops_nothing() {
    within(|| {
        let (a, b) = (Server::up(Answer::Close), Server::up(Answer::Close));
        let probing = Probing::new(quick(""));
        let other = Watch::new(&probing, &b.name(), |_| {});
        let watch = Watch::new(&probing, &a.name(), |_| std::panic::panic_any("of a test"));
        until("it is up", || watch.statuses() == [Available]);
        a.go_down();
        until("it is down", || watch.statuses() == [Available, Unavailable]);
        a.come_back();
        until("it is up again", || watch.statuses() == [Available, Unavailable, Available]);
        assert_eq!(other.statuses(), [Available]);
    });
}

/// The last reference to the transport goes on the thread that would have to be waited for.
#[test]
fn a_transport_may_be_dropped_on_its_own_thread() {
    struct Last {
        probing: Mutex<Option<Arc<Probing>>>,
        dropped: std::sync::mpsc::Sender<usize>,
    }
    impl Subscriber for Last {
        fn notify_status_changed(&self, _: &dyn Identifier) {
            let probing = self.probing.lock().unwrap().take();
            if let Some(probing) = probing {
                let others = Arc::strong_count(&probing) - 1;
                drop(probing);
                let _ = self.dropped.send(others);
            }
        }
    }
    within(|| {
        let server = Server::up(Answer::Close);
        let (dropped, is_dropped) = channel();
        let probing = Probing::new(quick(""));
        let last = Arc::new(Last { probing: Mutex::default(), dropped });
        let subscriber = Arc::clone(&last) as Arc<dyn Subscriber>;
        let mut place = last.probing.lock().unwrap();
        probing.retain_peer(&identify(server.name()), subscriber).unwrap();
        *place = Some(probing);
        drop(place);
        assert_eq!(is_dropped.recv(), Ok(0));
        let weak = Arc::downgrade(&last);
        drop(last);
        until("nothing is left of it", || weak.strong_count() == 0);
    });
}

/// A drop does not wait for a subscriber for ever, and the thread ends with it.
#[test]
fn a_subscriber_that_blocks_does_not_hold_up_a_drop_for_long() {
    within(|| {
        let server = Server::up(Answer::Close);
        let (release, released) = channel::<()>();
        let (released, entered) = (Mutex::new(released), Arc::new(AtomicUsize::new(0)));
        let has_entered = Arc::clone(&entered);
        let probing = Probing::new(quick(""));
        let watch = Watch::new(&probing, &server.name(), move |_| {
            has_entered.fetch_add(1, Ordering::SeqCst);
            let _ = released.lock().unwrap().recv();
        });
        until("it blocks", || entered.load(Ordering::SeqCst) == 1);
        drop(watch);
        drop(probing);
        drop(release);
        until("nothing is left of it", || Arc::strong_count(&entered) == 1);
    });
}

#[test]
fn peers_come_and_go_in_any_order() {
    within(|| {
        let servers: Vec<_> = (0..4).map(|_| Server::up(Answer::Close)).collect();
        let probing = Probing::new(quick("interval=1ms,at-once=2"));
        std::thread::scope(|scope| {
            for turn in 0..4 {
                let (probing, servers) = (&probing, &servers);
                scope.spawn(move || {
                    for n in 0..200 {
                        let server = &servers[(n * 7 + turn) % servers.len()];
                        let watch = Watch::new(probing, &server.name(), |_| {});
                        if n % 3 == 0 {
                            until("it is up", || {
                                watch.peer().status().connection_status == Available
                            });
                        }
                    }
                });
            }
        });
        assert_eq!(probing.introspect(), []);
        let bed = Bed::new(quick(""), &servers.iter().collect::<Vec<_>>());
        until("all are up", || bed.list.available() == 4);
    });
}
