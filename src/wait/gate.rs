//! Where callers wait while nothing can be chosen.
//!
//! # Who is woken by what
//!
//! | a waiter wants | because its policy said | it is woken by |
//! |---|---|---|
//! | so many peers | too few are available, or none for this request | a peer that becomes available, if then there are enough |
//! | one name | only the named peer will do | that peer becoming available |
//! | a place | every peer that would do is at its capacity | a finish, one waiter each; a peer that becomes available, all |
//! | a word | the policy is not ready, or the list not started | the policy's word, or the start |
//! | anything | it is not known yet: it is looking right now | all of these |
//!
//! A stop ends every wait. One available peer can serve any number of requests, so a peer that
//! becomes available is news for all who can use it. A place serves one: the waiter whose turn it is
//! (`order.rs`) gets it, or passes the word on if it is of no use to it.
//!
//! # Why no wake-up is lost
//!
//! ```text
//!  waiter                                 the thread that has news
//!  1. enters, wanting anything              1. publishes the peer, or frees the place
//!  2. fence (SeqCst)                        2. fence (SeqCst)
//!  3. tries to choose                       3. reads `waiting`
//!  4. narrows what it wants to what         4. decides the waiters that can use it,
//!     its policy said                          and all that want anything
//!  5. sleeps until decided
//! ```
//!
//! The fences are ordered. If the waiter's is first, step 3 on the right sees the waiter; if the
//! other is first, step 3 on the left sees the peer. News between 1 and 4 decides the waiter,
//! whatever it is about, and then 5 does not sleep. The price is paid by those who wait and by those
//! who publish; a choice that succeeds touches nothing here.
//!
//! # A place goes from hand to hand
//!
//! Where the policy allows it, a finish hands its own pin to the first waiter instead of giving it
//! back ([`Gate::hand_over`]). The count does not go down in between, so there is no moment at which
//! a newcomer could take the place.

use std::fmt;
use std::sync::Arc;

use super::giver::{Batch, Giver};
use super::lanes::{Lanes, Wants, name_hash};
use super::notice::{Notice, NoticeId, Ready};
use super::order::{Ordered, Turn};
use super::room::{Admission, Room};
use super::waiter::{Verdict, Waiter};
use crate::slot::Pin;
use crate::sync::{AtomicUsize, Mutex, Ordering, fence};

/// One in the queue.
enum Party {
    Blocked(Arc<Waiter>),
    /// With its place among those that may wait, once it waits.
    Notice(Notice, Option<Admission>),
}

/// What has happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News<'a> {
    /// The peer of this name has become available; how many are, with it.
    Up { name: &'a str, available: usize },
    /// Peers that are available have got into the policy's table; how many are available.
    Tables { available: usize },
    /// The list has started, or its policy asks that everything be looked at again.
    Everything,
}

pub(crate) struct Gate {
    /// The length of the queue.
    waiting: AtomicUsize,
    queue: Mutex<Queue>,
    giver: Giver,
    ordered: Ordered,
    room: Room,
}

#[derive(Default)]
struct Queue {
    closed: bool,
    lanes: Lanes<Party>,
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
            queue: Mutex::new(Queue::default()),
            giver: Giver::new(),
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

    /// Enters a notice in the queue. The caller then tries to choose, and
    /// [gives](Gate::give) it at once if that succeeds. Gives it here if the gate is closed.
    pub(crate) fn enter_notice(&self, notice: Notice) -> Option<NoticeId> {
        let mut notice = Some(notice);
        let party = || Party::Notice(notice.take().expect("called once"), None);
        let id = self.push(None, party);
        if let Some(notice) = notice {
            self.give_now(notice, Ready::Stopped);
        }
        id.map(NoticeId)
    }

