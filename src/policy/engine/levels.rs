//! The available peers by number of pending requests, and among equals by time of last choice.
//!
//! A binary heap over (pending, last choice) costs O(log n) to choose, because the peer chosen goes
//! from the front to the back. Here every number of pending requests is a *level*, and a choice
//! moves one peer from the lowest level to the end of the next: O(1), whatever the number of peers.
//! A finished request moves its peer one level down. If no peer there was chosen later, which is
//! the rule when requests are short, it goes to the end of the level's line; otherwise into the
//! level's heap, at O(1), and comes out of it at O(log n) amortised. The next peer is the older of
//! the line's first and the heap's top. So the minimum is exact, and so is the order among equals.
//!
//! The requests in flight are counted here from choice to finish, also while a peer is unavailable:
//! one that comes back with requests still in flight comes back to their level.

use super::heap::{self, NONE, Node, Place};
use crate::policy::choice::{Choice, Nothing};
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::Mutex;

/// Stamps of peers that were never chosen are below, in the order in which they joined.
const FIRST_CHOICE: u64 = 1 << 63;

/// The available peers by load.
#[derive(Debug)]
pub(crate) struct Levels {
    home: Home,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// By [`Key::index`](crate::policy::Key::index).
    nodes: Vec<Node>,
    /// By number of pending requests.
    levels: Vec<Level>,
    /// No level below it has a peer.
    lowest: usize,
    newcomers: u64,
    choices: u64,
}

/// The peers with one number of pending requests.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// In order of their last choice, from `first` to `last`.
    first: u32,
    last: u32,
    /// The others.
    heap: u32,
}

const EMPTY: Level = Level { first: NONE, last: NONE, heap: NONE };

impl Default for Levels {
    fn default() -> Self {
        let state =
            State { nodes: vec![], levels: vec![], lowest: 0, newcomers: 0, choices: FIRST_CHOICE };
        Self { home: Home::default(), state: Mutex::new(state) }
    }
}

impl Levels {
    /// Pins the peer with the fewest pending requests; among equals the one whose last choice is
    /// the longest ago.
    pub(crate) fn next<'r>(&self, roster: &'r Roster) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        self.state.lock().next(roster).ok_or(Nothing::Unavailable)
    }

    /// The same as if the peers in `except` were not available.
    pub(crate) fn next_except<'r>(&self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        let mut state = self.state.lock();
        let mut hidden = NONE;
        for key in except {
            let Some(node) = state.nodes.get(key.index()) else { continue };
            // Whoever has the slot after the peer with this key may be chosen.
            let same = roster.entry(node.peer).key() == *key;
            if same && node.place != Place::Nowhere {
                let node = key.index() as u32;
                state.unlink(node);
                state.nodes[node as usize].next = std::mem::replace(&mut hidden, node);
            }
        }
        let pinned = state.next(roster);
        while hidden != NONE {
            let node = hidden;
            hidden = std::mem::replace(&mut state.nodes[node as usize].next, NONE);
            state.link(node);
        }
        pinned.ok_or(Nothing::Excluded)
    }

    /// A request on `peer`, which [`next`](Levels::next) chose, has ended.
    pub(crate) fn finished(&self, peer: Entry<'_>) {
        let mut state = self.state.lock();
        let node = peer.slot().index();
        let available = state.nodes[node as usize].place != Place::Nowhere;
        if available {
            state.unlink(node);
        }
        let pending = &mut state.nodes[node as usize].pending;
        *pending = pending.saturating_sub(1);
        if available {
            state.link(node);
        }
    }
}

impl State {
    fn next<'r>(&mut self, roster: &'r Roster) -> Option<Pinned<'r>> {
        let node = self.least()?;
        let entry = roster.entry(self.nodes[node as usize].peer);
        // It is available: a peer is taken from here before its slot says that it is not.
        let pinned = entry.pin()?;
        self.unlink(node);
        self.nodes[node as usize].stamp = self.choices;
        self.nodes[node as usize].pending += 1;
        self.choices += 1;
        self.link(node);
        Some(pinned)
    }

    fn least(&mut self) -> Option<u32> {
        while let Some(level) = self.levels.get(self.lowest) {
            let (first, top) = (level.first, level.heap);
            match (first, top) {
                (NONE, NONE) => self.lowest += 1,
                (NONE, node) | (node, NONE) => return Some(node),
                _ => {
                    let older = self.nodes[first as usize].stamp <= self.nodes[top as usize].stamp;
                    return Some(if older { first } else { top });
                }
            }
        }
        None
    }

    /// Puts a node where its pending requests and its stamp say.
    fn link(&mut self, node: u32) {
        let pending = self.nodes[node as usize].pending as usize;
        if self.levels.len() <= pending {
            self.levels.resize(pending + 1, EMPTY);
        }
        self.lowest = self.lowest.min(pending);
        let level = &mut self.levels[pending];
        let last = level.last;
        if last == NONE {
            (level.first, level.last) = (node, node);
            self.nodes[node as usize].place = Place::Line;
        } else if self.nodes[last as usize].stamp <= self.nodes[node as usize].stamp {
            level.last = node;
            self.nodes[last as usize].next = node;
            self.nodes[node as usize].prev = last;
            self.nodes[node as usize].place = Place::Line;
        } else {
            level.heap = heap::insert(&mut self.nodes, level.heap, node);
            self.nodes[node as usize].place = Place::Heap;
        }
    }

    fn unlink(&mut self, node: u32) {
        let Node { pending, place, prev, next, .. } = self.nodes[node as usize];
        let level = &mut self.levels[pending as usize];
        match place {
            Place::Nowhere => return,
            Place::Heap => level.heap = heap::remove(&mut self.nodes, level.heap, node),
            Place::Line => {
                match prev {
                    NONE => level.first = next,
                    prev => self.nodes[prev as usize].next = next,
                }
                match next {
                    NONE => level.last = prev,
                    next => self.nodes[next as usize].prev = prev,
                }
            }
        }
        let node = &mut self.nodes[node as usize];
        (node.prev, node.next, node.place) = (NONE, NONE, Place::Nowhere);
    }
}

impl Index for Levels {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, _: &About<'_>) {
        let mut state = self.state.lock();
        let node = Node {
            peer: peer.slot_ref(),
            stamp: state.newcomers,
            pending: 0,
            place: Place::Nowhere,
            prev: NONE,
            next: NONE,
            child: NONE,
        };
        state.newcomers += 1;
        let index = peer.slot().index() as usize;
        if index < state.nodes.len() {
            state.nodes[index] = node;
        } else {
            // Slots are first used in the order of their indexes, but their tenants may be seated
            // in another.
            let vacant = |_| Node { place: Place::Nowhere, ..node.copy() };
            let missing = index - state.nodes.len();
            state.nodes.extend((0..=missing).map(vacant));
        }
    }

    fn up(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.state.lock().link(peer.slot().index());
    }

    fn down(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.state.lock().unlink(peer.slot().index());
    }
}

impl Node {
    fn copy(&self) -> Self {
        Self { ..*self }
    }
}
