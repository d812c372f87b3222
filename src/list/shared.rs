//! What a list shares with its slots, its subscribers and its waiters, whatever its policy.
//!
//! Nothing here is generic: it is compiled once, and a slot reaches it through one thin pointer.

use std::ptr::NonNull;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::aside::{Alarm, Ejector, Tiers};
use super::departures::Departures;
use super::membership::{Membership, Phase};
use super::numbers::Numbers;
use super::readiness::Readiness;
use crate::attributes::Attributes;
use crate::cost::{Factors, Learner};
use crate::error::{ChooseError, ChooseErrorKind, Nothing, Seen};
use crate::events::{Event, Observer};
use crate::panics::{self, Panicked};
use crate::peer::Peer;
use crate::prefetch;
use crate::reasons::Reason;
use crate::roster::{Availability, Index, Roster};
use crate::slot::{Retained, Slot, SlotRef};
use crate::sync::Mutex;
use crate::transport::Transport;
use crate::wait::{Gate, News};

pub(super) struct ListShared {
    pub(super) roster: Roster,
    pub(super) gate: Arc<Gate>,
    pub(super) membership: Mutex<Membership>,
    pub(super) departures: Departures,
    pub(super) readiness: Readiness,
    pub(super) transport: Arc<dyn Transport>,
    /// Those of a member of which only the name is known: nearly all members share them.
    pub(super) plain: Arc<Attributes>,
    pub(super) name: Arc<str>,
    pub(super) observer: Option<Arc<dyn Observer>>,
    /// Apart, as counters change and what is around here does not.
    pub(super) numbers: Box<Numbers>,
    pub(super) fail_fast: bool,
    pub(super) default_timeout: Duration,
    pub(super) max_waiting: Option<usize>,
    /// What limits the requests on a peer.
    pub(super) places: Option<Places>,
    /// Whether calls of the policy are guarded: it is the user's.
    pub(super) guards_policy: bool,
    /// What the policy watches, as flags of a slot.
    pub(super) watch: u8,
    /// What the slots learn with, if the policy prices peers. It lives beside this as well.
    pub(super) learner: OnceLock<LearnerPointer>,
    /// Which peers serve first, if not all alike.
    pub(super) tiers: Option<Tiers>,
    /// What the list does when too few peers are available.
    pub(super) alarm: Option<Alarm>,
    /// What peers are ejected by, if they are.
    pub(super) ejector: Option<Box<Ejector>>,
    /// The policy's index, which lives beside this in the list's core.
    pub(super) index: OnceLock<IndexPointer>,
}

/// The limit of requests on each peer.
pub(super) struct Places {
    /// Says to the slots where their counts begin, if the policy has no learner that does.
    pub(super) spare: Box<Learner<Slot>>,
    /// Whether a place on any peer serves any caller.
    pub(super) any_serves: bool,
}

/// A learner that lives as long as the list's shared part: for its slots, which do not look at it
/// after that.
#[derive(Clone, Copy)]
pub(super) struct LearnerPointer(*const Learner<Slot>);

impl LearnerPointer {
    /// # Safety
    ///
    /// As for [`IndexPointer::new`].
    pub(super) unsafe fn new(learner: &Learner<Slot>) -> Self {
        Self(learner)
    }

    /// A peer of this weight joins. Returns what its count is made a price with.
    pub(super) fn joined(self, weight: u16) -> Factors {
        // SAFETY: by contract of `new`.
        unsafe { &*self.0 }.joined(weight)
    }
}

// SAFETY: it points to a `Learner`, which is `Send + Sync`.
unsafe impl Send for LearnerPointer {}
// SAFETY: as above.
unsafe impl Sync for LearnerPointer {}

/// An index that lives as long as the list's shared part.
#[derive(Clone, Copy)]
pub(super) struct IndexPointer(NonNull<dyn Index>);

// SAFETY: it points to an `Index`, which is `Send + Sync`.
unsafe impl Send for IndexPointer {}
// SAFETY: as above.
unsafe impl Sync for IndexPointer {}

impl IndexPointer {
    /// # Safety
    ///
    /// The index outlives every use of the pointer: it belongs to the policy in the same core, and
    /// is borrowed from it by a shared reference, which no owner of the core ends early.
    pub(super) unsafe fn new(index: &dyn Index) -> Self {
        // SAFETY: only the lifetime is forgotten, by contract of the caller.
        let index: &'static dyn Index = unsafe { std::mem::transmute(index) };
        Self(NonNull::from(index))
    }
}

impl ListShared {
    pub(super) fn index(&self) -> Option<&dyn Index> {
        // SAFETY: by contract of `IndexPointer::new`.
        self.index.get().map(|index| unsafe { &*index.0.as_ptr() })
    }

    /// For new slots; null: nothing learns.
    pub(super) fn learner(&self) -> *const Learner<Slot> {
        match (self.learner.get(), &self.places) {
            (Some(learner), _) => learner.0,
            (None, Some(places)) => &raw const *places.spare,
            (None, None) => std::ptr::null(),
        }
    }

