//! An intrusive pairing heap, and the nodes it links.
//!
//! ```text
//!      7            a node's children are a list of siblings, linked both ways;
//!     ╱             the first of them points back to its parent
//!    9 ⇄ 12 ⇄ 8
//!         ╲
//!          20
//! ```
//!
//! Fredman, Sedgewick, Sleator and Tarjan, "The pairing heap: a new form of self-adjusting heap"
//! (Algorithmica 1, 1986): insertion and merging are one comparison, removal is O(log n) amortised,
//! and the only memory is three links in each node. The nodes live in one vector and name each other
//! by position. Nothing here recurses.

use crate::slot::SlotRef;

pub(super) const NONE: u32 = u32::MAX;

/// A peer in [`Levels`](super::Levels).
#[derive(Debug)]
pub(super) struct Node {
    pub(super) peer: SlotRef,
    /// When it was last chosen; smaller is longer ago.
    pub(super) stamp: u64,
    pub(super) pending: u32,
    pub(super) linked: Linked,
    /// Line: the one before. Heap: the sibling before, or the parent of a first child.
    pub(super) prev: u32,
    /// Line: the one after. Heap: the sibling after.
    pub(super) next: u32,
    /// Heap: the first child.
    pub(super) child: u32,
}

/// What a node is linked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linked {
    Nowhere,
    Line,
    Heap,
}

impl Node {
    /// A peer that is linked into nothing.
    pub(super) fn new(peer: SlotRef) -> Self {
        Self {
            peer,
            stamp: 0,
            pending: 0,
            linked: Linked::Nowhere,
            prev: NONE,
            next: NONE,
            child: NONE,
        }
    }

    /// The order of choice: by load, and among equals by time of last choice.
    fn rank(&self) -> (u32, u64) {
        (self.pending, self.stamp)
    }
}

pub(super) type Nodes = [Node];

/// Adds `node`, whose links mean nothing, to the heap under `root`; returns the new root.
#[inline(never)]
pub(super) fn insert(nodes: &mut Nodes, root: u32, node: u32) -> u32 {
    let this = &mut nodes[node as usize];
    (this.prev, this.next, this.child, this.linked) = (NONE, NONE, NONE, Linked::Heap);
    merge(nodes, root, node)
}

/// Removes `node` from the heap under `root`; returns the new root.
#[inline(never)]
pub(super) fn remove(nodes: &mut Nodes, root: u32, node: u32) -> u32 {
    let Node { prev, next, child, .. } = nodes[node as usize];
    // The node goes, its children stay: they become one heap, which is put back below.
    let orphans = merge_siblings(nodes, child);
    let rest = if node == root {
        NONE
    } else {
        // What points to the node is its parent, if the node is a first child, or the sibling before
        // it. Both are in `prev`, and only the parent has the node for a child.
        if nodes[prev as usize].child == node {
            nodes[prev as usize].child = next;
        } else {
            nodes[prev as usize].next = next;
        }
        // The sibling after it takes over what it pointed back to.
        if next != NONE {
            nodes[next as usize].prev = prev;
        }
        root
    };
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
    let a_first = nodes[a as usize].rank() <= nodes[b as usize].rank();
    let (top, under) = if a_first { (a, b) } else { (b, a) };
    // The loser becomes the winner's first child, before those that it has.
    let first = nodes[top as usize].child;
    if first != NONE {
        nodes[first as usize].prev = under;
    }
    nodes[under as usize].next = first;
    nodes[under as usize].prev = top;
    nodes[top as usize].child = under;
    top
}

/// One heap out of a list of siblings, by the two passes that make a removal cheap on average.
fn merge_siblings(nodes: &mut Nodes, first: u32) -> u32 {
    // From left to right: each two neighbours are merged. The winners are stacked through `next`,
    // which is free once they are cut from their siblings.
    let mut pairs = NONE;
    let mut rest = first;
    while rest != NONE {
        let a = rest;
        let b = detach(nodes, a);
        // An odd one at the end is a pair by itself.
        rest = if b == NONE { NONE } else { detach(nodes, b) };
        let pair = merge(nodes, a, b);
        nodes[pair as usize].next = pairs;
        pairs = pair;
    }
    // From right to left, as they come off the stack: each is merged with all that came before.
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

    /// Nodes with loads below 3, and stamps below 50.
    fn nodes(rng: &Rng, count: usize) -> Vec<Node> {
        let node = |_| Node {
            stamp: rng.next() % 50,
            pending: rng.below(3) as u32,
            ..Node::new(SlotRef::dangling())
        };
        (0..count).map(node).collect()
    }

    #[test]
    fn takes_out_in_order_whatever_is_removed_between() {
        let rng = Rng::seeded(1);
        for round in 0..if cfg!(miri) { 5 } else { 200 } {
            let count = rng.below(70) + 1;
            let mut heap = nodes(&rng, count);
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
            let mut expected: Vec<_> = inside.iter().map(|&n| heap[n as usize].rank()).collect();
            expected.sort_unstable();
            let mut found = vec![];
            while root != NONE {
                found.push(heap[root as usize].rank());
                root = remove(&mut heap, root, root);
            }
            assert_eq!(found, expected, "round {round}");
        }
    }

    #[test]
    fn a_million_siblings_are_merged_without_recursion() {
        let count = if cfg!(miri) { 1_000 } else { 1_000_000 };
        let node = |stamp| Node { stamp, ..Node::new(SlotRef::dangling()) };
        // The first is the least, so that all others are its children.
        let mut heap: Vec<Node> = (0..count).map(node).collect();
        let mut root = NONE;
        for node in 0..count as u32 {
            root = insert(&mut heap, root, node);
        }
        assert_eq!(root, 0);
        root = remove(&mut heap, root, 0);
        assert_eq!(root, 1);
        root = remove(&mut heap, root, 1);
        assert_eq!(root, 2);
    }
}
