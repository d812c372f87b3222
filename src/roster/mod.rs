//! Who can be chosen: the slots, and the dense table of those that are available.
//!
//! Changes of state happen under one mutex and are O(1) whatever the number of peers: a slot that
//! becomes available is appended to the table, one that stops being so is replaced by the last.
//! Choosers read the table without a lock. What they find may be out of date by the time they look
//! at the slot; the slot's word tells, and they draw again. After a few misses they draw under the
//! mutex, where nothing moves ([`Roster::settled`]): a choice that exists is never missed.
//!
//! No callback runs under the mutex. An [`Index`] is not one: it is this crate's own code.

mod books;
mod entry;
pub(crate) mod index;
pub(crate) mod table;

use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;

use crossbeam_utils::CachePadded;

pub use self::entry::{Available, Entry};

use self::books::{Cold, NONE, State};
use crate::peer::{ConnectionStatus, Peer, Status};
use crate::roster::index::Index;
use crate::roster::table::Table;
#[cfg(feature = "capi")]
use crate::roster::table::TableMemory;
use crate::slot::owner::Owner;
use crate::slot::pick::Pinned;
use crate::slot::{Key, Slot, SlotRef};
use crate::sync::{AtomicU32, AtomicUsize, Mutex, Ordering};

/// The peers of a list, as its policy sees them.
pub struct Roster {
    /// On lines of its own: read by every choice, written on changes only.
    front: CachePadded<Front>,
    state: Mutex<State>,
}

struct Front {
    /// 1 while the list is running, else 0: nothing is handed out. A number because not every
    /// language that looks here can load a byte atomically.
    open: AtomicU32,
    available: Table,
    /// Slots in use.
    seated: AtomicUsize,
}

impl Roster {
    pub(crate) fn new() -> Self {
        let front =
            Front { open: AtomicU32::new(0), available: Table::new(), seated: AtomicUsize::new(0) };
        Self { front: CachePadded::new(front), state: Mutex::new(State::default()) }
    }

