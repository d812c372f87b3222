//! What the roster keeps in step for a policy.
//!
//! An index is a table that a policy keeps of the available peers: dense, in turn, by load, by
//! point on a ring, by name. It hears of every change under the roster's mutex, in order, and so is
//! exact: no event can overtake another. That is why only this crate has indexes: their code calls
//! nothing back, so no user code runs under a lock. A policy outside this crate owns one of them
//! ([`Dense`](crate::policy::Dense)) or is told of changes later
//! ([`Serial`](crate::policy::Serial)).
//!
//! Two things see to it that no event can be made up. An [`Index`] is reached from outside only as
//! an [`IndexRef`], which has no method; and its methods take a [`Locked`], which only the roster
//! can make. The same token opens what an index writes under the roster's mutex ([`Guarded`]), so an
//! index needs no lock of its own for that.

use std::fmt;
use std::ptr;
use std::sync::Arc;

use super::entry::Entry;
use super::front::Roster;
use crate::attributes::Attributes;
use crate::slot::SlotRef;
use crate::sync::{AtomicPtr, Ordering, UnsafeCell};

/// Something kept in step with the roster.
pub(crate) trait Index: Send + Sync {
    /// The index begins to serve `roster`. Returns whether it does: it may serve another already.
    fn attach(&self, roster: &Roster) -> bool;

    /// A status push has begun, of which [`up`](Index::up) or [`down`](Index::down) may come: what they
    /// touch of this peer is asked for. The slot itself is better left alone: it is on its way.
    fn expect(&self, locked: &mut Locked<'_>, peer: SlotRef) {
        let _ = (locked, peer);
    }

    /// A peer has joined the list; it is not available yet.
    fn joined(&self, locked: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        let _ = (locked, peer, about);
    }

    /// A peer has become available.
    fn up(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        let _ = (locked, peer);
    }

    /// A peer is about to be not available any more.
    fn down(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        let _ = (locked, peer);
    }

    /// The attributes of a peer that has joined are others now.
    fn reattributed(&self, locked: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        let _ = (locked, peer, about);
    }

    /// A peer has left the list. If it was available, it went down before.
    fn left(&self, locked: &mut Locked<'_>, peer: Entry<'_>) {
        let _ = (locked, peer);
    }

    /// So many peers are about to join: room for them is made at once, and nothing else is done.
    fn reserve(&self, locked: &mut Locked<'_>, more: usize) {
        let _ = (locked, more);
    }

    /// A status has changed. Called with no lock held, perhaps by several threads at once.
    fn after_status(&self) {}

    /// An update, a start or a stop is over. Called with no lock held, perhaps by several threads at
    /// once; what the batch changed is to be in place when this returns. Returns whether peers have
    /// got into the table that may have become available before.
    fn after_batch(&self) -> bool {
        false
    }
}

/// What an index is told about a peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) id: &'a Arc<str>,
    pub(crate) attributes: &'a Arc<Attributes>,
}

impl About<'_> {
    /// The name under which a hash ring places the peer.
    pub(crate) fn shard(&self) -> &Arc<str> {
        self.attributes.shard.as_ref().unwrap_or(self.id)
    }
}

/// A policy's index, as its list gets it: see [`Policy::index`](crate::Policy::index).
///
/// It is passed on, and has no method: an event that did not happen cannot be told.
///
/// ```compile_fail,E0624
/// # use peerage::policy::Dense;
/// let peers = Dense::default();
/// peers.index().get();
/// ```
#[derive(Clone, Copy)]
pub struct IndexRef<'a>(&'a dyn Index);

impl<'a> IndexRef<'a> {
    pub(crate) fn new(index: &'a dyn Index) -> Self {
        Self(index)
    }

    pub(crate) fn get(self) -> &'a dyn Index {
        self.0
    }
}

impl fmt::Debug for IndexRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndexRef").finish_non_exhaustive()
    }
}

/// The roster's mutex is held by this thread, and as long as this lives.
pub(crate) struct Locked<'r> {
    pub(super) roster: &'r Roster,
}

impl<'r> Locked<'r> {
    pub(crate) fn roster(&self) -> &'r Roster {
        self.roster
    }
}

/// The one roster that an index serves.
///
/// An index holds pointers to slots, which live as long as their roster. A policy might be shared
/// between two lists; then one list's choice could meet the other's slots after they are gone. So
/// an index has one home, and offers nothing to others.
#[derive(Debug, Default)]
pub(crate) struct Home(AtomicPtr<Roster>);

impl Home {
    /// Binds to `roster`. Returns whether it was not bound before.
    pub(crate) fn bind_to(&self, roster: &Roster) -> bool {
        let roster = ptr::from_ref(roster).cast_mut();
        // Relaxed: the address is compared, never followed.
        self.0
            .compare_exchange(ptr::null_mut(), roster, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }

    #[inline]
    pub(crate) fn is(&self, roster: &Roster) -> bool {
        ptr::eq(self.0.load(Ordering::Relaxed), roster)
    }
}

/// What an index writes under the mutex of the roster that it serves, and only there.
#[derive(Debug, Default)]
pub(crate) struct Guarded<T> {
    home: Home,
    cell: UnsafeCell<T>,
}

// SAFETY: the cell is reached by threads that hold the mutex of `home`, one at a time.
unsafe impl<T: Send> Sync for Guarded<T> {}

impl<T> Guarded<T> {
    /// Binds it to `roster`. Returns whether it was not bound before.
    pub(crate) fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    /// Whether it serves `roster`: whether the index's slots are that roster's.
    #[inline]
    pub(crate) fn serves(&self, roster: &Roster) -> bool {
        self.home.is(roster)
    }

    /// Changes it. Does nothing if the mutex that is held is another roster's.
    pub(crate) fn with(&self, locked: &mut Locked<'_>, change: impl FnOnce(&mut T)) {
        if self.serves(locked.roster) {
            // SAFETY: `locked` proves that this thread holds the mutex of `home`. It is borrowed
            // mutably, so `change` cannot get here again with it.
            self.cell.with_mut(|cell| change(unsafe { &mut *cell }));
        }
    }
}
