//! How many slots there are: about as many as there were peers at once, however they came.
//!
//! A slot is never freed before its list, so one that is forgotten is memory lost. Nothing tells
//! how many there are but the allocator: slots are the only memory here of their alignment.
#![cfg(feature = "testing")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use peerage::policy::{AnyPolicy, Random, Rng};
use peerage::testing::FakeTransport;
use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};

/// Both the size of a slot and its alignment.
const SLOT: usize = 64;

struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is the system's; only sizes are written down.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() == SLOT {
            BYTES.fetch_add(layout.size(), Relaxed);
        }
        // SAFETY: by contract of the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if layout.align() == SLOT {
            BYTES.fetch_sub(layout.size(), Relaxed);
        }
        // SAFETY: by contract of the caller.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// All lists together: the cases of this file are one test.
fn slots() -> usize {
    BYTES.load(Relaxed) / SLOT
}

fn started() -> PeerList {
    let policy = AnyPolicy::Random(Random::new().with_rng(Rng::seeded(1)));
    let list = PeerList::new(policy, FakeTransport::new(), ListOptions::new());
    list.start().unwrap();
    list
}

fn names(peers: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    peers.map(|peer| format!("p{peer}"))
}

/// Batches of one size, and single peers between. For a single peer slots are made ahead, 16 at
/// first and later a quarter more; for a batch as many as it needs.
fn in_batches(batch: usize) {
    let (list, mut peers) = (started(), 0);
    while peers < 1_000 {
        for more in [1, batch] {
            list.update(ListUpdates::adding(names(peers..peers + more))).unwrap();
            peers += more;
            let most = peers + peers / 4 + 16 + batch;
            assert!((peers..=most).contains(&slots()), "{} for {peers}, by {batch}", slots());
        }
    }
    let at_most = slots();
    for round in 0..20 {
        // Some leave, and as many others come.
        let some = names(round * 10..round * 10 + 40);
        let ListUpdates { removals, .. } = ListUpdates::removing(some);
        list.update(ListUpdates { removals, additions: vec![] }).unwrap();
        list.update(ListUpdates::adding(names(round * 10..round * 10 + 40))).unwrap();
    }
    assert!(slots() <= at_most + 40, "{} after {at_most}", slots());
    drop(list);
    assert_eq!(slots(), 0, "all are freed with their list");
}

#[test]
fn there_are_about_as_many_as_peers() {
    for batch in [1, 2, 7, 8, 9, 15, 16, 17, 18, 31, 33, 63, 64, 65, 130] {
        in_batches(batch);
    }
}