    /// The peers that can be chosen now.
    #[must_use]
    #[inline]
    pub fn available(&self) -> Available<'_> {
        Available { view: self.front.available.view() }
    }

    /// Draws once more while nothing moves: the entry at `position`, modulo their number.
    ///
    /// For a policy that drew several times and met peers that had just become unavailable. Takes
    /// the roster's mutex; `None` means that no peer is available.
    pub fn settled(&self, position: usize) -> Option<Pinned<'_>> {
        self.settled_except(position, &[])
    }

    /// The same, but for the peers in `except`: the first other entry from `position` on.
    pub fn settled_except(&self, position: usize, except: &[Key]) -> Option<Pinned<'_>> {
        let _state = self.state.lock();
        let available = self.available();
        let len = available.len();
        let mut entries = (0..len).filter_map(|n| available.get((position % len + n) % len));
        entries.find_map(|entry| (!except.contains(&entry.key())).then(|| entry.pin())?)
    }

    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        // Relaxed: choosing while a list starts or stops may go either way; a waiter that must not
        // miss the start re-checks after a fence (`gate.rs`).
        self.front.open.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn set_open(&self, open: bool) {
        self.front.open.store(open.into(), Ordering::Release);
    }

    /// Where a binding finds whether the list is open, and the available peers.
    #[cfg(feature = "capi")]
    pub(crate) fn memory(&self) -> (*mut u32, TableMemory) {
        (self.front.open.as_ptr(), self.front.available.memory())
    }

    /// Slots in use, and how many of them can be chosen.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let available = self.front.available.len();
        (self.front.seated.load(Ordering::Relaxed).max(available), available)
    }

    /// Makes room for `more` peers at once.
    pub(crate) fn reserve(&self, more: usize) {
        let mut state = self.state.lock();
        if more > state.unused {
            state.grow(more);
        }
        self.front.available.reserve(&mut state.table, more);
    }

    /// Takes a free slot, still without a peer. `None`: there are 2³² − 1 already.
    pub(crate) fn occupy(&self) -> Option<SlotRef> {
        let mut state = self.state.lock();
        let slot = state.vacant()?;
        // SAFETY: slots live as long as the roster.
        let slot_ref = unsafe { slot.as_ref() };
        slot_ref.occupy();
        *state.cold(slot_ref.index()) = Cold { link: NONE, ..Cold::of(slot) };
        self.front.seated.fetch_add(1, Ordering::Relaxed);
        Some(SlotRef::new(slot_ref))
    }

    /// Gives the slot its peer; `joined` tells the index, under the same lock.
    pub(crate) fn seat(
        &self,
        tenancy: SlotRef,
        peer: Arc<dyn Peer>,
        owner: Arc<dyn Owner>,
        watch: u32,
        joined: impl FnOnce(Entry<'_>),
    ) {
        let _state = self.state.lock();
        let slot = self.slot(tenancy);
        slot.seat(peer, owner, watch);
        joined(Entry::of(slot));
    }

    /// Frees a slot whose cells are empty: one that never got a peer, or one that is retired.
    pub(crate) fn vacate(&self, tenancy: SlotRef) {
        let mut state = self.state.lock();
        self.slot(tenancy).free();
        let free = state.free;
        state.cold(tenancy.key.index).link = free;
        state.free = tenancy.key.index;
    }

    /// Who owns a slot in use.
    pub(crate) fn owner(&self, tenancy: SlotRef) -> Option<Arc<dyn Owner>> {
        let _state = self.state.lock();
        self.slot(tenancy).tenant_owner(tenancy.key.generation)
    }

    /// Begins a status push: the peer to ask, and the push's number.
    ///
    /// The peer is asked with no lock held; [`apply`](Roster::apply) then ignores the answer if a
    /// push that began later was applied already. Pushes converge on the latest status all the
    /// same: a transport makes a status visible before it pushes, so the push that began last reads
    /// the last one.
    pub(crate) fn begin(&self, tenancy: SlotRef) -> Option<(Arc<dyn Peer>, u32)> {
        let mut state = self.state.lock();
        let peer = self.slot(tenancy).tenant(tenancy.key.generation)?;
        let cold = state.cold(tenancy.key.index);
        cold.begun = cold.begun.wrapping_add(1);
        Some((peer, cold.begun))
    }

    /// Ends a status push. Returns what the status was before, if it has changed.
    pub(crate) fn apply(
        &self,
        tenancy: SlotRef,
        push: u32,
        status: ConnectionStatus,
        index: Option<&dyn Index>,
    ) -> Option<ConnectionStatus> {
        let mut state = self.state.lock();
        let slot = self.slot(tenancy);
        if !slot.is_tenanted(tenancy.key.generation) {
            return None;
        }
        let cold = state.cold(tenancy.key.index);
        // Signed distance: the counter may wrap.
        if (push.wrapping_sub(cold.applied) as i32) <= 0 {
            return None;
        }
        cold.applied = push;
        let before = std::mem::replace(&mut cold.status, status);
        let was = before == ConnectionStatus::Available;
        let is = status == ConnectionStatus::Available;
        if is && !was {
            slot.publish();
            let position = self.front.available.push(&mut state.table, tenancy.slot);
            state.cold(tenancy.key.index).link = position as u32;
            if let Some(index) = index {
                index.entered(Entry::of(slot));
            }
        } else if was && !is {
            self.withdraw(&mut state, tenancy, index);
            slot.withdraw();
        }
        (before != status).then_some(before)
    }

    /// Takes the peer out of the choice for good. If no request is in flight the caller gets what
    /// the slot held, and must release it; otherwise the last request's finish does.
    pub(crate) fn remove(&self, tenancy: SlotRef, index: Option<&dyn Index>) -> Option<Removed> {
        let mut state = self.state.lock();
        let slot = self.slot(tenancy);
        if state.cold(tenancy.key.index).status == ConnectionStatus::Available {
            self.withdraw(&mut state, tenancy, index);
        }
        if let Some(index) = index {
            index.left(Entry::of(slot));
        }
        self.front.seated.fetch_sub(1, Ordering::Relaxed);
        if !slot.remove() {
            return None;
        }
        // SAFETY: no pin was there, so it is for us to retire.
        let (peer, owner) = unsafe { slot.take() }?;
        Some(Removed { peer, owner })
    }

    /// A slot that never got a peer is not in use any more.
    pub(crate) fn unseat(&self) {
        self.front.seated.fetch_sub(1, Ordering::Relaxed);
    }

    /// The status as last applied, and the requests in flight. `None`: it has left.
    pub(crate) fn status(&self, tenancy: SlotRef) -> Option<Status> {
        let mut state = self.state.lock();
        let slot = self.slot(tenancy);
        slot.is_tenanted(tenancy.key.generation).then(|| Status {
            connection_status: state.cold(tenancy.key.index).status,
            pending_request_count: slot.value().pending(),
        })
    }

    /// What its slot says. `None`: it has left.
    #[cfg(feature = "capi")]
    pub(crate) fn word(&self, tenancy: SlotRef) -> Option<crate::slot::Value> {
        let value = self.slot(tenancy).value();
        (value.generation() == tenancy.key.generation).then_some(value)
    }

    /// Whether it can be chosen.
    pub(crate) fn is_available(&self, tenancy: SlotRef) -> bool {
        Entry::of(self.slot(tenancy)).is_available_as(tenancy.key)
    }

    /// Removes from the table, in O(1): the last entry takes the place.
    fn withdraw(&self, state: &mut State, tenancy: SlotRef, index: Option<&dyn Index>) {
        let table = &self.front.available;
        let position = std::mem::replace(&mut state.cold(tenancy.key.index).link, NONE);
        let last = table.len() - 1;
        let moved = table.view().get(last).expect("the table has no holes");
        table.set(&mut state.table, position as usize, NonNull::from(moved).as_ptr());
        if moved.index() != tenancy.key.index {
            state.cold(moved.index()).link = position;
        }
        table.set_len(last);
        if let Some(index) = index {
            index.withdrew(Entry::of(self.slot(tenancy)));
        }
    }

    /// What `slot` says now. It must be of this roster: an index compares its [`Home`](index::Home).
    #[inline]
    pub(crate) fn entry(&self, tenancy: SlotRef) -> Entry<'_> {
        Entry::of(self.slot(tenancy))
    }

    /// What a slot of this roster says now.
    #[inline]
    pub(crate) fn own(&self, slot: &Slot) -> Entry<'_> {
        // SAFETY: slots live as long as their roster.
        Entry::of(unsafe { NonNull::from(slot).as_ref() })
    }

    fn slot(&self, tenancy: SlotRef) -> &Slot {
        // SAFETY: a tenancy points to a slot of the roster that made it, and slots live as long.
        unsafe { tenancy.slot.as_ref() }
    }
}

/// What a removed slot held.
pub(crate) struct Removed {
    pub(crate) peer: Arc<dyn Peer>,
    pub(crate) owner: Arc<dyn Owner>,
}

impl fmt::Debug for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (peers, available) = self.counts();
        f.debug_struct("Roster").field("peers", &peers).field("available", &available).finish()
    }
}
