//! What is changed under the lock of the index: a choice, the end of a request, a peer that comes.

use super::ends::End;
use super::heap::{Linked, NONE, Node};
use super::loads::Loads;
use crate::policy::engine::newcomers::{Fraction, Newcomers, Place};
use crate::roster::Roster;
use crate::slot::{Key, Pinned, SlotRef};

/// When the clock starts: room for as many peers that come before all others.
const START: u64 = 1 << 62;

/// How often a node is drawn that may be one of those that are looked for, or not.
const DRAWS: usize = 8;

/// The peers, and where the next choice of each would put it.
#[derive(Debug)]
pub(super) struct Books {
    /// By [`Key::index`](crate::policy::Key::index).
    pub(super) nodes: Vec<Node>,
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

impl Books {
    /// Pins the least loaded peer, and puts it where it is then.
    #[inline]
    pub(super) fn next<'r>(&mut self, roster: &'r Roster) -> Option<Pinned<'r>> {
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

    /// The same as if the peers in `except` were not available.
    pub(super) fn next_except<'r>(
        &mut self,
        roster: &'r Roster,
        except: &[Key],
    ) -> Option<Pinned<'r>> {
        // Those that are not to be chosen are taken out for the moment, and linked through `next`.
        let mut hidden = NONE;
        for key in except {
            let Some(node) = self.nodes.get(key.index()) else { continue };
            // A later peer in the slot of the one with this key may be chosen.
            let same = roster.entry(node.peer).key() == *key;
            if same && node.linked != Linked::Nowhere {
                let node = key.index() as u32;
                self.unlink(node);
                self.nodes[node as usize].next = std::mem::replace(&mut hidden, node);
            }
        }
        let pinned = self.next(roster);
        while hidden != NONE {
            let node = hidden;
            hidden = std::mem::replace(&mut self.nodes[node as usize].next, NONE);
            self.link(node);
        }
        pinned
    }

    /// The same of a peer that is told, if it is available. Cold, and apart: `next` has its links inlined.
    #[cold]
    #[inline(never)]
    pub(super) fn take<'r>(&mut self, roster: &'r Roster, node: u32) -> Option<Pinned<'r>> {
        // It may be on its way in or out.
        if self.nodes.get(node as usize)?.linked == Linked::Nowhere {
            return None;
        }
        let pinned = roster.entry(self.nodes[node as usize].peer).pin()?;
        let stamp = self.tick();
        self.unlink(node);
        let this = &mut self.nodes[node as usize];
        this.stamp = stamp;
        this.pending += 1;
        self.link(node);
        Some(pinned)
    }

    /// A request has ended.
    #[inline]
    pub(super) fn finished(&mut self, end: End) {
        let node = end.index();
        let Some(this) = self.nodes.get(node as usize) else { return };
        // A policy that wraps this one may tell it of a request that it did not choose for.
        if !end.is_on(this.peer.slot.as_ptr()) {
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

    /// Has a peer in its slot's place, linked into nothing.
    pub(super) fn join(&mut self, peer: SlotRef) {
        let index = peer.key.index();
        // Slots are first used in the order of their indexes, but their tenants may be seated in
        // another: what is missing before this one gets its tenant later.
        while self.nodes.len() <= index {
            self.nodes.push(Node::new(peer));
        }
        self.nodes[index] = Node::new(peer);
    }

    fn tick(&mut self) -> u64 {
        let now = self.clock;
        self.clock += 1;
        now
    }

    /// Links a node, which is linked into nothing, as a peer that comes or comes back.
    pub(super) fn link_newcomer(&mut self, node: u32, newcomers: &Newcomers) {
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
    pub(super) fn link(&mut self, node: u32) {
        self.loads.link(&mut self.nodes, node);
    }

    #[inline(never)]
    pub(super) fn unlink(&mut self, node: u32) {
        self.loads.unlink(&mut self.nodes, node);
    }
}
