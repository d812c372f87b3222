//! The index: what a choice asks, and what the roster tells.

use super::books::Books;
use super::ends::{End, Ends};
use crate::brief::Brief;
use crate::policy::choice::{Choice, Nothing};
use crate::policy::engine::newcomers::Newcomers;
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::{Key, Pinned};

/// The available peers by load.
///
/// In this order: a choice takes the lock, reads `home` and enters the ends, so all three are on one cache
/// line, and a finish needs no other.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub(crate) struct Levels {
    ends: Ends,
    home: Home,
    books: Brief<Books>,
    newcomers: Newcomers,
}

#[cfg(all(target_pointer_width = "64", not(loom)))]
const _: () = assert!(std::mem::offset_of!(Levels, books) == 56);

impl Levels {
    /// Levels among whose equals newcomers come as told.
    pub(crate) fn with_newcomers(mut self, newcomers: Newcomers) -> Self {
        self.newcomers = newcomers;
        self
    }

    /// Pins the peer with the fewest pending requests; among equals the one whose last choice is
    /// the longest ago.
    pub(crate) fn next<'r>(&self, roster: &'r Roster) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        self.with(|books| books.next(roster)).ok_or(Nothing::Unavailable)
    }

    /// The same as if the peers in `except` were not available.
    pub(crate) fn next_except<'r>(&self, roster: &'r Roster, except: &[Key]) -> Choice<'r> {
        if !self.home.is(roster) {
            return Err(Nothing::Unavailable);
        }
        self.with(|books| books.next_except(roster, except)).ok_or(Nothing::Excluded)
    }

    /// Pins this peer, as if it had been the next, if it is available.
    pub(crate) fn take<'r>(&self, roster: &'r Roster, peer: Entry<'r>) -> Option<Pinned<'r>> {
        if !self.home.is(roster) {
            return None;
        }
        self.with(|books| books.take(roster, peer.slot().index()))
    }

    /// A request on `peer`, which [`next`](Levels::next) chose, has ended, or the choice was taken
    /// back. Called while the peer is pinned.
    #[inline]
    pub(crate) fn finished(&self, peer: Entry<'_>) {
        let end = End::of(peer.slot());
        if !self.ends.keep(end) {
            self.finished_now(end);
        }
    }

    /// The same when no more can be written down.
    #[cold]
    #[inline(never)]
    fn finished_now(&self, end: End) {
        self.with(|books| books.finished(end));
    }

    /// Does `work` with the books, in which every end is entered that has come.
    #[inline]
    fn with<R>(&self, work: impl FnOnce(&mut Books) -> R) -> R {
        self.books.with(|books| {
            self.enter(books);
            work(books)
        })
    }

    #[inline]
    fn enter(&self, books: &mut Books) {
        self.ends.take(|end| books.finished(end));
    }
}

impl Index for Levels {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, _: &About<'_>) {
        self.with(|books| books.join(peer.slot_ref()));
    }

    fn reserve(&self, locked: &mut Locked<'_>, more: usize) {
        // Those that come may get the slots of others that have left, whose nodes are there.
        let (peers, _) = locked.roster().counts();
        self.with(|books| {
            let missing = (peers + more).saturating_sub(books.nodes.len());
            books.nodes.reserve(missing);
        });
    }

    fn up(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.with(|books| books.link_newcomer(peer.slot().index(), &self.newcomers));
    }

    fn down(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        self.with(|books| books.unlink(peer.slot().index()));
    }
}
