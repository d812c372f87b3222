//! The available peers by number of pending requests, and among equals by time of last choice.
//!
//! A binary heap over (pending, last choice) costs O(log n) to choose, because the peer chosen goes
//! from the front to the back. Here every number of pending requests is a level (`loads.rs`), and a
//! choice moves one peer from the lowest level to the end of the next: O(1), whatever the number of
//! peers. A finished request moves its peer one level down. So the minimum is exact, and so is the
//! order among equals.
//!
//! A peer that joins, or comes back, was chosen never, or long ago. If it came first among its equals
//! for that, the next request of all idle clients would go to it. It gets a place, and a stamp, as
//! if it had been chosen at another time:
//!
//! ```text
//!  its k equals     a──────b──c────────────d────e──▶ now
//!                  ▲ ▲      ▲  ▲            ▲    ▲
//!                  before all, or just behind any of them: each once in k + 1 times
//! ```
//!
//! Of many that come together most follow the one before (`newcomers.rs`). (yarpc-go,
//! `peer/pendingheap`, gives a newcomer the place of a random other peer, and that one the last.)
//!
//! The requests in flight are counted here from choice to finish, also while a peer is unavailable:
//! one that comes back with requests still in flight comes back to their level.

use std::ptr;

use super::heap::{Linked, NONE, Node};
use super::loads::Loads;
use super::newcomers::{Fraction, Newcomers, Place};
use crate::policy::choice::{Choice, Nothing};
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::Mutex;

/// When the clock starts: room for as many peers that come before all others.
const START: u64 = 1 << 62;

/// How often a node is drawn that may be one of those that are looked for, or not.
const DRAWS: usize = 8;

/// The available peers by load.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    home: Home,
    books: Mutex<Books>,
    newcomers: Newcomers,
}

#[derive(Debug)]
struct Books {
    /// By [`Key::index`](crate::policy::Key::index).
    nodes: Vec<Node>,
    loads: Loads,
    /// The stamp of the next choice.
    clock: u64,
    /// The node that has last become available, and the clock then.
    newcomer: (u32, u64),
}

impl Default for Books {
    fn default() -> Self {
        Self { nodes: vec![], loads: Loads::new(), clock: START, newcomer: (NONE, 0) }
    }
}

impl Levels {
    /// Levels among whose equals newcomers come as told.
    pub(crate) fn with_newcomers(mut self, newcomers: Newcomers) -> Self {
        self.newcomers = newcomers;
        self
    }

    /// Pins the peer with the fewest pending requests; among equals the one whose last choice is
    /// the longest ago.
    pub(crate) fn next<'r>(&self, roster: &'r Roster) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        self.books.lock().next(roster).ok_or(Nothing::Unavailable)
    }

    /// The same as if the peers in `except` were not available.
    pub(crate) fn next_except<'r>(&self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        let mut books = self.books.lock();
        // Those that are not to be chosen are taken out for the moment, and linked through `next`.
        let mut hidden = NONE;
        for key in except {
            let Some(node) = books.nodes.get(key.index()) else { continue };
            // A later peer in the slot of the one with this key may be chosen.
            let same = roster.entry(node.peer).key() == *key;
            if same && node.linked != Linked::Nowhere {
                let node = key.index() as u32;
                books.unlink(node);
                books.nodes[node as usize].next = std::mem::replace(&mut hidden, node);
            }
        }
        let pinned = books.next(roster);
        while hidden != NONE {
            let node = hidden;
            hidden = std::mem::replace(&mut books.nodes[node as usize].next, NONE);
            books.link(node);
        }
        pinned.ok_or(Nothing::Excluded)
    }

    /// Pins this peer, as if it had been the next, if it is available.
    pub(crate) fn take<'r>(&self, roster: &'r Roster, peer: Entry<'r>) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        let mut books = self.books.lock();
        let node = books.nodes.get(peer.slot().index() as usize)?;
        // It may be on its way in or out.
        if node.linked == Linked::Nowhere {
            return None;
        }
        books.take(roster, peer.slot().index())
    }

    /// A request on `peer`, which [`next`](Levels::next) chose, has ended, or the choice was taken
    /// back.
    pub(crate) fn finished(&self, peer: Entry<'_>) {
        self.books.lock().finished(peer);
    }
}

