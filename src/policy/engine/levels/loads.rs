//! The available peers by load, and where the least loaded of them is.
//!
//! ```text
//!  any        1                            a bit for each word
//!  words      …1011                        a bit for each level: has it peers?
//!  level 0    line  c ⇄ a ⇄ d   heap  b    in order of last choice, and the others
//!  level 1    line  e           heap  –
//!  level 2    –
//!  level 3    line  g           heap  f
//!  ⋮
//!  beyond     heap  h                      all with 1,024 pending requests and more
//! ```
//!
//! Every number of pending requests is a *level*. A node that is the last to be chosen of its level
//! goes to the end of the level's line, at O(1): that is the rule, because a choice moves its peer
//! up to a level where all were chosen before, and short requests end in the order in which they
//! began. One whose place is a few steps before the end goes there. Others go into the level's heap,
//! at O(1), and come out of it at O(log n) amortised. The oldest of a level is the first of its line
//! or the top of its heap.
//!
//! There are [`LEVELS`] levels, and one heap by load for the peers beyond: so many requests on one
//! peer are rare, and levels for them would cost memory by the number of requests. Two steps over
//! bits lead to the lowest level that has peers, so no number of requests makes a choice slow.

use super::heap::{self, Linked, NONE, Node, Nodes};

/// How many levels there are: 16 words of bits. (The levels themselves are made when they are
/// needed.)
pub(super) const LEVELS: usize = WORDS * 64;
const WORDS: usize = 16;

/// How far from its end a place in a line is looked for.
const NEAR: usize = 8;

/// The available peers by load.
#[derive(Debug)]
pub(super) struct Loads {
    /// By number of pending requests.
    levels: Vec<Level>,
    /// A bit for each level that has peers.
    words: [u64; WORDS],
    /// A bit for each word that has a bit.
    any: u32,
    /// The peers with `LEVELS` pending requests and more.
    beyond: u32,
}

/// The peers with one number of pending requests.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// In order of their last choice, from `first` to `last`.
    first: u32,
    last: u32,
    /// The others.
    heap: u32,
    /// How many there are in both.
    count: u32,
}

const EMPTY: Level = Level { first: NONE, last: NONE, heap: NONE, count: 0 };

impl Level {
    /// The node whose last choice is the longest ago.
    fn oldest(self, nodes: &Nodes) -> u32 {
        match (self.first, self.heap) {
            (node, NONE) | (NONE, node) => node,
            (first, top) => {
                let line_first = nodes[first as usize].stamp <= nodes[top as usize].stamp;
                if line_first { first } else { top }
            }
        }
    }

    /// Links a node that is older than the last of the line, which is not empty.
    #[inline(never)]
    fn link_older(&mut self, nodes: &mut Nodes, node: u32) {
        let stamp = nodes[node as usize].stamp;
        let mut next = self.last;
        for _ in 0..NEAR {
            let prev = nodes[next as usize].prev;
            // The line's first, or behind one that is older.
            if prev == NONE || nodes[prev as usize].stamp <= stamp {
                return self.insert(nodes, prev, node);
            }
            next = prev;
        }
        self.heap = heap::insert(nodes, self.heap, node);
    }

    /// Links a node into the line behind `prev`, or first.
    fn insert(&mut self, nodes: &mut Nodes, prev: u32, node: u32) {
        // What is before and behind it, or the ends of the line, point to it from now on.
        let next = match prev {
            NONE => std::mem::replace(&mut self.first, node),
            prev => std::mem::replace(&mut nodes[prev as usize].next, node),
        };
        match next {
            NONE => self.last = node,
            next => nodes[next as usize].prev = node,
        }
        let node = &mut nodes[node as usize];
        (node.prev, node.next, node.linked) = (prev, next, Linked::Line);
    }
}

impl Loads {
    pub(super) fn new() -> Self {
        Self { levels: vec![], words: [0; WORDS], any: 0, beyond: NONE }
    }

    /// The node with the fewest pending requests; among equals the one whose last choice is the
    /// longest ago.
    pub(super) fn least(&self, nodes: &Nodes) -> Option<u32> {
        if self.any == 0 {
            return (self.beyond != NONE).then_some(self.beyond);
        }
        // Of the first word that has a bit, the first bit.
        let word = self.any.trailing_zeros() as usize;
        let level = word * 64 + self.words[word].trailing_zeros() as usize;
        Some(self.levels[level].oldest(nodes))
    }

