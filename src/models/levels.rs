//! Ends of requests that are written down while others choose, or take the books to enter them.
//!
//! Under the checker there is one place to write an end down in, so that a second one finds none.

use std::sync::{Arc, Mutex};

use loom::thread;

use super::fakes::{Host, Probe, remove_with, seat_with};
use crate::outcome::Outcome;
use crate::policy::{Levels, Newcomers};
use crate::roster::Index;
use crate::slot::{Pick, SlotRef};

/// A host with peers by load.
#[derive(Clone)]
struct ByLoad {
    host: Arc<Host>,
    levels: Arc<Levels>,
    joined: Arc<Mutex<Vec<SlotRef>>>,
}

impl ByLoad {
    fn new() -> Self {
        let levels = Levels::default().with_newcomers(Newcomers::Last);
        let (host, levels) = (Host::new(), Arc::new(levels));
        assert!(levels.attach(&host.roster));
        Self { host, levels, joined: Arc::default() }
    }

    fn join(&self) -> SlotRef {
        let slot = seat_with(&self.host, &Probe::new(), Some(&*self.levels), 0);
        self.joined.lock().unwrap().push(slot);
        slot
    }

    fn leave(&self, slot: SlotRef) {
        remove_with(&self.host, slot, Some(&*self.levels));
    }

    /// A request, and which peer it is on.
    fn begin(&self) -> (SlotRef, Pick) {
        let pinned = self.levels.next(&self.host.roster).expect("one is available");
        let (key, joined) = (pinned.key(), self.joined.lock().unwrap());
        let slot = *joined.iter().find(|slot| slot.key == key).expect("it has joined");
        (slot, pinned.into_pick())
    }

    /// Its end, as the list that a policy serves tells it.
    fn end(&self, (slot, pick): (SlotRef, Pick)) {
        self.levels.finished(self.host.roster.entry(slot));
        pick.finish(Outcome::Success);
    }

    /// The same by another thread.
    fn end_there(&self, request: (SlotRef, Pick)) -> thread::JoinHandle<()> {
        let this = self.clone();
        thread::spawn(move || this.end(request))
    }

    /// Asserts that the next choices are these peers, in this order.
    fn assert_order(&self, expected: &[SlotRef]) {
        let requests: Vec<_> = expected.iter().map(|_| self.begin()).collect();
        let chosen: Vec<_> = requests.iter().map(|request| request.0.key.index).collect();
        let expected: Vec<_> = expected.iter().map(|slot| slot.key.index).collect();
        assert_eq!(chosen, expected);
        requests.into_iter().for_each(|request| self.end(request));
    }
}

/// Two have no room to be written down in, so one may have to take the books.
#[test]
fn no_end_is_lost() {
    loom::model(|| {
        let peers = ByLoad::new();
        let slots = [peers.join(), peers.join()];
        let [first, second, third] = [peers.begin(), peers.begin(), peers.begin()];
        assert_eq!(third.0.key.index, slots[0].key.index);
        let ends = [peers.end_there(first), peers.end_there(third)];
        ends.into_iter().for_each(|end| end.join().unwrap());
        // The first is idle, the second has a request, and then both have one.
        peers.assert_order(&[slots[0], slots[1], slots[0]]);
        peers.end(second);
        peers.assert_order(&[slots[1], slots[0]]);
        slots.into_iter().for_each(|slot| peers.leave(slot));
    });
}

#[test]
fn a_choice_between_sees_an_end_or_not_and_the_next_one_does() {
    loom::model(|| {
        let peers = ByLoad::new();
        let slots = [peers.join(), peers.join()];
        let [first, second] = [peers.begin(), peers.begin()];
        let end = peers.end_there(first);
        let between = peers.begin();
        end.join().unwrap();
        // Its peer was the first in any case: either idle, or the one that was chosen longest ago.
        assert_eq!(between.0.key.index, slots[0].key.index);
        peers.end(second);
        // The first has one request, so twice the second.
        let requests = [peers.begin(), peers.begin()];
        assert_eq!(requests[0].0.key.index, slots[1].key.index);
        assert_eq!(requests[1].0.key.index, slots[0].key.index);
        requests.into_iter().chain([between]).for_each(|request| peers.end(request));
        slots.into_iter().for_each(|slot| peers.leave(slot));
    });
}

/// The slot may be the same one.
#[test]
fn an_end_is_not_that_of_the_next_tenant() {
    loom::model(|| {
        let peers = ByLoad::new();
        let gone = peers.join();
        let end = peers.end_there(peers.begin());
        peers.leave(gone);
        let heir = peers.join();
        let request = peers.begin();
        assert_eq!(request.0.key, heir.key);
        end.join().unwrap();
        // The heir has a request, and the one that comes now has none.
        let last = peers.join();
        peers.assert_order(&[last]);
        peers.end(request);
        [heir, last].into_iter().for_each(|slot| peers.leave(slot));
    });
}
