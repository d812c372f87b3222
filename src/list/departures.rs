//! Peers that have left the list and are not given back yet, and callers that wait for them.
//!
//! A peer departs when it is removed, or when its list stops. It is gone when its last request has
//! ended and the transport's `release_peer` has returned. Until then it is written down here, so that
//! what is in flight on it is counted somewhere, and [`drain`](crate::Chooser::drain) has something
//! to wait for. Nothing of this is on the way of a request: only the end of the last one of a peer
//! that has left comes here.
//!
//! A peer that was removed while its transport is still asked for it has no entry yet: it is noted in
//! the membership, and gets its entry under the membership's mutex, when the transport has answered.
//! So a drain that looks for notes first, and then for entries, misses none.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::time::Instant;

use crate::slot::{Key, SlotRef};
use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering};

/// The peers that are on their way out.
#[derive(Default)]
pub(crate) struct Departures {
    books: Mutex<Books>,
    /// How many callers wait for them: nearly always none, and an answer has nothing to tell.
    waiting: AtomicUsize,
    /// The last one is gone, or a transport has answered.
    changed: Condvar,
}

#[derive(Default)]
struct Books {
    leaving: HashMap<Key, SlotRef, BuildHasherDefault<KeyHasher>>,
    /// How often a transport has answered.
    answers: u64,
}

/// The list makes the keys itself, and every peer that leaves comes here and goes: they need no hash that
/// cannot be foreseen.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32((*byte).into()));
    }

    fn write_u32(&mut self, part: u32) {
        // 2⁶⁴ over the golden ratio: what differs in the lowest bit differs in the highest.
        self.0 = (self.0.rotate_left(32) ^ u64::from(part)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        // The upper bits are the better ones, and a table looks at both ends.
        self.0 ^ self.0 >> 32
    }
}

impl Departures {
    /// A peer is about to be taken out of the choice. The membership's mutex may be held.
    pub(crate) fn begin(&self, slot: SlotRef) {
        self.books.lock().leaving.insert(slot.key, slot);
    }

    /// A peer has been given back.
    pub(crate) fn end(&self, key: Key) {
        let mut books = self.books.lock();
        books.leaving.remove(&key);
        if books.leaving.is_empty() {
            // All of them, as each waits for the same.
            self.changed.notify_all();
        }
    }

    /// A transport has answered, and the membership was told.
    pub(crate) fn answered(&self) {
        // Relaxed: a caller that waits has asked the membership what is asked for. If it was before the
        // answer was told there, the membership's mutex has that caller seen here; if it was after, it
        // has heard the answer.
        if self.waiting.load(Ordering::Relaxed) == 0 {
            return;
        }
        self.books.lock().answers += 1;
        self.changed.notify_all();
    }

    /// Those that are on their way now.
    pub(crate) fn slots(&self) -> Vec<SlotRef> {
        self.books.lock().leaving.values().copied().collect()
    }

    /// Blocks until there are none, and none that a transport is still asked for, which `is_asked` says
    /// with no lock held. Returns whether there are none.
    pub(crate) fn wait(&self, deadline: Option<Instant>, is_asked: impl Fn() -> bool) -> bool {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let are_gone = self.wait_counted(deadline, is_asked);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        are_gone
    }

    fn wait_counted(&self, deadline: Option<Instant>, is_asked: impl Fn() -> bool) -> bool {
        let mut timed_out = false;
        loop {
            let answers = self.books.lock().answers;
            let asked = is_asked();
            let mut books = self.books.lock();
            while books.answers == answers {
                if !asked && books.leaving.is_empty() {
                    return true;
                }
                if timed_out {
                    return false;
                }
                match deadline {
                    None => books = self.changed.wait(books),
                    Some(deadline) => {
                        (books, timed_out) = self.changed.wait_until(books, deadline);
                    }
                }
            }
        }
    }
}
