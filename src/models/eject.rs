//! A peer that is left alone, tried and taken back, while requests end and the time passes.
//!
//! The list's own code, with a clock that goes as the model says: so a peer is found too early or too
//! late whatever the order of the threads. What must hold in each: the slot's streak, the reason in the
//! roster and the moment of the next try agree, and a peer that is out comes back.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use loom::thread;

use crate::chooser::Chooser;
use crate::cost::Clock;
use crate::eject::Phase;
use crate::events::Event;
use crate::feeding::{List, ListUpdates};
use crate::lifecycle::Lifecycle;
use crate::list::{ListOptions, PeerList};
use crate::outcome::Outcome;
use crate::policy::RoundRobin;
use crate::reasons::Reason;
use crate::request::Request;
use crate::slot::Pick;
use crate::testing::FakeTransport;

/// The model moves it between threads, or before them. Not one of the checker's: it would be one more
/// place to take turns at, and says nothing of the code.
#[derive(Debug, Default)]
struct Hand(AtomicU64);

impl Hand {
    /// Longer than any peer is out.
    fn pass(&self) {
        self.0.fetch_add(60_000, Ordering::Relaxed);
    }
}

impl Clock for Hand {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

struct Bed {
    list: PeerList<RoundRobin>,
    clock: Arc<Hand>,
    /// How often a peer was ejected, and how often it has returned.
    told: Arc<Mutex<(usize, usize)>>,
}

impl Bed {
    /// A running list of two peers, each of which is ejected after so many failures.
    fn new(failures: u16) -> Arc<Self> {
        let (clock, told) = (Arc::new(Hand::default()), Arc::new(Mutex::new((0, 0))));
        let log = Arc::clone(&told);
        let observer = move |_: &str, event: &Event<'_>| {
            let mut told = log.lock().expect("no panic");
            match event {
                Event::Ejected { .. } => told.0 += 1,
                Event::Returned { .. } => told.1 += 1,
                _ => {}
            }
        };
        let options = ListOptions::new().with_eject(failures).with_shuffle(false).with_seed(1);
        let options = options.with_clock(clock.clone()).with_observer(Arc::new(observer));
        let list = PeerList::new(RoundRobin::in_order(), FakeTransport::new(), options);
        list.start().unwrap();
        list.update(ListUpdates::adding(["a", "b"])).unwrap();
        Arc::new(Self { list, clock, told })
    }

    fn try_choose(&self) -> Option<Pick> {
        self.list.try_choose(&Request::new()).ok()
    }

    /// A request to this peer, which can be chosen.
    fn choose(&self, id: &str) -> Pick {
        let pick = self.list.try_choose(&Request::new().with_preferred(id)).expect("a peer");
        assert_eq!(pick.identifier(), id, "it can be chosen");
        pick
    }

    /// Ejects `a`.
    fn eject(&self) {
        self.choose("a").finish(Outcome::Failure);
        assert!(!self.list.is_available("a") && self.list.is_available("b"));
    }

    fn told(&self) -> (usize, usize) {
        *self.told.lock().expect("no panic")
    }

    /// The peer is in service, or will be tried: what is kept of it agrees, and the time brings it back.
    fn comes_back(&self, id: &str) {
        let is_out = |bed: &Self| {
            let peers = bed.list.introspect().peers;
            let peer = peers.into_iter().find(|peer| peer.identifier == id).expect("it is there");
            let is_out = peer.reasons.has(Reason::Ejected);
            assert_eq!(is_out, !bed.list.is_available(id));
            assert_eq!(is_out, matches!(bed.list.phase_of(id), Phase::Out | Phase::Probing));
            is_out
        };
        assert!(!is_out(self) || self.list.tick().is_some(), "out, and nothing brings it back");
        self.clock.pass();
        assert_eq!(self.list.tick(), None);
        assert!(!is_out(self));
        // It is tried, and is as good as any from then on.
        self.choose(id).finish(Outcome::Success);
        for _ in 0..2 {
            self.choose(id).finish(Outcome::Success);
        }
        assert!(!is_out(self) && self.list.tick().is_none());
        let (ejected, returned) = self.told();
        assert_eq!(
            ejected.min(1),
            returned,
            "it is ejected anew after a failed probe, and returns once"
        );
    }
}

/// Finishes each on a thread of its own, beside what `meanwhile` does.
fn finish_all<const N: usize>(ends: [(Pick, Outcome); N], meanwhile: impl FnOnce()) {
    let finishers = ends.map(|(pick, end)| thread::spawn(move || pick.finish(end)));
    meanwhile();
    for finisher in finishers {
        finisher.join().unwrap();
    }
}

/// Two failures are too many: of two at once either both count or, as one may be lost, the next one
/// is enough.
#[test]
fn a_streak_that_is_counted_by_two_ejects_once() {
    loom::model(|| {
        let bed = Bed::new(2);
        let picks = [(); 2].map(|()| (bed.choose("a"), Outcome::Failure));
        finish_all(picks, || ());
        if bed.list.is_available("a") {
            assert_eq!(bed.told(), (0, 0));
            bed.choose("a").finish(Outcome::Failure);
        }
        assert_eq!((bed.told(), bed.list.is_available("a")), ((1, 0), false));
        bed.comes_back("a");
    });
}

