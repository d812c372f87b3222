//! An intrusive pairing heap, and the nodes it links.
//!
//! Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap" (1986): insertion and merging are one
//! comparison, removal is O(log n) amortised, and the only memory is three links in each node. The
//! nodes live in one vector and name each other by position.

use crate::slot::SlotRef;

pub(super) const NONE: u32 = u32::MAX;

/// A peer in [`Levels`](super::Levels).
#[derive(Debug)]
pub(super) struct Node {
    pub(super) peer: SlotRef,
    /// When it was last chosen; smaller is longer ago.
    pub(super) stamp: u64,
    pub(super) pending: u32,
    pub(super) place: Place,
    /// Line: the one before. Heap: the sibling before, or the parent of a first child.
    pub(super) prev: u32,
    /// Line: the one after. Heap: the sibling after.
    pub(super) next: u32,
    /// Heap: the first child.
    pub(super) child: u32,
}

/// What a node is linked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Nowhere,
    Line,
    Heap,
}

pub(super) type Nodes = [Node];

/// Adds `node`, which has no links, to the heap under `root`; returns the new root.
pub(super) fn insert(nodes: &mut Nodes, root: u32, node: u32) -> u32 {
    merge(nodes, root, node)
}

/// Removes `node` from the heap under `root`, and its links; returns the new root.
pub(super) fn remove(nodes: &mut Nodes, root: u32, node: u32) -> u32 {
    let Node { prev, next, child, .. } = nodes[node as usize];
    let orphans = merge_siblings(nodes, child);
    let rest = if node == root {
        NONE
    } else {
        if nodes[prev as usize].child == node {
            nodes[prev as usize].child = next;
        } else {
            nodes[prev as usize].next = next;
        }
        if next != NONE {
            nodes[next as usize].prev = prev;
        }
        root
    };
    let node = &mut nodes[node as usize];
    (node.prev, node.next, node.child) = (NONE, NONE, NONE);
    merge(nodes, rest, orphans)
}

/// One heap out of two, given by their roots, which have no siblings.
fn merge(nodes: &mut Nodes, a: u32, b: u32) -> u32 {
    if a == NONE {
        return b;
    }
    if b == NONE {
        return a;
    }
    let (top, under) =
        if nodes[a as usize].stamp <= nodes[b as usize].stamp { (a, b) } else { (b, a) };
    let first = nodes[top as usize].child;
    if first != NONE {
        nodes[first as usize].prev = under;
    }
    nodes[under as usize].next = first;
    nodes[under as usize].prev = top;
    nodes[top as usize].child = under;
    top
}

/// One heap out of a list of siblings: pairs from left to right, then all from right to left.
fn merge_siblings(nodes: &mut Nodes, first: u32) -> u32 {
    let mut pairs = NONE;
    let mut rest = first;
    while rest != NONE {
        let a = rest;
        let b = detach(nodes, a);
        rest = if b == NONE { NONE } else { detach(nodes, b) };
        let pair = merge(nodes, a, b);
        nodes[pair as usize].next = pairs;
        pairs = pair;
    }
    let mut root = NONE;
    while pairs != NONE {
        let pair = pairs;
        pairs = detach(nodes, pair);
        root = merge(nodes, root, pair);
    }
    root
}

/// Cuts a node's links to its siblings and its parent; returns the sibling after it.
fn detach(nodes: &mut Nodes, node: u32) -> u32 {
    let node = &mut nodes[node as usize];
    node.prev = NONE;
    std::mem::replace(&mut node.next, NONE)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn nodes(stamps: impl Iterator<Item = u64>) -> Vec<Node> {
        let links = |stamp| Node {
            peer: SlotRef::dangling(),
            stamp,
            pending: 0,
            place: Place::Heap,
            prev: NONE,
            next: NONE,
            child: NONE,
        };
        stamps.map(links).collect()
    }

    #[test]
    fn takes_out_in_order_whatever_is_removed_between() {
        let rng = Rng::seeded(1);
        for round in 0..200 {
            let count = rng.below(40) + 1;
            let mut heap = nodes((0..count).map(|_| rng.next() % 50));
            let mut root = NONE;
            let mut inside: Vec<u32> = vec![];
            for node in 0..count as u32 {
                root = insert(&mut heap, root, node);
                inside.push(node);
                if rng.below(3) == 0 {
                    let gone = inside.swap_remove(rng.below(inside.len()));
                    root = remove(&mut heap, root, gone);
                }
            }
            let mut expected: Vec<u64> = inside.iter().map(|&n| heap[n as usize].stamp).collect();
            expected.sort_unstable();
            let mut found = vec![];
            while root != NONE {
                found.push(heap[root as usize].stamp);
                root = remove(&mut heap, root, root);
            }
            assert_eq!(found, expected, "round {round}");
        }
    }
}
