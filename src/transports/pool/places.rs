//! How many connections there are, of all peers.

use std::sync::Arc;

use crate::sync::{AtomicU64, AtomicUsize, Ordering};

/// Counts, and refuses to count further than its limit.
#[derive(Debug)]
pub(super) struct Places {
    open: AtomicUsize,
    limit: usize,
    pub(super) made: AtomicU64,
    pub(super) failed: AtomicU64,
}

/// One connection's, until it is dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Places>);

impl Places {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        let (made, failed) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self { open: AtomicUsize::new(0), limit, made, failed })
    }

    pub(super) fn take(self: &Arc<Self>) -> Option<Place> {
        // Relaxed: a count of things that are handed from thread to thread by locks.
        let one_more = |open: usize| (open < self.limit).then_some(open + 1);
        let taken = self.open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        taken.is_ok().then(|| Place(Arc::clone(self)))
    }

    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
