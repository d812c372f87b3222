//! Giving notices, never one inside another.
//!
//! A notice may ask for the next one, which is due at once if a peer can be chosen, or may cause one
//! by what it does. Given inside the first, each would stand on the stack until all that follow
//! have returned, as deep as the caller's stack goes. So a thread that is giving notices of a gate
//! puts what comes due meanwhile on its list, and gives that when the notice has returned.
//!
//! Only its own: another thread gives its notices itself, at once, however long one takes here.

use super::notice::{Notice, Ready};
use crate::panics;
use crate::sync::Mutex;
use crate::this_thread::{ThreadKey, this_thread};

/// Notices that have left the queue.
pub(super) type Batch = Vec<(Notice, Ready)>;

/// The threads that are giving notices of a gate.
#[derive(Default)]
pub(super) struct Giver {
    giving: Mutex<Vec<Giving>>,
}

struct Giving {
    thread: ThreadKey,
    /// What has come due on this thread since it began.
    due: Batch,
}

impl Giver {
    /// Gives notices, now or, inside a notice, when that has returned.
    pub(super) fn give(&self, mut batch: Batch) {
        if batch.is_empty() {
            return;
        }
        let me = this_thread();
        {
            let mut giving = self.giving.lock();
            if let Some(mine) = giving.iter_mut().find(|giving| giving.thread == me) {
                mine.due.append(&mut batch);
                return;
            }
            giving.push(Giving { thread: me, due: vec![] });
        }
        while !batch.is_empty() {
            for (notice, ready) in batch {
                // The thread here only brought news. A panic in another caller's notice is not its
                // error, and the gate has no observer, so it is dropped.
                let _ = panics::catch("a notice", || notice(ready));
            }
            batch = self.take_due(me);
        }
    }

    /// What has come due on this thread. If nothing has, it is not giving any more.
    fn take_due(&self, me: ThreadKey) -> Batch {
        let mut giving = self.giving.lock();
        let at = giving.iter().position(|giving| giving.thread == me);
        let at = at.expect("it was entered, and only this thread removes it");
        if giving[at].due.is_empty() {
            return giving.swap_remove(at).due;
        }
        std::mem::take(&mut giving[at].due)
    }
}
