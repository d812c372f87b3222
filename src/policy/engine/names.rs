//! The members of a list by name, for choosers that are told which peer to take.
//!
//! The index finds a peer by its name. For a list that grows by the names it is asked for it knows
//! more: which names callers hold, which have requests in flight, and which may be let go. Choices
//! are counted here and not read from the slots, so that the last request to end is known to be the
//! last, and a name that no caller needs is put where the next one to let go is found at once.
//!
//! A peer's slot remembers the number of its record in the place that a slot has for a policy's
//! number ([`Entry::cost`]), so the end of a request finds the record without its name.
//!
//! The mutex is taken within the roster's and within the membership's, and no other lock within it.
//! No code of the user's runs under it: what a record knows of a refusal is dropped outside.

use std::fmt;
use std::sync::Arc;

use super::name_table::NameTable;
use crate::error::PeerFailureKind;
use crate::roster::{About, Entry, Home, Index, Locked, Roster};
use crate::slot::Pinned;
use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};

/// The members by name.
pub(crate) struct NameIndex {
    home: Home,
    /// As many members stay although no caller needs them.
    keep: usize,
    /// Whether there are more, and one of them may be let go: a hint, written under the mutex.
    may_spare: AtomicBool,
    names: Mutex<NameTable>,
}

/// Why the peer of a name is not pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPinned {
    /// It is in the list, or being added, and not available.
    NotAvailable,
    /// It has as many requests as it may.
    Full,
    /// It is not in the list, and not being added.
    NotInList,
}

impl NameIndex {
    /// An index of a list that has more than `keep` members only while callers need them.
    pub(crate) fn new(keep: usize) -> Self {
        Self {
            home: Home::default(),
            keep,
            may_spare: AtomicBool::new(false),
            names: Mutex::new(NameTable::default()),
        }
    }

