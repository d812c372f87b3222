//! Two updaters of a ring and a chooser, each with a thread of its own.

use std::sync::Arc;

use loom::thread;

use crate::policy::{RingBed, Start};

/// A ring with a peer called `name`, which is on it.
fn ring(name: &str) -> Arc<RingBed> {
    let bed = Arc::new(RingBed::new(1, "#"));
    bed.add(&name.into(), name);
    assert!(bed.end_batch());
    bed
}

/// An update that adds one peer. It is on the ring when the update is over.
fn add(bed: &RingBed, name: &str) {
    let peer = bed.add(&name.into(), name);
    bed.end_batch();
    assert_eq!(bed.named(name.as_bytes()), Some(peer.key), "{name} was added");
}

/// Whichever of two updaters takes the other's changes, neither returns before they are in place,
/// and no member is lost. The first to come goes into an overlay, the second has it merged.
#[test]
fn what_an_update_adds_is_on_the_ring_when_it_returns() {
    loom::model(|| {
        let bed = ring("a");
        let other = {
            let bed = Arc::clone(&bed);
            thread::spawn(move || add(&bed, "b"))
        };
        add(&bed, "c");
        other.join().unwrap();
        for name in ["a", "b", "c"] {
            assert!(bed.named(name.as_bytes()).is_some(), "{name} is a member");
        }
    });
}

/// A chooser meets some whole ring: the owner before or after each update, and never none.
#[test]
fn a_chooser_finds_a_peer_whatever_is_built() {
    loom::model(|| {
        let bed = ring("a");
        let [chooser, other] = [true, false].map(|chooses| {
            let bed = Arc::clone(&bed);
            thread::spawn(move || {
                if chooses {
                    assert!(bed.find(Start::Hash(0), 0, &[]).is_some());
                } else {
                    add(&bed, "b");
                }
            })
        });
        add(&bed, "c");
        for thread in [chooser, other] {
            thread.join().unwrap();
        }
        assert!(bed.find(Start::Hash(0), 2, &[]).is_some(), "there are three");
    });
}
