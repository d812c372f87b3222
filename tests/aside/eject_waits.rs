//! Callers that wait are served when the time of an ejected peer is over.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::RoundRobin;
use peerage::testing::FakeTransport;
use peerage::{
    Cause, Chooser, Clock, ConnectionStatus, Lifecycle, List as _, ListOptions, ListUpdates,
    Outcome, PeerList, Request, Wait,
};

#[test]
fn a_caller_that_waits_gets_the_peer_when_its_time_is_over() {
    // By the system's clock.
    let transport = FakeTransport::new();
    let options = ListOptions::new().with_eject(1).with_shuffle(false);
    let list = PeerList::new(RoundRobin::new(), transport.clone(), options);
    list.start().unwrap();
    list.update(ListUpdates::adding(["a", "b"])).unwrap();
    for _ in 0..2 {
        let pick = list.try_choose(&Request::new()).unwrap();
        let is_a = pick.identifier() == "a";
        pick.finish(if is_a { Outcome::Failure } else { Outcome::Success });
    }
    let began = Instant::now();
    assert!(!list.is_available("a"));
    transport.set_status("b", ConnectionStatus::Unavailable);

    let error = list.choose(&Request::new(), Wait::timeout(Duration::from_millis(20))).unwrap_err();
    assert_eq!(error.cause(), Cause::SetAside);
    let text = error.to_string();
    assert!(text.contains("the first of them is tried again in "), "{text}");

    let pick = list.choose(&Request::new(), Wait::timeout(Duration::from_secs(20))).unwrap();
    assert_eq!(pick.identifier(), "a");
    let took = began.elapsed();
    assert!(took > Duration::from_millis(850) && took < Duration::from_secs(5), "{took:?}");
    pick.finish(Outcome::Failure);
    assert!(list.is_available("a"), "no other is left");
}

/// A clock of a user's that looks at the list whenever it is read.
#[derive(Debug, Default)]
struct Curious {
    list: OnceLock<Weak<PeerList<RoundRobin>>>,
    now: AtomicU64,
    looks: AtomicBool,
}

impl Clock for Curious {
    fn now(&self) -> Duration {
        let list = self.list.get().and_then(Weak::upgrade);
        if let Some(list) = list {
            if !self.looks.swap(true, Ordering::Relaxed) {
                assert_eq!(list.introspect().peers.len(), 3);
                assert!(list.stats().peers == 3 && list.tick() < Some(Duration::from_secs(9)));
                self.looks.store(false, Ordering::Relaxed);
            }
        }
        Duration::from_millis(self.now.load(Ordering::Relaxed))
    }
}

#[test]
fn a_clock_may_look_at_the_list() {
    let clock = Arc::new(Curious::default());
    let options = ListOptions::new().with_eject(1).with_max_pending(1).with_shuffle(false);
    let options = options.with_clock(clock.clone());
    let list = Arc::new(PeerList::new(RoundRobin::new(), FakeTransport::new(), options));
    list.start().unwrap();
    list.update(ListUpdates::adding(["a", "b", "c"])).unwrap();
    clock.list.set(Arc::downgrade(&list)).unwrap();
    let (done, ended) = channel();
    thread::spawn(move || {
        for _ in 0..9 {
            let pick = list.try_choose(&Request::new()).unwrap();
            let is_a = pick.identifier() == "a";
            pick.finish(if is_a { Outcome::Failure } else { Outcome::Success });
            clock.now.fetch_add(500, Ordering::Relaxed);
            list.introspect();
        }
        done.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(20)).expect("a lock was held while the clock was read");
}
