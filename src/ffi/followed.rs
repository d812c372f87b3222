//! Whose status a peer has whose transport is one of the library's: a cell that is set once at most.
//!
//! It is one word, as nearly all peers have nothing in it, and there may be very many of them.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::{Peer, Subscriber};

/// A peer of a transport of the library's, behind one of C's.
pub(super) struct Followed {
    pub(super) peer: Arc<dyn Peer>,
    /// What hears of its changes.
    pub(super) subscriber: Arc<dyn Subscriber>,
}

/// `NULL`, or what `Box::into_raw` made.
#[derive(Default)]
pub(super) struct FollowedCell(AtomicPtr<Followed>);

// An `AtomicPtr<T>` is `Send + Sync` for every `T`. This one shares its `T` between threads, so `T` has to
// be `Send + Sync`, which only this assertion has the compiler check.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<Followed>();
};

impl FollowedCell {
    pub(super) fn get(&self) -> Option<&Followed> {
        // Acquire pairs with the release of `set`.
        let followed = self.0.load(Ordering::Acquire);
        // SAFETY: `NULL`, or a box that stays until the cell is dropped, and is only read.
        unsafe { followed.as_ref() }
    }

    /// Sets it; a second one is dropped.
    pub(super) fn set(&self, followed: Followed) {
        let followed = Box::into_raw(Box::new(followed));
        let (release, relaxed) = (Ordering::Release, Ordering::Relaxed);
        if self.0.compare_exchange(ptr::null_mut(), followed, release, relaxed).is_err() {
            // SAFETY: made above, and not shared.
            drop(unsafe { Box::from_raw(followed) });
        }
    }
}

impl Drop for FollowedCell {
    fn drop(&mut self) {
        let followed = *self.0.get_mut();
        if !followed.is_null() {
            // SAFETY: made by `set`; no reference outlives the cell.
            drop(unsafe { Box::from_raw(followed) });
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::{Identifier, Status, StatusPeer};

    #[derive(Debug)]
    struct Still;

    impl Identifier for Still {
        fn identifier(&self) -> &str {
            "still"
        }
    }

    impl StatusPeer for Still {
        fn status(&self) -> Status {
            Status::default()
        }
    }

    impl Peer for Still {}

    impl Subscriber for Still {
        fn notify_status_changed(&self, _: &dyn Identifier) {}
    }

    #[test]
    fn the_first_stays_and_all_are_dropped() {
        let (first, second) = (Arc::new(Still), Arc::new(Still));
        let of = |it: &Arc<Still>| Followed { peer: it.clone(), subscriber: it.clone() };
        let cell = FollowedCell::default();
        assert!(cell.get().is_none());
        cell.set(of(&first));
        cell.set(of(&second));
        let kept = cell.get().map(|it| Arc::as_ptr(&it.peer).cast::<()>());
        assert_eq!(kept, Some(Arc::as_ptr(&first).cast()));
        assert_eq!((Arc::strong_count(&first), Arc::strong_count(&second)), (3, 1));
        drop(cell);
        assert_eq!(Arc::strong_count(&first), 1);
        drop(FollowedCell::default());
    }
}