    /// As many wait as may.
    pub(super) fn queue_full(&self) -> ChooseErrorKind {
        ChooseErrorKind::QueueFull(self.max_waiting.unwrap_or(usize::MAX))
    }

    /// The one place where the list changes its phase. The caller then closes the gate if the list
    /// has stopped, without the lock: that runs notices.
    pub(super) fn enter_phase(&self, membership: &mut Membership, phase: Phase) {
        if membership.phase() != Phase::Stopped {
            membership.set_phase(phase);
            let fails = self.failing_below().is_some();
            self.roster.set_open(phase == Phase::Running && !fails);
        }
    }

    /// Asks a peer how it is, and acts on it.
    pub(super) fn refresh(&self, retained: &Retained) {
        prefetch::fetch(retained.slot.slot.as_ptr());
        if let Some((peer, push)) = self.roster.begin_push(retained.slot, self.index()) {
            self.end_push(retained, peer, push);
        }
    }

    /// Asks a peer how it is, in a status push that has begun, and acts on it.
    pub(super) fn end_push(&self, retained: &Retained, peer: Arc<dyn Peer>, push: u32) {
        let status = panics::catch("status", || peer.status().connection_status);
        self.drop_guarded("a peer's drop", peer);
        let status = match status {
            Ok(status) => status,
            Err(panicked) => return self.panicked(&panicked),
        };
        let Some(change) = self.roster.apply(retained.slot, push, status, self.index()) else {
            return;
        };
        self.numbers.status_changed(status);
        self.after_status(&retained.id, change.availability);
        self.observe(|| Event::StatusChanged { peer: &retained.id, from: change.from, to: status });
        self.pass_time();
    }

    /// Adds or takes away a reason why a peer cannot be chosen. Returns whether it is in the list.
    pub(super) fn set_reason(&self, id: &str, slot: SlotRef, reason: Reason, holds: bool) -> bool {
        let Some(availability) = self.roster.set_reason(slot, reason, holds, self.index()) else {
            return false;
        };
        self.after_status(id, availability);
        true
    }

    /// The index is told, then the waiters whom the peer can help.
    pub(super) fn after_status(&self, id: &str, availability: Availability) {
        self.settle_tiers();
        if availability == Availability::Unchanged {
            return self.check_alarm();
        }
        self.tell_index(|index| index.after_status());
        if availability == Availability::Gained {
            self.gate.wake(News::Up { name: id, available: self.roster.available() });
        }
        self.show_readiness();
        self.check_alarm();
    }

    /// A batch of changes is over: the index catches up, then waiters look again if it has news.
    pub(super) fn after_batch(&self) {
        self.settle_tiers();
        let mut news = false;
        self.tell_index(|index| news = index.after_batch());
        if news {
            self.gate.wake(News::Tables { available: self.roster.available() });
        }
        self.pass_time();
        self.show_readiness();
        self.check_alarm();
    }

    /// Shows whether a peer can be chosen, or the list has stopped, if a program looks at it.
    pub(super) fn show_readiness(&self) {
        self.readiness.show(|| {
            self.gate.is_closed() || (self.roster.is_open() && self.roster.available() > 0)
        });
    }

    /// Tells the index something that a policy of the user's may hear of.
    fn tell_index(&self, tell: impl FnOnce(&dyn Index)) {
        let Some(index) = self.index() else { return };
        if !self.guards_policy {
            return tell(index);
        }
        if let Err(panicked) = panics::catch("a policy", || tell(index)) {
            self.panicked(&panicked);
        }
    }

    /// Drops an object of the user's, whose `Drop` may panic.
    pub(super) fn drop_guarded<T>(&self, what: &'static str, object: T) {
        if let Err(panicked) = panics::catch(what, || drop(object)) {
            self.panicked(&panicked);
        }
    }

    /// Reports a panic that no caller gets as an error.
    pub(super) fn panicked(&self, panicked: &Panicked) {
        let Panicked { what, message } = panicked;
        self.observe(|| Event::Panicked { what, message });
    }

    /// Reports an event. It is made only if there is an observer.
    pub(super) fn observe<'e>(&self, event: impl FnOnce() -> Event<'e>) {
        if let Some(observer) = &self.observer {
            let event = event();
            let _ = panics::catch("an observer", || observer.observe(&self.name, &event));
        }
    }

    /// The error of a choice that is given up now.
    pub(super) fn error(&self, kind: ChooseErrorKind) -> ChooseError {
        ChooseError::new(&self.name, kind, self.seen(true))
    }

    /// The same when the policy had nothing.
    pub(super) fn error_without(&self, kind: ChooseErrorKind, nothing: Nothing) -> ChooseError {
        // Peers that were not available when the policy was asked have come since.
        let declined = nothing != Nothing::Unavailable;
        ChooseError::new(&self.name, kind, self.seen(declined)).with_nothing(nothing)
    }

    fn seen(&self, declined: bool) -> Seen {
        let (peers, available) = self.roster.counts();
        let (set_aside, tried_in) = (self.roster.set_aside(), self.next_return().map_or(0, millis));
        Seen { peers, available, set_aside, tried_in, declined }
    }
}

/// Whole milliseconds, at least one.
pub(super) fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX).max(1)
}
