//! The index: changes are written down as the roster tells them, and worked off a batch at a time.

use std::fmt;
use std::sync::Arc;

use crate::policy::engine::snapshot::Snapshot;
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, SlotRef};
use crate::sync::Mutex;

/// A peer and its place.
#[derive(Debug, Clone)]
pub(crate) struct Seated {
    pub(in crate::policy::engine) peer: SlotRef,
    pub(in crate::policy::engine) id: Arc<str>,
    /// The name of its place.
    pub(in crate::policy::engine) place: Arc<str>,
    /// At least 1.
    pub(in crate::policy::engine) weight: u16,
}

/// What the roster has told.
#[derive(Debug)]
pub(crate) enum Change {
    /// The peer has this place: it has joined, or its attributes are others now.
    Seated(Seated),
    Left(Key),
}

/// What became of the table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// It is another one now.
    pub(in crate::policy::engine) changed: bool,
    /// A peer sits where it did not before.
    pub(in crate::policy::engine) arrived: bool,
}

/// What a table is built from: all that the one thread which changes it knows.
pub(crate) trait Build {
    /// As a choice reads it. Copies share their parts.
    type Table: Clone + Default;

    /// Works off changes, in their order. Peers of two keys are two peers, also under one name.
    fn apply(&mut self, changes: Vec<Change>) -> Effect;

    /// The table as it is now.
    fn table(&self) -> &Self::Table;
}

/// The members of a list in a table that `B` builds.
pub(crate) struct Keyed<B: Build> {
    home: Home,
    pub(in crate::policy::engine) table: Snapshot<B::Table>,
    /// What the roster has told since the last batch, in order. Written under the roster's mutex.
    changes: Mutex<Vec<Change>>,
    /// Held from before changes are taken until they are in the table.
    pub(in crate::policy::engine) books: Mutex<B>,
}

impl<B: Build> Keyed<B> {
    pub(in crate::policy::engine) fn of(books: B) -> Self {
        Self {
            home: Home::default(),
            table: Snapshot::new(B::Table::default()),
            changes: Mutex::new(vec![]),
            books: Mutex::new(books),
        }
    }

    /// Whether this is the roster whose members these are.
    #[inline]
    pub(in crate::policy::engine) fn serves(&self, roster: &Roster) -> bool {
        self.home.is(roster)
    }

    fn seated(&self, peer: Entry<'_>, about: &About<'_>) {
        let (id, place) = (Arc::clone(about.id), Arc::clone(about.shard()));
        let weight = about.attributes.weight.max(1);
        let seated = Seated { peer: peer.slot_ref(), id, place, weight };
        self.changes.lock().push(Change::Seated(seated));
    }
}

impl<B: Build + Send> Index for Keyed<B>
where
    B::Table: Send + Sync,
{
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        self.seated(peer, about);
    }

    fn reattributed(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        // Most attributes are not about the table. Whether the place is another, the books know;
        // they cannot be asked here, under the roster's mutex: they may be at work.
        self.seated(peer, about);
    }

    fn left(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.changes.lock().push(Change::Left(peer.key()));
    }

    fn after_batch(&self) -> bool {
        // The books first. Another thread may have taken this one's changes; it holds the books
        // until they are in the table, so they are there when this thread gets them. And changes
        // are applied in the order in which they are taken: no thread builds from a table that lacks
        // those of another.
        let mut books = self.books.lock();
        let changes = std::mem::take(&mut *self.changes.lock());
        let effect = books.apply(changes);
        if effect.changed {
            self.table.replace(books.table().clone());
        }
        effect.arrived
    }
}

impl<B: Build> fmt::Debug for Keyed<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the books: another thread may be at work in them.
        f.debug_struct("Keyed").field("home", &self.home).finish_non_exhaustive()
    }
}