    /// Pins the peer called `name`.
    pub(crate) fn pin<'r>(&self, roster: &'r Roster, name: &str) -> Result<Pinned<'r>, NotPinned> {
        if !self.home.is(roster) {
            return Err(NotPinned::NotAvailable);
        }
        let mut names = self.names.lock();
        let number = names.find(name).ok_or(NotPinned::NotInList)?;
        let known = names.get(number);
        let peer = match known.peer {
            Some(peer) => peer,
            None if known.joining => return Err(NotPinned::NotAvailable),
            None => return Err(NotPinned::NotInList),
        };
        let entry = roster.entry(peer);
        let pinned = entry.pin_as(peer.key).ok_or_else(|| {
            if entry.word().is_full() { NotPinned::Full } else { NotPinned::NotAvailable }
        })?;
        // Not more than it can count: the ends are not told to a policy that keeps all members.
        known.choices = known.choices.saturating_add(1);
        // A choice of a caller that holds the name is not that of one that has come back.
        if known.holds == 0 {
            known.come_back();
        }
        self.settle(names, number);
        Ok(pinned)
    }

    /// A choice of `peer` has ended; it is still pinned.
    pub(crate) fn finished(&self, peer: Entry<'_>) {
        let mut names = self.names.lock();
        let Some(number) = number_of(peer) else { return };
        // It may have left since, and its record be another name's.
        let Some(known) = names.of_peer(number, peer.key()) else { return };
        known.choices = known.choices.saturating_sub(1);
        if known.choices == 0 {
            self.settle(names, number);
        }
    }

    /// Holds `name`: it is not let go while the guard lives, whether it is a member already or not.
    pub(crate) fn hold(self: &Arc<Self>, name: &str) -> Hold {
        let mut names = self.names.lock();
        let number = names.enter(name);
        let known = names.get(number);
        known.holds += 1;
        known.come_back();
        self.settle(names, number);
        Hold { index: Arc::clone(self), number, is_served: false }
    }

    /// Whether there is a name to let go now.
    pub(crate) fn has_spare(&self) -> bool {
        // Relaxed: a hint. A thread that has made a name spare sees what it wrote itself.
        self.may_spare.load(Ordering::Relaxed) && self.names.lock().spare(self.keep).is_some()
    }

    /// Takes a name out that no caller needs, if there are more than are kept: from now on it is
    /// not in the list as far as choices and holds know. The caller removes it from the list before
    /// another can add it: it holds the membership's mutex.
    pub(crate) fn take_spare(&self) -> Option<Arc<str>> {
        let mut names = self.names.lock();
        let name = names.take_spare(self.keep);
        self.note(&names);
        name
    }

    /// Ends every change of a record, and gives the mutex back.
    fn settle(&self, mut names: MutexGuard<'_, NameTable>, number: u32) {
        let refusal = names.settle(number);
        self.note(&names);
        drop(names);
        drop(refusal);
    }

    fn note(&self, names: &NameTable) {
        let may_spare = names.may_spare(self.keep);
        // Not written if it says so already: every choice reads it.
        if self.may_spare.load(Ordering::Relaxed) != may_spare {
            self.may_spare.store(may_spare, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for NameIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the names: errors of the transport's are among them, and code of the user's runs with
        // no lock held.
        f.debug_struct("NameIndex").field("keep", &self.keep).finish_non_exhaustive()
    }
}

/// A caller's hold on a name.
///
/// It keeps the index alive, and nothing of the list: a notice that owns one may wait in the list's
/// gate.
#[derive(Debug)]
pub(crate) struct Hold {
    index: Arc<NameIndex>,
    number: u32,
    is_served: bool,
}

impl Hold {
    /// Whether the caller is to add the name: it is not in the list, and no other caller is adding
    /// it. It then says how that [ended](Hold::joined).
    pub(crate) fn begin_join(&self) -> bool {
        let mut names = self.index.names.lock();
        let known = names.get(self.number);
        if known.joining || known.peer.is_some() {
            return false;
        }
        known.joining = true;
        let before = names.take_refusal(self.number);
        drop(names);
        drop(before);
        true
    }

    /// The name was added, or it was not: because the list does not run, or for this reason. Returns
    /// whether other callers wait for it that must look again.
    pub(crate) fn end_join(&self, refusal: Option<&PeerFailureKind>) -> bool {
        let mut names = self.index.names.lock();
        let known = names.get(self.number);
        if !std::mem::take(&mut known.joining) {
            return false;
        }
        let others = known.holds > 1;
        if let Some(refusal) = refusal.filter(|_| others) {
            names.refuse(self.number, refusal.clone());
        }
        others
    }

    /// Ends the hold of a caller that has its peer. One that ends otherwise is expected back: the
    /// name stays for a while.
    pub(crate) fn end_served(mut self) {
        self.is_served = true;
    }

    /// Why another caller could not add the name that this one waited for.
    pub(crate) fn refusal(&self) -> Option<PeerFailureKind> {
        self.index.names.lock().refusal(self.number).cloned()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut names = self.index.names.lock();
        let known = names.get(self.number);
        known.holds -= 1;
        if !self.is_served {
            known.expected = known.expected.saturating_add(1);
        }
        self.index.settle(names, self.number);
    }
}

/// The number of the record that a peer joined with.
fn number_of(peer: Entry<'_>) -> Option<u32> {
    // 0 is no number: a slot has it before its peer joins.
    u32::try_from(peer.cost().checked_sub(1)?).ok()
}

impl Index for NameIndex {
    fn attach(&self, roster: &Roster) -> bool {
        self.home.bind_to(roster)
    }

    fn joined(&self, _: &mut Locked<'_>, peer: Entry<'_>, about: &About<'_>) {
        let mut names = self.names.lock();
        let number = names.enter(about.id);
        names.join(number, peer.slot_ref());
        // Before the slot is published, so a thread that pins it finds the number there.
        peer.set_cost(u64::from(number) + 1);
        self.settle(names, number);
    }

    fn left(&self, _: &mut Locked<'_>, peer: Entry<'_>) {
        let mut names = self.names.lock();
        let Some(number) = number_of(peer) else { return };
        if names.of_peer(number, peer.key()).is_some() {
            names.leave(number);
            self.settle(names, number);
        }
    }
}
