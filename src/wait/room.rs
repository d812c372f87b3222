//! How many may wait.

use std::sync::Arc;

use crate::sync::{AtomicUsize, Ordering};

/// Room for those that wait; without a limit there is always some, and nothing is counted.
pub(super) struct Room(Option<Arc<AtomicUsize>>);

/// One of the places in a [`Room`], given back when dropped.
#[must_use]
pub(crate) struct Admission(Option<Arc<AtomicUsize>>);

impl Room {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self(limit.map(|limit| Arc::new(AtomicUsize::new(limit))))
    }

    /// Takes a place. `None`: all are taken.
    pub(super) fn admit(&self) -> Option<Admission> {
        let Some(left) = &self.0 else { return Some(Admission(None)) };
        // Relaxed throughout: a number on its own, that only has to be right in its own order.
        let mut seen = left.load(Ordering::Relaxed);
        while seen > 0 {
            match left.compare_exchange(seen, seen - 1, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Some(Admission(Some(Arc::clone(left)))),
                Err(now) => seen = now,
            }
        }
        None
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if let Some(left) = &self.0 {
            left.fetch_add(1, Ordering::Relaxed);
        }
    }
}
