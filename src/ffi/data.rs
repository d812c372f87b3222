//! The data of a peer: what was attached last, and what picks made before still have.
//!
//! The protocol by which slots and picks agree who has which data is in `slot/data.rs`. Here is what
//! is kept of it: while picks are recorded, which data how many of them have, and the one data that
//! other picks may have.
//!
//! A recorded pick has the number of its data and no pointer: C can copy a pick, and a number of which
//! nothing is recorded any more tells a copy of one that was finished.

use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::types::Context;
use crate::StatusReporter;
use crate::peer::{Seal, Subscriber};
use crate::registry::Subscribers;
use crate::sync::Mutex;

/// What is attached to a peer.
#[derive(Default)]
pub(super) struct PeerData {
    /// The pointer of `books.present`.
    pointer: AtomicPtr<c_void>,
    /// No code of the user's runs under it. It comes before a roster's mutex.
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    present: Option<Arc<Context>>,
    /// The number of `present`: how often data was attached.
    number: u64,
    /// Nearly always `None`: data is seldom replaced.
    recording: Option<Box<Recording>>,
}

/// What is kept while picks are recorded, and until the last of them is finished.
#[derive(Default)]
struct Recording {
    /// The data from before picks were recorded. While there is one, they are.
    former: Option<Arc<Context>>,
    /// The data of recorded picks that are not finished, by number.
    recorded: HashMap<u64, Recorded>,
    /// How many recorded picks there are.
    picks: u64,
}

struct Recorded {
    data: Arc<Context>,
    /// How many picks have it.
    picks: u64,
}

/// What was taken out of the books: to be dropped with no lock held, as it may be the user's.
struct Out {
    _data: Option<Arc<Context>>,
    _former: Option<Arc<Context>>,
    /// A reference of these may be the last to a list.
    _subscribers: Subscribers,
}

impl PeerData {
    /// The pointer that was attached last.
    pub(super) fn present(&self) -> *mut c_void {
        // Acquire pairs with the release of `replace`.
        self.pointer.load(Ordering::Acquire)
    }

    /// Calls `seat` with the data, which is not replaced meanwhile, and whether picks are recorded.
    pub(super) fn with_present(&self, seat: impl FnOnce(usize, bool)) {
        let books = self.books.lock();
        seat(books.pointer().expose_provenance(), books.records());
    }

    /// Attaches other data for picks that are made from now on.
    pub(super) fn replace(&self, data: Context, reporter: &StatusReporter) {
        let mut books = self.books.lock();
        // Release: what the pointer points to was written before.
        self.pointer.store(data.ctx, Ordering::Release);
        let mut replaced = books.present.replace(Arc::new(data));
        books.number += 1;
        // While picks are recorded, recorded ones alone may have it.
        if replaced.is_some() && !books.records() {
            books.recording.get_or_insert_default().former = replaced.take();
        }
        let subscribers = reporter.subscribers();
        books.show(&subscribers);
        let former = books.settle(&subscribers);
        drop(books);
        drop(Out { _data: replaced, _former: former, _subscribers: subscribers });
    }

    /// Records a pick. Returns the number of the data that it has; `None`: there is none, and the pick
    /// is not recorded.
    pub(super) fn record(&self) -> Option<u64> {
        let mut books = self.books.lock();
        let data = Arc::clone(books.present.as_ref()?);
        let number = books.number;
        let recording = books.recording.get_or_insert_default();
        recording.recorded.entry(number).or_insert(Recorded { data, picks: 0 }).picks += 1;
        recording.picks += 1;
        Some(number)
    }

    /// The pointer that a recorded pick has; `NULL` if no pick has it any more.
    pub(super) fn recorded(&self, number: u64) -> *mut c_void {
        let books = self.books.lock();
        let recorded = books.recording.as_ref().and_then(|it| it.recorded.get(&number));
        recorded.map_or(ptr::null_mut(), |recorded| recorded.data.ctx)
    }

    /// A recorded pick is about to be finished. Returns its data, to be dropped afterwards; `None`: no
    /// pick that is not finished has it, so this one is a copy.
    pub(super) fn unrecord(&self, number: u64) -> Option<Arc<Context>> {
        let books = &mut *self.books.lock();
        let recording = books.recording.as_mut()?;
        let recorded = recording.recorded.get_mut(&number)?;
        recorded.picks -= 1;
        recording.picks -= 1;
        if recorded.picks > 0 {
            return Some(Arc::clone(&recorded.data));
        }
        let last = recording.recorded.remove(&number);
        books.forget_recording();
        last.map(|recorded| recorded.data)
    }

    /// A pick was finished while picks are recorded: it may have been the last that has the former
    /// data.
    pub(super) fn after_finish(&self, reporter: &StatusReporter) {
        let mut books = self.books.lock();
        if !books.records() {
            return;
        }
        let subscribers = reporter.subscribers();
        let former = books.settle(&subscribers);
        drop(books);
        drop(Out { _data: None, _former: former, _subscribers: subscribers });
    }
}

impl Books {
    fn pointer(&self) -> *mut c_void {
        self.present.as_ref().map_or(ptr::null_mut(), |data| data.ctx)
    }

    /// Whether picks that are made from now on are recorded.
    fn records(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.former.is_some())
    }

    /// Gives up what is kept for recorded picks, when there are none.
    fn forget_recording(&mut self) {
        let is_over = |it: &mut Box<Recording>| it.former.is_none() && it.picks == 0;
        // No code of the user's runs: there is no data in it.
        drop(self.recording.take_if(is_over));
    }

    /// Has all slots of the peer show what is in the books.
    fn show(&self, subscribers: &[Arc<dyn Subscriber>]) {
        let (data, recorded) = (self.pointer().expose_provenance(), self.records());
        for subscriber in subscribers {
            if let Some(seat) = subscriber.seat(Seal(())) {
                seat.set_data(data, recorded);
            }
        }
    }

    /// Ends the recording if no other pick than recorded ones is in flight. Returns the former data,
    /// which no pick has any more.
    ///
    /// The counts of several slots are not read at one moment. But recorded picks are in flight all
    /// the while, as they must take the lock to end; so if the sum is theirs, each slot had no others
    /// when it was looked at, and gets no more of them.
    fn settle(&mut self, subscribers: &[Arc<dyn Subscriber>]) -> Option<Arc<Context>> {
        let recording = self.recording.as_mut()?;
        recording.former.as_ref()?;
        let seats = subscribers.iter().filter_map(|subscriber| subscriber.seat(Seal(())));
        let in_flight: u64 = seats.map(|seat| u64::from(seat.in_flight())).sum();
        if in_flight > recording.picks {
            return None;
        }
        let former = recording.former.take();
        self.forget_recording();
        self.show(subscribers);
        former
    }
}
