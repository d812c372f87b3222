//! How a peer takes a slot, and leaves it.
//!
//! ```text
//!  occupy ─▶ seat ─▶ available or not … ─▶ remove ─▶ vacate
//!     └── the transport refused: unoccupy ──────────────▲
//! ```
//!
//! Every method takes the mutex once. What it tells the index, it tells under the mutex; what it
//! takes out of the books it returns, so that objects of the user's are dropped outside.

use std::sync::Arc;

use super::books::Books;
use super::entry::Entry;
use super::front::Roster;
use super::index::{About, Index, Locked};
use crate::eject::Streak;
use crate::reasons::Reasons;
use crate::slot::{Contents, Retiring, Slot, SlotRef};
use crate::sync::Ordering;

impl Roster {
    /// Makes room for `more` peers at once.
    pub(crate) fn reserve(&self, more: usize, index: Option<&dyn Index>) {
        let mut books = self.lock();
        books.reserve(more);
        if let Some(index) = index {
            index.reserve(&mut Locked { roster: self }, more);
        }
    }

    /// Takes a free slot, still without a peer. `None`: there are 2³² − 1 already.
    pub(crate) fn occupy(&self) -> Option<SlotRef> {
        let mut books = self.lock();
        let slot = books.vacant()?;
        // SAFETY: slots live as long as the roster.
        let slot = unsafe { slot.as_ref() };
        slot.occupy();
        self.counts.seated.fetch_add(1, Ordering::Relaxed);
        Some(SlotRef::new(slot))
    }

    /// Gives the slot its peer, which is not connected yet as far as the list knows. Returns the number
    /// of a status push that begins with it, as by [`begin_push`](Roster::begin_push).
    pub(crate) fn seat(
        &self,
        peer: SlotRef,
        contents: Contents,
        about: &About<'_>,
        index: Option<&dyn Index>,
    ) -> u32 {
        let mut books = self.lock();
        let slot = self.slot(peer);
        slot.seat(contents);
        let record = books.record(peer.key.index);
        record.attributes = Some(Arc::clone(about.attributes));
        record.begun = record.begun.wrapping_add(1);
        let push = record.begun;
        if let Some(index) = index {
            index.joined(&mut Locked { roster: self }, Entry::of(slot), about);
        }
        push
    }

    /// Changes the attributes of a peer that is seated. Returns whether it still is.
    pub(crate) fn reattribute(
        &self,
        peer: SlotRef,
        about: &About<'_>,
        index: Option<&dyn Index>,
    ) -> bool {
        let mut books = self.lock();
        let slot = self.slot(peer);
        if !slot.is_tenanted(peer.key.generation) {
            return false;
        }
        slot.set_attributes(about.attributes);
        books.record(peer.key.index).attributes = Some(Arc::clone(about.attributes));
        if let Some(index) = index {
            index.reattributed(&mut Locked { roster: self }, Entry::of(slot), about);
        }
        true
    }

    /// Takes the peer out of the choice for good. If no request is in flight the caller retires the
    /// slot, else the last request's finish does.
    pub(crate) fn remove(
        &self,
        peer: SlotRef,
        index: Option<&dyn Index>,
    ) -> Option<Retiring<Slot>> {
        let mut books = self.lock();
        let slot = self.slot(peer);
        let reasons = books.record(peer.key.index).reasons;
        if reasons.is_none() {
            self.take_down(peer, index);
        }
        if reasons.has_another() {
            self.count_set_aside(reasons, Reasons::NONE);
        }
        if let Some(index) = index {
            index.left(&mut Locked { roster: self }, Entry::of(slot));
        }
        self.counts.seated.fetch_sub(1, Ordering::Relaxed);
        let (retiring, chosen) = slot.remove();
        books.left.count(peer.key.index, chosen);
        retiring
    }

    /// Frees a slot whose cells are empty: one that was removed and is retired.
    pub(crate) fn vacate(&self, peer: SlotRef) {
        self.free(&mut self.lock(), peer);
    }

    /// Frees a slot that never got a peer.
    pub(crate) fn unoccupy(&self, peer: SlotRef) {
        self.counts.seated.fetch_sub(1, Ordering::Relaxed);
        self.free(&mut self.lock(), peer);
    }

    fn free(&self, books: &mut Books, peer: SlotRef) {
        self.slot(peer).free();
        books.give_back(peer.key.index);
    }

    /// Changes the streak of a peer. `None`: it has left.
    pub(crate) fn set_streak(
        &self,
        peer: SlotRef,
        change: impl FnOnce(Streak) -> Streak,
    ) -> Option<()> {
        let _books = self.lock();
        let slot = self.slot(peer);
        let is_seated = slot.is_tenanted(peer.key.generation);
        is_seated.then(|| slot.set_streak(change(slot.streak())))
    }

    /// Sets the data of a peer, and whether picks are recorded, if it is still seated or on its way
    /// out.
    #[cfg(feature = "capi")]
    pub(crate) fn set_data(&self, peer: SlotRef, data: usize, watched: bool) {
        let _books = self.lock();
        self.slot(peer).set_data(peer.key, data, watched);
    }
}
