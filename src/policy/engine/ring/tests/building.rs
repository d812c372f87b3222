//! What is built when, and what is not.

use std::sync::Arc;

use super::super::bed::Bed;
use super::super::fingerprint32;
use super::super::layers::Start;
use crate::slot::SlotRef;

/// A ring of places `p0`, `p1`, .. with one peer each, in one table.
fn ring(places: usize) -> (Bed, Vec<SlotRef>) {
    let bed = Bed::new(4, "#");
    let peers = (0..places).map(|n| add(&bed, &format!("p{n}"))).collect();
    assert!(bed.end_batch());
    assert_eq!(bed.lens(), (places, 0));
    (bed, peers)
}

fn add(bed: &Bed, id: &str) -> SlotRef {
    bed.add(&id.into(), id)
}

#[test]
fn a_batch_that_changes_nothing_builds_nothing() {
    let (bed, peers) = ring(20);
    let version = bed.version();
    assert!(!bed.end_batch());
    bed.set_up(peers[3], false);
    bed.set_up(peers[3], true);
    // Came and went.
    bed.remove(add(&bed, "guest"));
    // Other attributes, the same place; and away and back.
    bed.move_to(peers[5], &"p5".into(), "p5");
    bed.move_to(peers[6], &"p6".into(), "p7");
    bed.move_to(peers[6], &"p6".into(), "p6");
    assert!(!bed.end_batch());
    assert_eq!(bed.version(), version);
}

#[test]
fn a_departure_builds_nothing_until_an_eighth_is_empty() {
    let (bed, peers) = ring(80);
    let version = bed.version();
    for (n, peer) in peers[..9].iter().enumerate() {
        bed.remove(*peer);
        assert!(!bed.end_batch(), "no peer has come");
        assert_eq!(bed.named(format!("p{n}").as_bytes()), None);
        assert_eq!(bed.version(), version);
    }
    bed.remove(peers[9]);
    assert!(!bed.end_batch());
    assert_eq!(bed.lens(), (70, 0));
    peers[10..].iter().for_each(|&peer| bed.remove(peer));
    assert!(!bed.end_batch());
    assert_eq!(bed.lens(), (0, 0), "all at once");
}

#[test]
fn new_places_go_into_the_overlay_until_it_is_full() {
    let (bed, _) = ring(64);
    let main = bed.ring.layers(|layers| Arc::clone(&layers.main.points));
    for n in 1..=4 {
        let peer = add(&bed, &format!("new{n}"));
        assert!(bed.end_batch());
        assert_eq!(bed.lens(), (64, n));
        assert_eq!(bed.named(format!("new{n}").as_bytes()), Some(peer.key));
        assert!(bed.ring.layers(|layers| Arc::ptr_eq(&layers.main.points, &main)), "as it was");
    }
    add(&bed, "new5");
    assert!(bed.end_batch());
    assert_eq!(bed.lens(), (69, 0));
}

#[test]
fn empty_places_of_the_overlay_make_room() {
    let (bed, _) = ring(64);
    for n in 0..100 {
        let guest = add(&bed, &format!("guest{n}"));
        assert!(bed.end_batch());
        assert_eq!(bed.lens(), (64, 1));
        bed.remove(guest);
        assert!(!bed.end_batch());
    }
    assert_eq!(bed.ring.books.lock().empty, 1);
}

#[test]
fn a_name_that_comes_back_gets_its_place_back() {
    let (bed, peers) = ring(64);
    add(&bed, "other");
    assert!(bed.end_batch());
    let points = |bed: &Bed| bed.ring.layers(|layers| Arc::clone(&layers.main.points));
    let before = points(&bed);
    for (n, peer) in peers.iter().enumerate().take(40) {
        bed.remove(*peer);
        // In a batch of its own, or in the same one.
        assert!(n % 2 == 0 || !bed.end_batch());
        let again = add(&bed, &format!("p{n}"));
        assert!(bed.end_batch());
        assert_eq!(bed.named(format!("p{n}").as_bytes()), Some(again.key));
    }
    assert!(Arc::ptr_eq(&points(&bed), &before));
    // A slot is used again by another peer: the seat of the one before is not kept.
    let alone = |bed: &Bed| {
        bed.ring.layers(|layers| layers.main.seats.iter().all(|seats| seats.peers().len() == 1))
    };
    assert!(alone(&bed));
    assert_eq!((bed.lens(), bed.ring.books.lock().empty), ((64, 1), 0));
}

#[test]
fn a_peer_moves_to_another_place_with_its_key() {
    let (bed, peers) = ring(64);
    let peer = peers[5];
    bed.move_to(peer, &"p5".into(), "moved");
    assert!(bed.end_batch());
    assert_eq!((bed.named(b"moved"), bed.named(b"p5")), (Some(peer.key), None));
    // To a place that has a peer: before it and after it by identifier.
    bed.move_to(peer, &"p5".into(), "p6");
    assert!(bed.end_batch());
    assert_eq!((bed.named(b"p6"), bed.named(b"moved")), (Some(peer.key), None));
    bed.move_to(peer, &"p5".into(), "p4");
    assert!(bed.end_batch());
    assert_eq!((bed.named(b"p4"), bed.named(b"p6")), (Some(peers[4].key), Some(peers[6].key)));
    bed.set_up(peers[4], false);
    assert_eq!(bed.named(b"p4"), Some(peer.key));
    bed.remove(peer);
    assert!(!bed.end_batch());
    assert_eq!(bed.named(b"p4"), None);
}

/// Seats of peers that have left are cleared away from a place in which others still sit.
#[test]
fn a_shared_place_keeps_few_seats_of_those_who_left() {
    let bed = Bed::new(4, "#");
    let peers: Vec<_> = (0..100).map(|n| bed.add(&format!("p{n}").into(), "s")).collect();
    bed.end_batch();
    for (n, peer) in peers.iter().enumerate() {
        bed.remove(*peer);
        assert!(!bed.end_batch());
        let seats = bed.ring.layers(|layers| layers.main.seats.first().map(|s| s.peers().len()));
        let left = peers.len() - n - 1;
        assert!(seats.is_none_or(|seats| seats * 7 <= left * 8), "{seats:?} for {left}");
    }
    assert_eq!(bed.lens(), (0, 0));
}

/// Two names with one point, in one table and in two, whichever came first.
#[test]
fn a_collision_is_resolved_by_name_in_both_layers() {
    let names = ["98.25.121.4:24016", "251.73.56.7:21031"];
    let hash = fingerprint32(b"98.25.121.4:2401649");
    assert_eq!(fingerprint32(b"251.73.56.7:2103179"), hash);
    for order in [[0, 1], [1, 0]] {
        let bed = Bed::new(100, "");
        for n in 0..40 {
            add(&bed, &format!("10.0.0.1:{n}"));
        }
        let mut peers = [None; 2];
        peers[order[0]] = Some(add(&bed, names[order[0]]));
        bed.end_batch();
        peers[order[1]] = Some(add(&bed, names[order[1]]));
        bed.end_batch();
        assert_eq!(bed.lens(), (41, 1));
        let [greater, lesser] = peers.map(|peer| peer.map(|peer| peer.key));
        assert_eq!(bed.find(Start::Hash(hash), 0, &[]), lesser, "251 is before 98");
        assert_eq!(bed.find(Start::Hash(hash), 1, &[]), greater);
    }
}
