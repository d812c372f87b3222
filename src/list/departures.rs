//! Peers that have left the list and are not given back yet, and callers that wait for them.
//!
//! A peer departs when it is removed, or when its list stops. It is gone when its last request has
//! ended and the transport's `release_peer` has returned. Until then it is written down here, so that
//! what is in flight on it is counted somewhere, and [`drain`](crate::Chooser::drain) has something
//! to wait for. Nothing of this is on the way of a request: only the end of the last one of a peer
//! that has left comes here.

use std::collections::HashMap;
use std::fmt;
use std::time::Instant;

use crate::slot::{Key, SlotRef};
use crate::sync::{Condvar, Mutex};

/// The peers that are on their way out.
pub(super) struct Departures {
    leaving: Mutex<HashMap<Key, SlotRef>>,
    /// The last one is gone.
    empty: Condvar,
}

impl Departures {
    pub(super) fn new() -> Self {
        Self { leaving: Mutex::new(HashMap::new()), empty: Condvar::new() }
    }

    /// A peer is about to be taken out of the choice.
    pub(super) fn begin(&self, slot: SlotRef) {
        self.leaving.lock().insert(slot.key, slot);
    }

    /// A peer has been given back.
    pub(super) fn end(&self, key: Key) {
        let mut leaving = self.leaving.lock();
        leaving.remove(&key);
        if leaving.is_empty() {
            // All of them, as each waits for the same.
            self.empty.notify_all();
        }
    }

    /// Those that are on their way now.
    pub(super) fn slots(&self) -> Vec<SlotRef> {
        self.leaving.lock().values().copied().collect()
    }

    /// Blocks until there are none. Returns whether there are none.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut leaving = self.leaving.lock();
        while !leaving.is_empty() {
            match deadline {
                None => leaving = self.empty.wait(leaving),
                Some(deadline) => {
                    let (guard, timed_out) = self.empty.wait_until(leaving, deadline);
                    leaving = guard;
                    if timed_out {
                        return leaving.is_empty();
                    }
                }
            }
        }
        true
    }
}

impl fmt::Debug for Departures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Departures").finish_non_exhaustive()
    }
}
