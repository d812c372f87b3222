//! The queue: waiters enter and leave it, and are told that they may look again, or that all is over.

use std::fmt;
use std::sync::Arc;

use crate::sync::{AtomicUsize, Mutex, Ordering, fence};
use crate::wait::giver::{Batch, Giver};
use crate::wait::lanes::{Lanes, Wants};
use crate::wait::notice::{Notice, Ready};
use crate::wait::order::Ordered;
use crate::wait::room::{Admission, Room};
use crate::wait::waiter::{Verdict, Waiter};

/// One in the queue.
pub(super) enum Party {
    Blocked(Arc<Waiter>),
    /// With its place among those that may wait, once it waits.
    Notice(Notice, Option<Admission>),
}

pub(crate) struct Gate {
    /// The length of the queue.
    waiting: AtomicUsize,
    pub(super) queue: Mutex<Queue>,
    pub(super) giver: Giver,
    pub(super) ordered: Ordered,
    room: Room,
}

#[derive(Default)]
pub(super) struct Queue {
    closed: bool,
    pub(super) lanes: Lanes<Party>,
}

/// The gate has closed for good.
#[derive(Debug)]
pub(crate) struct Closed;

impl Gate {
    /// A gate of so many that may wait.
    pub(crate) fn new(ordered: Ordered, max_waiting: Option<usize>) -> Self {
        Self {
            ordered,
            room: Room::new(max_waiting),
            waiting: AtomicUsize::new(0),
            queue: Mutex::default(),
            giver: Giver::default(),
        }
    }

    /// Enters the queue, at the place of an earlier wait of the same caller if it has one. The
    /// caller then tries to choose, says what it waits for, and sleeps.
    pub(crate) fn enter(
        &self,
        waiter: &Arc<Waiter>,
        arrival: Option<u64>,
    ) -> Result<Entered<'_>, Closed> {
        let party = || Party::Blocked(Arc::clone(waiter));
        let arrival = self.push(arrival, party).ok_or(Closed)?;
        Ok(Entered { gate: self, arrival })
    }

    pub(super) fn push(&self, arrival: Option<u64>, party: impl FnOnce() -> Party) -> Option<u64> {
        let mut queue = self.queue.lock();
        if queue.closed {
            return None;
        }
        let arrival = arrival.unwrap_or_else(|| queue.lanes.arrive());
        queue.lanes.insert(arrival, Wants::Anything, party());
        self.count(&queue);
        drop(queue);
        // Step 2 of the waiter.
        fence(Ordering::SeqCst);
        Some(arrival)
    }

    pub(super) fn count(&self, queue: &Queue) {
        // Relaxed: the fences order it.
        self.waiting.store(queue.lanes.len(), Ordering::Relaxed);
    }

    /// One more is to wait. `None`: as many do as may.
    pub(crate) fn admit(&self) -> Option<Admission> {
        self.room.admit()
    }

    pub(super) fn take(&self, arrival: u64) -> Option<Party> {
        let mut queue = self.queue.lock();
        let party = queue.lanes.remove(arrival);
        self.count(&queue);
        party
    }

    /// Steps 2 and 3 of the thread that has news.
    #[inline]
    pub(super) fn has_waiters(&self) -> bool {
        fence(Ordering::SeqCst);
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Ends every wait, now and from now on.
    pub(crate) fn close(&self) {
        let parties = {
            let mut queue = self.queue.lock();
            queue.closed = true;
            let parties = queue.lanes.take_all();
            self.count(&queue);
            parties
        };
        self.end(parties, || Verdict::Stopped, Ready::Stopped);
    }

    /// Whether every wait has been ended for good.
    pub(crate) fn is_closed(&self) -> bool {
        self.queue.lock().closed
    }

    /// How many are in the queue.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn tell_to_look(&self, parties: Vec<Party>) {
        self.end(parties, || Verdict::Ready, Ready::TryAgain);
    }

    /// Blocked callers first: a notice may take its time.
    fn end(&self, parties: Vec<Party>, verdict: impl Fn() -> Verdict, ready: Ready) {
        let mut notices = Batch::new();
        for party in parties {
            match party {
                // A waiter that is decided already has been told something else.
                Party::Blocked(waiter) => drop(waiter.decide(verdict())),
                Party::Notice(notice, _) => notices.push((notice, ready)),
            }
        }
        self.giver.give(notices);
    }
}

/// A waiter's place in the queue, left when dropped.
pub(crate) struct Entered<'g> {
    gate: &'g Gate,
    arrival: u64,
}

impl Entered<'_> {
    /// When it arrived, to enter again at the same place.
    pub(crate) fn arrival(&self) -> u64 {
        self.arrival
    }

    /// Says what it waits for.
    pub(crate) fn narrow(&self, wants: Wants) {
        let now = self.gate.ordered.now();
        self.gate.queue.lock().lanes.narrow(self.arrival, wants, now);
    }

    /// Leaves the queue after this verdict: without its lock if the gate's own word ended the wait,
    /// since the gate takes a waiter out before it decides it.
    pub(crate) fn leave(self, verdict: &Verdict) {
        match verdict {
            Verdict::Ready | Verdict::PlaceFree(_) | Verdict::Given(_) | Verdict::Stopped => {
                std::mem::forget(self);
            }
            Verdict::Cancelled | Verdict::TimedOut => drop(self),
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        drop(self.gate.take(self.arrival));
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("waiting", &self.waiting()).finish()
    }
}
