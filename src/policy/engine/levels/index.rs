//! The index: what a choice asks, and what the roster tells.

use super::books::Books;
use super::heap::{Linked, NONE, Node};
use crate::policy::choice::{Choice, Nothing};
use crate::policy::engine::newcomers::Newcomers;
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned};
use crate::sync::Mutex;

/// The available peers by load.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    home: Home,
    books: Mutex<Books>,
    newcomers: Newcomers,
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
