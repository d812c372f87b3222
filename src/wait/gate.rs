//! Where callers wait while nothing can be chosen.
//!
//! # Why everybody is woken
//!
//! One available peer can serve any number of requests, so a peer that becomes available is news
//! for every waiter. Handing the news to one and trusting it to pass it on loses wake-ups as soon
//! as a policy is choosy: a waiter that the news does not help keeps it from those it would.
//!
//! # Why no wake-up is lost
//!
//! ```text
//!  waiter                              whoever makes a peer available
//!  1. enters the queue, `waiting` += 1   1. publishes the peer
//!  2. fence (SeqCst)                     2. fence (SeqCst)
//!  3. tries to choose                    3. reads `waiting`
//!  4. sleeps until decided               4. decides all waiters if it is not 0
//! ```
//!
//! The fences are ordered. If the waiter's is first, step 3 on the right sees the waiter; if the
//! other is first, step 3 on the left sees the peer. The price is paid by those who wait and by
//! those who publish; a choice that succeeds touches nothing here.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::notice::{Notice, NoticeId, Ready};
use super::waiter::{Verdict, Waiter};
use crate::panics;
use crate::sync::{AtomicUsize, Mutex, Ordering, fence};

/// Somebody in the queue.
enum Party {
    Blocked(Arc<Waiter>),
    Notice(Notice),
}

impl Party {
    fn tell(self, verdict: Verdict) {
        match self {
            Self::Blocked(waiter) => {
                waiter.decide(verdict);
            }
            Self::Notice(notice) => {
                let ready =
                    if verdict == Verdict::Stopped { Ready::Stopped } else { Ready::TryAgain };
                // It is nobody's here to hear of a panic in another party's notice.
                let _ = panics::run("a notice", || notice(ready));
            }
        }
    }
}

#[derive(Default)]
struct Queue {
    closed: bool,
    next: u64,
    /// In the order of arrival.
    parties: BTreeMap<u64, Party>,
}

pub(crate) struct Gate {
    /// The length of the queue.
    waiting: AtomicUsize,
    queue: Mutex<Queue>,
}

/// The gate has closed for good.
#[derive(Debug)]
pub(crate) struct Closed;

impl Gate {
    pub(crate) fn new() -> Self {
        Self { waiting: AtomicUsize::new(0), queue: Mutex::new(Queue::default()) }
    }

    /// Enters the queue. The caller then tries to choose, and sleeps only if that fails.
    pub(crate) fn enter(&self, waiter: &Arc<Waiter>) -> Result<Entered<'_>, Closed> {
        let id = self.push(|| Party::Blocked(Arc::clone(waiter))).ok_or(Closed)?;
        Ok(Entered { gate: self, id })
    }

    /// Enters a notice in the queue. The caller then tries to choose, and
    /// [gives](Gate::give) it at once if that succeeds. Gives it here if the gate is closed.
    pub(crate) fn enter_notice(&self, notice: Notice) -> Option<NoticeId> {
        let mut notice = Some(notice);
        let id = self.push(|| Party::Notice(notice.take().expect("called once")));
        if let Some(notice) = notice {
            Party::Notice(notice).tell(Verdict::Stopped);
        }
        id.map(NoticeId)
    }

    fn push(&self, party: impl FnOnce() -> Party) -> Option<u64> {
        let mut queue = self.queue.lock();
        if queue.closed {
            return None;
        }
        let id = queue.next;
        queue.next += 1;
        queue.parties.insert(id, party());
        self.waiting.store(queue.parties.len(), Ordering::Relaxed);
        drop(queue);
        // Step 2 of the waiter.
        fence(Ordering::SeqCst);
        Some(id)
    }

    /// Takes a notice back. `false`: it has been given, or is being given now.
    pub(crate) fn cancel(&self, id: NoticeId) -> bool {
        self.take(id.0).is_some()
    }

    /// Gives a notice now, if it has not been given.
    pub(crate) fn give(&self, id: NoticeId) {
        if let Some(party) = self.take(id.0) {
            party.tell(Verdict::Ready);
        }
    }

    fn take(&self, id: u64) -> Option<Party> {
        let mut queue = self.queue.lock();
        let party = queue.parties.remove(&id);
        self.waiting.store(queue.parties.len(), Ordering::Relaxed);
        party
    }

    /// Tells everybody in the queue to look again. The caller has published what there is to see.
    pub(crate) fn wake(&self) {
        // Step 2 of whoever makes a peer available.
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.tell_all(Verdict::Ready, false);
        }
    }

    /// Tells everybody that the list has stopped, now and from now on.
    pub(crate) fn close(&self) {
        self.tell_all(Verdict::Stopped, true);
    }

    #[cold]
    fn tell_all(&self, verdict: Verdict, close: bool) {
        let parties = {
            let mut queue = self.queue.lock();
            queue.closed |= close;
            self.waiting.store(0, Ordering::Relaxed);
            std::mem::take(&mut queue.parties)
        };
        for party in parties.into_values() {
            party.tell(verdict);
        }
    }

    /// How many are in the queue.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// A waiter's place in the queue, left when dropped.
pub(crate) struct Entered<'g> {
    gate: &'g Gate,
    id: u64,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        drop(self.gate.take(self.id));
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("waiting", &self.waiting()).finish()
    }
}