impl Books {
    fn next<'r>(&mut self, roster: &'r Roster) -> Option<Pinned<'r>> {
        let node = self.loads.least(&self.nodes)?;
        // It is available: a peer is taken from here before its slot says that it is not.
        let (node, pinned) = match roster.entry(self.nodes[node as usize].peer).pin() {
            Some(pinned) => (node, pinned),
            None => self.pin_with_a_place(roster)?,
        };
        let stamp = self.tick();
        self.loads.unlink(&mut self.nodes, node);
        let this = &mut self.nodes[node as usize];
        this.stamp = stamp;
        this.pending += 1;
        self.loads.link(&mut self.nodes, node);
        Some(pinned)
    }

    /// Pins any peer with a place. The one with the fewest requests had none: that of a request which is
    /// ending is given back after it is counted here as ended.
    #[cold]
    fn pin_with_a_place<'r>(&self, roster: &'r Roster) -> Option<(u32, Pinned<'r>)> {
        let linked =
            self.nodes.iter().enumerate().filter(|(_, node)| node.linked != Linked::Nowhere);
        let mut nodes = linked.map(|(number, node)| (number as u32, node.peer));
        nodes.find_map(|(number, peer)| Some((number, roster.entry(peer).pin()?)))
    }

    /// The same of a peer that is told, and is linked. Cold, and apart: `next` has its links inlined.
    #[cold]
    #[inline(never)]
    fn take<'r>(&mut self, roster: &'r Roster, node: u32) -> Option<Pinned<'r>> {
        let pinned = roster.entry(self.nodes[node as usize].peer).pin()?;
        let stamp = self.tick();
        self.unlink(node);
        let this = &mut self.nodes[node as usize];
        this.stamp = stamp;
        this.pending += 1;
        self.link(node);
        Some(pinned)
    }

    fn finished(&mut self, peer: Entry<'_>) {
        let node = peer.slot().index();
        let Some(this) = self.nodes.get(node as usize) else { return };
        // A policy that wraps this one may tell it of a request that it did not choose for.
        if !ptr::eq(this.peer.slot.as_ptr(), peer.slot()) {
            return;
        }
        let available = this.linked != Linked::Nowhere;
        // A node is unlinked with the load that it was linked with.
        if available {
            self.loads.unlink(&mut self.nodes, node);
        }
        let pending = &mut self.nodes[node as usize].pending;
        *pending = pending.saturating_sub(1);
        if available {
            self.loads.link(&mut self.nodes, node);
        }
    }

    fn tick(&mut self) -> u64 {
        let now = self.clock;
        self.clock += 1;
        now
    }

    /// Links a node, which is linked into nothing, as a peer that comes or comes back.
    fn link_newcomer(&mut self, node: u32, newcomers: &Newcomers) {
        let pending = self.nodes[node as usize].pending;
        let together = self.newcomer_before(pending);
        let now = self.tick();
        self.nodes[node as usize].stamp = now;
        self.newcomer = (node, self.clock);
        let Some((equals, oldest)) = self.loads.equals(&self.nodes, pending) else {
            return self.link(node);
        };
        let oldest = self.nodes[oldest as usize].stamp;
        let (place, fraction) = newcomers.place(equals, together.is_some());
        match (place, together) {
            (Place::After(0) | Place::First, _) => {
                self.nodes[node as usize].stamp = oldest - 1;
                self.loads.link_first(&mut self.nodes, node);
            }
            (Place::Follow, Some(before)) => {
                self.loads.link_behind(&mut self.nodes, before, node);
            }
            (Place::After(_), _) => match self.random_equal(pending, fraction) {
                // Any of them: so each place behind the first is as likely.
                Some(other) => self.loads.link_behind(&mut self.nodes, other, node),
                None => {
                    self.nodes[node as usize].stamp = fraction.between(oldest, now);
                    self.link(node);
                }
            },
            (Place::Last | Place::Follow, _) => self.link(node),
        }
    }

    /// Any of the available nodes with so many pending requests, each as likely as the other. `None`:
    /// none was found, because they are few among all.
    fn random_equal(&self, pending: u32, mut fraction: Fraction) -> Option<u32> {
        for _ in 0..DRAWS {
            let drawn = fraction.of(self.nodes.len());
            let node = &self.nodes[drawn];
            if node.pending == pending && node.linked != Linked::Nowhere {
                return Some(drawn as u32);
            }
            fraction = fraction.another();
        }
        None
    }

    /// The peer that came last, if it is there and so loaded, and nothing was chosen since.
    fn newcomer_before(&self, pending: u32) -> Option<u32> {
        let (node, clock) = self.newcomer;
        let Node { pending: load, linked, .. } = *self.nodes.get(node as usize)?;
        (clock == self.clock && load == pending && linked != Linked::Nowhere).then_some(node)
    }

    #[inline(never)]
    fn link(&mut self, node: u32) {
        self.loads.link(&mut self.nodes, node);
    }

    #[inline(never)]
    fn unlink(&mut self, node: u32) {
        self.loads.unlink(&mut self.nodes, node);
    }
}

impl Index for Levels {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, _: &About<'_>) {
        let nodes = &mut self.books.lock().nodes;
        let index = peer.slot().index() as usize;
        // Slots are first used in the order of their indexes, but their tenants may be seated in
        // another: what is missing before this one gets its tenant later.
        while nodes.len() <= index {
            nodes.push(Node::new(peer.slot_ref()));
        }
        nodes[index] = Node::new(peer.slot_ref());
    }

    fn up(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.books.lock().link_newcomer(peer.slot().index(), &self.newcomers);
    }

    fn down(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.books.lock().unlink(peer.slot().index());
    }
}