    /// Of the nodes with so many pending requests, how many there are and the one whose last choice
    /// is the longest ago. `None`: there is no node, or so many are not told apart.
    pub(super) fn equals(&self, nodes: &Nodes, pending: u32) -> Option<(usize, u32)> {
        let level = self.levels.get(pending as usize).filter(|level| level.count > 0)?;
        Some((level.count as usize, level.oldest(nodes)))
    }

    /// Puts a node, which is linked into nothing, where its pending requests and its stamp say.
    // Inlined, like `unlink`, into the two places where a request begins and ends.
    #[inline(always)]
    pub(super) fn link(&mut self, nodes: &mut Nodes, node: u32) {
        let Node { pending, stamp, .. } = nodes[node as usize];
        let number = pending as usize;
        if number >= self.levels.len() && !self.make_level(number) {
            self.beyond = heap::insert(nodes, self.beyond, node);
            return;
        }
        let level = &mut self.levels[number];
        level.count += 1;
        let last = level.last;
        if last == NONE {
            // The line's only one. Those in the heap do not matter: it may be older or younger.
            level.first = node;
            // If there are some, the level is marked already.
            self.words[number / 64] |= 1 << (number % 64);
            self.any |= 1 << (number / 64);
        } else if nodes[last as usize].stamp <= stamp {
            // Chosen after all others of the line: its end is the right place.
            nodes[last as usize].next = node;
        } else {
            level.link_older(nodes, node);
            return;
        }
        level.last = node;
        let node = &mut nodes[node as usize];
        (node.prev, node.next, node.linked) = (last, NONE, Linked::Line);
    }

    /// Puts a node, which is linked into nothing, before all its equals, of which there is one. Its
    /// stamp must be less than theirs.
    pub(super) fn link_first(&mut self, nodes: &mut Nodes, node: u32) {
        let level = &mut self.levels[nodes[node as usize].pending as usize];
        level.count += 1;
        level.insert(nodes, NONE, node);
    }

    /// Puts a node, which is linked into nothing, right behind an equal one: with the same stamp.
    pub(super) fn link_behind(&mut self, nodes: &mut Nodes, other: u32, node: u32) {
        let Node { stamp, linked, .. } = nodes[other as usize];
        nodes[node as usize].stamp = stamp;
        if linked != Linked::Line {
            // In a heap the order of equal stamps is any.
            return self.link(nodes, node);
        }
        let level = &mut self.levels[nodes[node as usize].pending as usize];
        level.count += 1;
        level.insert(nodes, other, node);
    }

    /// Takes a node out of what it is linked into, if it is. Its pending requests must be those that
    /// it was linked with.
    #[inline(always)]
    pub(super) fn unlink(&mut self, nodes: &mut Nodes, node: u32) {
        let this = &mut nodes[node as usize];
        let (linked, prev, next) = (this.linked, this.prev, this.next);
        let number = this.pending as usize;
        this.linked = Linked::Nowhere;
        let Some(level) = self.levels.get_mut(number) else {
            if linked != Linked::Nowhere {
                self.beyond = heap::remove(nodes, self.beyond, node);
            }
            return;
        };
        match linked {
            Linked::Nowhere => return,
            Linked::Heap => level.heap = heap::remove(nodes, level.heap, node),
            Linked::Line => {
                // Its neighbours in the line, or the line's ends, are linked past it.
                match prev {
                    NONE => level.first = next,
                    prev => nodes[prev as usize].next = next,
                }
                match next {
                    NONE => level.last = prev,
                    next => nodes[next as usize].prev = prev,
                }
            }
        }
        level.count -= 1;
        if level.count == 0 {
            let word = &mut self.words[number / 64];
            *word &= !(1 << (number % 64));
            if *word == 0 {
                self.any &= !(1 << (number / 64));
            }
        }
    }

    /// Makes a level and those below it. Returns whether there may be one of this number.
    #[cold]
    fn make_level(&mut self, number: usize) -> bool {
        if number < LEVELS {
            self.levels.resize(number + 1, EMPTY);
        }
        number < LEVELS
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
