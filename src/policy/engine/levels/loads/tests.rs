//! Nodes that are linked and unlinked, without peers.

use super::*;
use crate::rng::Rng;
use crate::slot::SlotRef;

/// Loads at and around every constant.
const PENDING: [u32; 12] = [0, 1, 2, 63, 64, 65, 127, 128, 1_022, 1_023, 1_024, 1_000_000];

#[test]
fn the_least_loaded_is_that_of_a_plain_search() {
    let rng = Rng::seeded(1);
    for count in [1, 2, 9, 65] {
        let mut nodes: Vec<_> = (0..count).map(|_| Node::new(SlotRef::dangling())).collect();
        let mut loads = Loads::new();
        for round in 0..if cfg!(miri) { 50 } else { 5_000 } {
            let node = rng.below(count);
            loads.unlink(&mut nodes, node as u32);
            nodes[node].pending = PENDING[rng.below(PENDING.len())];
            nodes[node].stamp = rng.next() % 100;
            if rng.below(4) > 0 {
                loads.link(&mut nodes, node as u32);
            }
            let linked = nodes.iter().filter(|node| node.linked != Linked::Nowhere);
            let least = linked.map(|node| (node.pending, node.stamp)).min();
            let found = loads.least(&nodes).map(|node| &nodes[node as usize]);
            let found = found.map(|node| (node.pending, node.stamp));
            assert_eq!(found, least, "{count} peers, round {round}");
        }
    }
}

#[test]
fn equals_are_counted() {
    let mut nodes: Vec<_> = (0..3).map(|_| Node::new(SlotRef::dangling())).collect();
    let mut loads = Loads::new();
    assert_eq!(loads.equals(&nodes, 0), None);
    for (node, stamp) in [(0, 7), (1, 9), (2, 5)] {
        nodes[node as usize].stamp = stamp;
        loads.link(&mut nodes, node);
    }
    // The youngest is in the line, the oldest in the heap.
    assert_eq!(loads.equals(&nodes, 0), Some((3, 2)));
    loads.unlink(&mut nodes, 2);
    assert_eq!(loads.equals(&nodes, 0), Some((2, 0)));
    assert_eq!(loads.equals(&nodes, LEVELS as u32), None);
}

#[test]
fn newcomers_have_the_places_that_they_are_given() {
    let mut nodes: Vec<_> = (0..6).map(|_| Node::new(SlotRef::dangling())).collect();
    let mut loads = Loads::new();
    for node in [0, 1] {
        nodes[node as usize].stamp = 10 + u64::from(node);
        loads.link(&mut nodes, node);
    }
    loads.link_behind(&mut nodes, 0, 2);
    loads.link_behind(&mut nodes, 0, 3);
    loads.link_behind(&mut nodes, 1, 4);
    nodes[5].stamp = 9;
    loads.link_first(&mut nodes, 5);
    let mut order = vec![];
    while let Some(node) = loads.least(&nodes) {
        order.push(node);
        loads.unlink(&mut nodes, node);
    }
    assert_eq!(order, [5, 0, 3, 2, 1, 4]);
}

/// More nodes than a walk looks at, so that the oldest are in the heap.
#[test]
fn older_nodes_come_in_their_order() {
    let stamps = [20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 12, 3, 27, 5, 22];
    let mut nodes: Vec<_> = stamps.map(|_| Node::new(SlotRef::dangling())).into();
    let mut loads = Loads::new();
    for (node, stamp) in stamps.into_iter().enumerate() {
        nodes[node].stamp = stamp;
        loads.link(&mut nodes, node as u32);
    }
    assert!(nodes.iter().any(|node| node.linked == Linked::Heap));
    assert_eq!(nodes[12].linked, Linked::Line);
    let mut sorted = stamps;
    sorted.sort_unstable();
    for stamp in sorted {
        let node = loads.least(&nodes).unwrap();
        assert_eq!(nodes[node as usize].stamp, stamp);
        loads.unlink(&mut nodes, node);
    }
}

#[test]
fn memory_does_not_grow_with_the_number_of_requests() {
    let mut nodes = vec![Node::new(SlotRef::dangling())];
    let mut loads = Loads::new();
    for pending in [LEVELS as u32, 1_000_000, u32::MAX - 1, LEVELS as u32 - 1] {
        nodes[0].pending = pending;
        loads.link(&mut nodes, 0);
        assert_eq!(loads.least(&nodes), Some(0));
        loads.unlink(&mut nodes, 0);
        assert_eq!(loads.least(&nodes), None);
    }
    assert_eq!(loads.levels.len(), LEVELS);
}