    fn push(&self, arrival: Option<u64>, party: impl FnOnce() -> Party) -> Option<u64> {
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

    fn count(&self, queue: &Queue) {
        // Relaxed: the fences order it.
        self.waiting.store(queue.lanes.len(), Ordering::Relaxed);
    }

    /// One more is to wait. `None`: as many do as may.
    pub(crate) fn admit(&self) -> Option<Admission> {
        self.room.admit()
    }

    /// Says what a notice waits for. If as many wait as may it is given, as one that was refused.
    /// Returns whether it waits, or was given already.
    pub(crate) fn narrow(&self, id: NoticeId, wants: Wants) -> bool {
        let Some(admission) = self.admit() else {
            if let Some(Party::Notice(notice, _)) = self.take(id.0) {
                self.give_now(notice, Ready::QueueFull);
                return false;
            }
            return true;
        };
        let now = self.ordered.now();
        let mut queue = self.queue.lock();
        queue.lanes.narrow(id.0, wants, now);
        if let Some(Party::Notice(_, place)) = queue.lanes.get_mut(id.0) {
            *place = Some(admission);
        }
        true
    }

    /// Takes a notice back. Returns whether it had not been given, and will not be.
    pub(crate) fn cancel(&self, id: NoticeId) -> bool {
        let cancelled = self.take(id.0).is_some();
        if !cancelled {
            // It may have been the word of a free place, which its owner does not use now.
            self.place_freed(true);
        }
        cancelled
    }

    /// Gives a notice now, if it has not been given.
    pub(crate) fn give(&self, id: NoticeId) {
        if let Some(Party::Notice(notice, _)) = self.take(id.0) {
            self.give_now(notice, Ready::TryAgain);
        }
    }

    /// Gives a notice that has not been entered; inside another notice of this gate, after that.
    pub(crate) fn give_now(&self, notice: Notice, ready: Ready) {
        self.giver.give(vec![(notice, ready)]);
    }

    fn take(&self, arrival: u64) -> Option<Party> {
        let mut queue = self.queue.lock();
        let party = queue.lanes.remove(arrival);
        self.count(&queue);
        party
    }

    /// Wakes the waiters that can use the news. The caller has published what there is to see.
    pub(crate) fn wake(&self, news: News<'_>) {
        if self.has_waiters() {
            self.tell(news);
        }
    }

    /// Steps 2 and 3 of the thread that has news.
    #[inline]
    fn has_waiters(&self) -> bool {
        fence(Ordering::SeqCst);
        self.waiting.load(Ordering::Relaxed) > 0
    }

    #[cold]
    fn tell(&self, news: News<'_>) {
        let mut woken = vec![];
        {
            let mut queue = self.queue.lock();
            let lanes = &mut queue.lanes;
            match news {
                News::Everything => woken = lanes.take_all(),
                News::Up { available, .. } | News::Tables { available } => {
                    lanes.take_undecided(&mut woken);
                    lanes.take_for_peers(available, &mut woken);
                    lanes.take_for_places(&mut woken);
                }
            }
            match news {
                News::Up { name, .. } if lanes.has_names() => {
                    lanes.take_for_name(name_hash(name.as_bytes()), &mut woken);
                }
                _ => {}
            }
            self.count(&queue);
        }
        self.tell_to_look(woken);
    }

    /// A place has become free, which the caller has given back: wakes the first waiter for one.
    ///
    /// `serves_any`: every place serves every waiter, so one is enough. Otherwise the first blocked
    /// caller passes the word on if the place is of no use to it; a notice cannot, so all notices
    /// for a place are given.
    pub(crate) fn place_freed(&self, serves_any: bool) {
        if self.has_waiters() {
            self.tell_of_place(None, None, serves_any);
        }
    }

    /// The word of a free place was of no use to the waiter that arrived as `after`: the next one.
    pub(crate) fn pass_on(&self, after: u64, turn: Turn) {
        self.tell_of_place(Some(after), Some(turn), true);
    }

    /// `turn`: the direction of a word that is passed on, so that it reaches every waiter once, whatever
    /// the order has become.
    #[cold]
    fn tell_of_place(&self, after: Option<u64>, turn: Option<Turn>, serves_any: bool) {
        let mut woken = vec![];
        let now = self.ordered.now();
        let (mut first, turn) = {
            let mut queue = self.queue.lock();
            let turn = turn.unwrap_or_else(|| self.ordered.turn(queue.lanes.busy_since(), now));
            // These are looking just now, and may not have seen the place.
            queue.lanes.take_undecided(&mut woken);
            if !serves_any {
                let is_notice = |party: &Party| matches!(party, Party::Notice(..));
                queue.lanes.take_for_places_if(is_notice, &mut woken);
            }
            let first = queue.lanes.take_first_for_a_place(turn, after);
            self.count(&queue);
            (first, turn)
        };
        self.tell_to_look(woken);
        while let Some(party) = first.take() {
            match party {
                Party::Notice(notice, admission) => {
                    // It waits no more, and may ask for the next one.
                    drop(admission);
                    self.give_now(notice, Ready::TryAgain);
                }
                Party::Blocked(waiter) => {
                    if waiter.decide(Verdict::PlaceFree(turn)).is_err() {
                        // It timed out, was cancelled or got other news: the next one.
                        let mut queue = self.queue.lock();
                        first = queue.lanes.take_first_for_a_place(turn, after);
                        self.count(&queue);
                    }
                }
            }
        }
    }

    /// Hands a place to the waiter for one whose turn it is. Returns it if there is none, or if it is a
    /// notice, which cannot hold a place.
    pub(crate) fn hand_over(&self, mut pin: Pin) -> Result<(), Pin> {
        let now = self.ordered.now();
        loop {
            let mut queue = self.queue.lock();
            let turn = self.ordered.turn(queue.lanes.busy_since(), now);
            if !matches!(queue.lanes.first_for_a_place(turn), Some(Party::Blocked(_))) {
                return Err(pin);
            }
            let first = queue.lanes.take_first_for_a_place(turn, None);
            self.count(&queue);
            drop(queue);
            let Some(Party::Blocked(waiter)) = first else { return Err(pin) };
            match waiter.decide(Verdict::Given(pin)) {
                // It was decided by something else: the next one.
                Err(Verdict::Given(back)) => pin = back,
                _ => return Ok(()),
            }
        }
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

    fn tell_to_look(&self, parties: Vec<Party>) {
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