/// Two requests fail of which each is one too many.
#[test]
fn a_peer_that_is_ejected_by_two_is_ejected_once() {
    loom::model(|| {
        let bed = Bed::new(1);
        let picks = [(); 2].map(|()| (bed.choose("a"), Outcome::Failure));
        finish_all(picks, || ());
        assert_eq!((bed.told(), bed.list.is_available("a")), ((1, 0), false));
        bed.comes_back("a");
    });
}

/// A request is chosen for a peer at the moment at which it may be tried again: it is the one that tries
/// it, and what it says counts.
#[test]
fn a_peer_that_may_be_tried_is_found_so_by_the_first_that_chooses_it() {
    loom::model(|| {
        let bed = Bed::new(1);
        bed.eject();
        bed.clock.pass();
        let ticker = {
            let bed = Arc::clone(&bed);
            thread::spawn(move || bed.list.tick())
        };
        let pick = bed.list.try_choose(&Request::new().with_preferred("a")).expect("a peer");
        let is_probe = pick.identifier() == "a";
        pick.finish(Outcome::Success);
        if is_probe {
            assert_eq!((bed.list.phase_of("a"), bed.told()), (Phase::In, (1, 1)));
        }
        ticker.join().unwrap();
        bed.comes_back("a");
    });
}

/// A success ends beside the failure that is one too many: it comes before it or too late, and what is
/// known of a peer that is out is not written over.
#[test]
fn a_success_beside_the_last_failure_does_not_undo_it() {
    loom::model(|| {
        let bed = Bed::new(2);
        let [first, success, last] = [(); 3].map(|()| bed.choose("a"));
        first.finish(Outcome::Failure);
        finish_all([(last, Outcome::Failure), (success, Outcome::Success)], || ());
        assert_eq!(bed.told(), (usize::from(!bed.list.is_available("a")), 0));
        bed.comes_back("a");
    });
}

/// The last two peers fail at once.
#[test]
fn the_last_peer_is_not_ejected() {
    loom::model(|| {
        let bed = Bed::new(1);
        let picks = ["a", "b"].map(|id| (bed.choose(id), Outcome::Failure));
        finish_all(picks, || ());
        assert_eq!((bed.list.available(), bed.told()), (1, (1, 0)));
        let out = if bed.list.is_available("a") { "b" } else { "a" };
        bed.comes_back(out);
    });
}

/// The time is over while requests that began before end.
#[test]
fn a_peer_whose_time_is_over_is_tried_once_and_comes_back() {
    loom::model(|| {
        let bed = Bed::new(1);
        let late = bed.choose("a");
        bed.eject();
        bed.clock.pass();
        finish_all([(late, Outcome::Failure)], || {
            bed.list.tick();
        });
        bed.comes_back("a");
    });
}

/// A peer that is open is chosen by two threads: one of them, or both, try it.
#[test]
fn probes_that_end_differently_leave_the_peer_in_service_or_to_be_tried() {
    let mut model = loom::model::Builder::new();
    // Three requests and two looks at the list are more steps than it allows by itself.
    model.max_branches = 3_000;
    model.check(|| {
        let bed = Bed::new(1);
        bed.eject();
        bed.clock.pass();
        assert_eq!(bed.list.tick(), None);
        let requests = |bed: &Bed, count, outcome| {
            for _ in 0..count {
                let Some(pick) = bed.try_choose() else { continue };
                let outcome = if pick.identifier() == "a" { outcome } else { Outcome::Success };
                pick.finish(outcome);
            }
        };
        let other = {
            let bed = Arc::clone(&bed);
            thread::spawn(move || requests(&bed, 2, Outcome::Failure))
        };
        requests(&bed, 1, Outcome::NotSent);
        other.join().unwrap();
        bed.comes_back("a");
    });
}

/// A probe ends at the moment at which it has lasted too long, and another one may begin.
#[test]
fn a_probe_that_ends_late_does_not_lose_the_peer() {
    loom::model(|| {
        let bed = Bed::new(1);
        bed.eject();
        bed.clock.pass();
        bed.list.tick();
        let probe = bed.choose("a");
        assert!(!bed.list.is_available("a"), "no other is sent");
        bed.clock.pass();
        finish_all([(probe, Outcome::NotSent)], || {
            bed.list.tick();
        });
        bed.comes_back("a");
    });
}

/// A peer is ejected while it leaves, and another one gets its slot.
#[test]
fn a_peer_that_leaves_takes_its_streak_along() {
    loom::model(|| {
        let bed = Bed::new(1);
        let pick = bed.choose("a");
        finish_all([(pick, Outcome::Failure)], || {
            bed.list.update(ListUpdates::removing(["a"])).unwrap();
            bed.list.update(ListUpdates::adding(["c"])).unwrap();
        });
        assert!(bed.list.is_available("c"));
        bed.clock.pass();
        bed.list.tick();
        // One failure after a success is no more than one.
        bed.choose("c").finish(Outcome::Success);
        assert!(bed.list.is_available("c") && bed.list.tick().is_none());
    });
}
