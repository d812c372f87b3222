//! Data of a peer that is replaced under requests in flight.
//!
//! The picks and the peer are those that C has. Data is given up under a guard that turns panics into
//! a status, so what the checker says of it is kept and shown at the end.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use loom::thread;

use super::fakes::{Host, remove, seat_made};
use crate::ffi::{
    Hooks, PEERAGE_OUTCOME_SUCCESS, peerage_peer, peerage_peer_set_data, peerage_pick,
    peerage_pick_data, peerage_pick_finish,
};
use crate::outcome::Outcome;
use crate::peer::{Peer, Seal};
use crate::registry::Registry;
use crate::slot::SlotRef;
use crate::sync::UnsafeCell;

/// Something attached to a peer, which notices when it is used after the end: the checker reports
/// any run in which a use and the end are not ordered.
struct Data {
    cell: UnsafeCell<()>,
    given_up: AtomicUsize,
    too_early: AtomicBool,
}

impl Data {
    fn new() -> Self {
        let (given_up, too_early) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { cell: UnsafeCell::new(()), given_up, too_early }
    }

    /// How often it was given up.
    fn given_up(&self) -> usize {
        assert!(!self.too_early.load(Ordering::Relaxed), "a use of it was not past");
        self.given_up.load(Ordering::Relaxed)
    }
}

unsafe extern "C-unwind" fn give_up(data: *mut c_void) {
    // SAFETY: the model outlives what it attaches.
    let data = unsafe { &*data.cast::<Data>() };
    let write = || data.cell.with_mut(|_| ());
    if catch_unwind(AssertUnwindSafe(write)).is_err() {
        data.too_early.store(true, Ordering::Relaxed);
    }
    data.given_up.fetch_add(1, Ordering::Relaxed);
}

struct NoHooks;

impl Hooks for NoHooks {
    fn any(&self) -> bool {
        false
    }

    fn ends(&self) -> bool {
        false
    }

    fn started(&self, _: &peerage_peer) {}

    fn finished(&self, _: &peerage_peer, _: Outcome) {}
}

/// A peer of a transport in C, retained by as many lists as it has slots.
struct Bed {
    host: Arc<Host>,
    registry: Registry<peerage_peer>,
    peer: Arc<peerage_peer>,
    slots: Vec<SlotRef>,
    data: Vec<Data>,
}

impl Bed {
    /// The first data is attached.
    fn new(slots: usize, data: usize) -> Arc<Self> {
        let (host, registry) = (Host::new(), Registry::new("model"));
        let hooks: Arc<dyn Hooks> = Arc::new(NoHooks);
        let mut made = None;
        let slots = (0..slots).map(|_| {
            seat_made(&host, None, 0, |retained| {
                let make = |reporter| peerage_peer::new("peer", &hooks, reporter);
                let (peer, _) = registry.retain("peer", Arc::clone(retained) as _, make);
                let mut words = [0; 2];
                peer.seat_with(&mut |with, _| words = with, Seal(()));
                made = Some(Arc::clone(&peer));
                (peer, words)
            })
        });
        let slots = slots.collect();
        let data = (0..data).map(|_| Data::new()).collect();
        let bed = Self { host, registry, peer: made.expect("a slot"), slots, data };
        bed.attach(0);
        Arc::new(bed)
    }

    fn attach(&self, data: usize) {
        let data = std::ptr::from_ref(&self.data[data]).cast_mut().cast();
        // SAFETY: a live peer, and data that outlives it.
        let status = unsafe { peerage_peer_set_data(Arc::as_ptr(&self.peer), data, Some(give_up)) };
        assert_eq!(status, 0);
    }

    /// Chooses the peer, as a policy that found it would.
    fn choose(&self, slot: usize) -> Request<'_> {
        let pinned = self.host.roster.entry(self.slots[slot]).pin().expect("it is available");
        let mut pick = peerage_pick { opaque: [0; 4] };
        // SAFETY: memory of a pick.
        unsafe { peerage_pick::write(&raw mut pick, pinned) };
        // SAFETY: a live pick, and data that outlives it.
        let data = unsafe { &*peerage_pick_data(&raw const pick).cast::<Data>() };
        Request { pick, data }
    }

    /// How often each data was given up.
    fn given_up(&self) -> Vec<usize> {
        self.data.iter().map(Data::given_up).collect()
    }

    /// The threads have ended. Nothing but the data called `present` is kept, and the books are
    /// balanced: what they say of the next picks is right.
    fn end(self: Arc<Self>, present: usize) {
        // If the last finish met the replacement, the next one sees to the old data.
        self.choose(0).finish();
        let mut expected = vec![1; present];
        expected.resize(self.data.len(), 0);
        assert_eq!(self.given_up(), expected, "nothing but the present data is kept");

        // Plain, then recorded.
        let (old, slot) = (self.choose(0), self.slots.len() - 1);
        self.attach(present + 1);
        let new = self.choose(slot);
        assert_eq!(self.given_up(), expected, "a plain pick has it");
        old.finish();
        expected[present] = 1;
        assert_eq!(self.given_up(), expected, "recorded picks do not have it");
        new.finish();
        assert_eq!(self.given_up(), expected);

        for slot in &self.slots {
            remove(&self.host, *slot);
        }
        let Self { registry, peer, data, .. } = Arc::into_inner(self).expect("the last reference");
        drop((registry, peer));
        assert!(data.iter().all(|data| data.given_up() == 1));
    }
}

/// A request in flight.
struct Request<'a> {
    pick: peerage_pick,
    data: &'a Data,
}

impl Request<'_> {
    /// Uses the data, and ends.
    fn finish(mut self) {
        assert_eq!(self.data.given_up(), 0, "given up while a pick has it");
        self.data.cell.with(|_| ());
        // SAFETY: a live pick.
        let status = unsafe { peerage_pick_finish(&raw mut self.pick, PEERAGE_OUTCOME_SUCCESS) };
        assert_eq!(status, 0);
    }
}

/// Some requests, one after the other, on a thread of their own.
fn chooser(bed: &Arc<Bed>, slot: usize, requests: usize) -> thread::JoinHandle<()> {
    let bed = Arc::clone(bed);
    thread::spawn(move || (0..requests).for_each(|_| bed.choose(slot).finish()))
}

/// Data is replaced while a request that has it ends and another begins.
fn replace(old: usize, new: usize) {
    loom::model(move || {
        let bed = Bed::new(old.max(new) + 1, 3);
        let pick = bed.choose(old).pick;
        let finisher = {
            let bed = Arc::clone(&bed);
            thread::spawn(move || Request { pick, data: &bed.data[0] }.finish())
        };
        let chooser = chooser(&bed, new, 1);
        bed.attach(1);
        finisher.join().unwrap();
        chooser.join().unwrap();
        bed.end(1);
    });
}

#[test]
fn data_that_is_replaced_stays_while_a_pick_has_it() {
    replace(0, 0);
}

/// Whose counts are not read at one moment.
#[test]
fn data_of_a_peer_in_two_lists_stays_while_a_pick_of_either_has_it() {
    replace(1, 0);
}

/// The second time while picks are recorded, or not any more.
#[test]
fn data_that_is_replaced_twice_stays_while_a_pick_has_it() {
    loom::model(|| {
        let bed = Bed::new(1, 4);
        let chooser = chooser(&bed, 0, 1);
        bed.attach(1);
        bed.attach(2);
        chooser.join().unwrap();
        bed.end(2);
    });
}
