//! What the roster keeps in step for a policy.
//!
//! An index hears of every change under the roster's mutex, in order, and so is exact: no event can
//! overtake another. That is why it cannot be implemented outside this crate: its code calls nobody
//! back, so no user code runs under a lock. ([`Serial`](crate::policy::Serial) is how a policy of
//! one's own hears of changes: its index only writes them down.)

use std::ptr;
use std::sync::Arc;

use super::{Entry, Roster};
use crate::sync::{AtomicPtr, Ordering};

/// Something kept in step with the roster. Its name is out of reach outside this crate.
pub trait Index: Send + Sync {
    /// The index begins to serve `roster`. `false`: it serves another one already.
    fn attach(&self, roster: &Roster) -> bool;

    /// A peer has joined the list; it is not available yet.
    fn joined(&self, peer: Entry<'_>, names: Names<'_>) {
        let _ = (peer, names);
    }

    /// A peer has become available.
    fn entered(&self, peer: Entry<'_>) {
        let _ = peer;
    }

    /// A peer is about to be not available any more.
    fn withdrew(&self, peer: Entry<'_>) {
        let _ = peer;
    }

    /// A peer has left the list. If it was available, it withdrew before.
    fn left(&self, peer: Entry<'_>) {
        let _ = peer;
    }

    /// A status has changed. Called with no lock held, perhaps by several threads at once.
    fn changed(&self) {}

    /// An update, a start or a stop is over. Called like `changed`.
    fn settle(&self) {}
}

/// What a peer is called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub(crate) id: &'a Arc<str>,
    pub(crate) shard: &'a Arc<str>,
}

/// The one roster that an index serves.
///
/// An index holds pointers to slots, which live as long as their roster. Somebody might share a
/// policy between two lists; then one list's choice could meet the other's slots after they are
/// gone. So an index has one home, and offers nothing to others.
#[derive(Debug)]
pub(crate) struct Home(AtomicPtr<Roster>);

impl Default for Home {
    fn default() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }
}

impl Home {
    pub(crate) fn settle_at(&self, roster: &Roster) -> bool {
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
