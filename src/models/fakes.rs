//! A peer and an owner that notice when they are used after the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::attributes::Attributes;
use crate::cost::{Factors, GROUP, Kind, Learner, Settings};
use crate::outcome::Finish;
use crate::panics::Panicked;
use crate::peer::{ConnectionStatus, Identifier, Peer, Status, StatusPeer};
use crate::roster::{About, Index, Roster};
use crate::slot::{
    Contents, HandOver, Owner, Pick, Pin, PinOf, Retained, Retiring, Slot, SlotRef, WATCH_PLACES,
    Watched, base_of,
};
use crate::sync::UnsafeCell;
use crate::wait::{Gate, Ordered, QueueOrder};

/// A peer with a cell that is read while it is in use and written when it is released: the checker
/// reports any run in which the two are not ordered.
#[derive(Debug)]
pub(super) struct Probe {
    cell: UnsafeCell<()>,
    released: AtomicUsize,
}

impl Probe {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { cell: UnsafeCell::new(()), released: AtomicUsize::new(0) })
    }

    fn use_it(&self) {
        self.cell.with(|_| ());
    }

    fn release(&self) {
        self.cell.with_mut(|_| ());
        self.released.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it was released.
    pub(super) fn released(&self) -> usize {
        self.released.load(Ordering::Relaxed)
    }
}

// SAFETY: that accesses to the cell are ordered is what the models show.
unsafe impl Send for Probe {}
// SAFETY: as above.
unsafe impl Sync for Probe {}

impl Identifier for Probe {
    fn identifier(&self) -> &str {
        self.use_it();
        "probe"
    }
}

impl StatusPeer for Probe {
    fn status(&self) -> Status {
        self.use_it();
        Status { pending_request_count: 0, connection_status: ConnectionStatus::Available }
    }
}

impl Peer for Probe {}

/// A gate of this order, in which so many may wait.
pub(super) fn gate(order: QueueOrder, max_waiting: Option<usize>) -> Gate {
    Gate::new(Ordered { order, clock: None }, max_waiting)
}

/// The owner of the slots of a bare roster.
pub(super) struct Host {
    pub(super) roster: Roster,
    pub(super) gate: Gate,
    pub(super) learner: Box<Learner<Slot>>,
    /// Places that were given away after their peer had left. No edge between threads goes over it.
    pub(super) late: std::sync::atomic::AtomicU64,
}

impl Host {
    pub(super) fn new() -> Arc<Self> {
        Self::with_base(0)
    }

    /// One whose peers may have so many requests, if their places are watched.
    pub(super) fn limited(limit: u32) -> Arc<Self> {
        Self::with_base(base_of(limit))
    }

    fn with_base(base: u32) -> Arc<Self> {
        let learner = Learner::default();
        learner.set_base(base);
        Self::with_learner(learner)
    }

    /// One that remembers peers that have answered, if their requests teach.
    pub(super) fn remembering() -> Arc<Self> {
        let settings = Settings { kind: Kind::Pending, errors: true, memory: GROUP };
        Self::with_learner(Learner::new(settings))
    }

    fn with_learner(learner: Learner<Slot>) -> Arc<Self> {
        let learner = Box::new(learner);
        let (roster, gate, late) = (Roster::new(), gate(QueueOrder::Fifo, None), 0.into());
        Arc::new(Self { roster, gate, learner, late })
    }

    /// Empties and frees a slot.
    fn retire_now(&self, retiring: &Retiring<Slot>) {
        let taken = Slot::take(retiring);
        self.roster.vacate(SlotRef::new(retiring.slot()));
        let (peer, _) = taken.expect("a slot is retired once");
        if let Some(probe) = peer.downcast_ref::<Probe>() {
            probe.release();
        }
    }
}

impl Owner<Slot> for Host {
    fn status_changed(&self, _: &Retained) {}

    fn finished(&self, _: &Slot, _: &Finish) {}

    fn chosen_late(&self) {
        self.late.fetch_add(1, Ordering::Relaxed);
    }

    fn any_place_serves(&self) -> bool {
        true
    }

    fn hand_over(&self, pin: PinOf<Slot>) -> HandOver<Slot> {
        match self.gate.hand_over(Pin::new(pin)) {
            Ok(()) => HandOver::Over,
            Err(pin) => HandOver::Back { pin: pin.into_token(), serves_any: true },
        }
    }

    fn reported(&self, _: SlotRef, _: u32) {}

    fn sweep(&self) {}

    fn place_freed(&self, serves_any: bool) {
        self.gate.place_freed(serves_any);
    }

    fn panicked(&self, _: &Panicked) {}

    fn retire(&self, retiring: Retiring<Slot>) {
        self.retire_now(&retiring);
    }

    #[cfg(feature = "capi")]
    fn set_data(&self, slot: SlotRef, data: usize, watched: bool) {
        self.roster.set_data(slot, data, watched);
    }

    #[cfg(feature = "capi")]
    fn in_flight(&self, slot: SlotRef) -> u32 {
        self.roster.in_flight(slot)
    }
}

/// Seats a probe in a slot of the host's roster and makes it available.
pub(super) fn seat(host: &Arc<Host>, probe: &Arc<Probe>) -> SlotRef {
    seat_with(host, probe, None, 0)
}

/// The same for a peer whose places are watched.
pub(super) fn seat_with_places(host: &Arc<Host>, probe: &Arc<Probe>) -> SlotRef {
    seat_with(host, probe, None, WATCH_PLACES)
}

/// The same with an index, and flags of the slot.
pub(super) fn seat_with(
    host: &Arc<Host>,
    probe: &Arc<Probe>,
    index: Option<&dyn Index>,
    watch: u8,
) -> SlotRef {
    seat_made(host, index, watch, |_| (Arc::clone(probe) as _, [0; 2]))
}

/// Seats a peer that a transport makes for its owner, with its two words of the slot.
pub(super) fn seat_made(
    host: &Arc<Host>,
    index: Option<&dyn Index>,
    watch: u8,
    make: impl FnOnce(&Arc<Retained>) -> (Arc<dyn Peer>, [usize; 2]),
) -> SlotRef {
    let slot = host.roster.occupy().expect("there is room");
    let (id, attributes): (Arc<str>, _) = ("probe".into(), Arc::new(Attributes::new()));
    let (owner, identifier) = (Arc::clone(host) as _, crate::identify("probe"));
    let retained = Arc::new(Retained::new(owner, Arc::clone(&id), identifier, slot));
    let (peer, words) = make(&retained);
    let watched = Watched::new(watch, &attributes);
    let (learner, factors) = (&raw const *host.learner, Factors::from_bits(0));
    let contents = Contents { peer, retained, watched, learner, factors, words };
    host.roster.seat(slot, contents, &About { id: &id, attributes: &attributes }, index);
    push_with(host, slot, ConnectionStatus::Available, index);
    slot
}

/// Pushes a status.
pub(super) fn push(host: &Host, slot: SlotRef, status: ConnectionStatus) {
    push_with(host, slot, status, None);
}

/// The same with an index.
pub(super) fn push_with(
    host: &Host,
    slot: SlotRef,
    status: ConnectionStatus,
    index: Option<&dyn Index>,
) {
    if let Some((_, number)) = host.roster.begin_push(slot, index) {
        host.roster.apply(slot, number, status, index);
    }
}

/// Removes a peer, and releases it if no request is in flight.
pub(super) fn remove(host: &Host, slot: SlotRef) {
    remove_with(host, slot, None);
}

/// The same with an index.
pub(super) fn remove_with(host: &Host, slot: SlotRef, index: Option<&dyn Index>) {
    if let Some(retiring) = host.roster.remove(slot, index) {
        host.retire_now(&retiring);
    }
}

/// Chooses the peer in a slot, as a policy that found it would.
pub(super) fn choose(host: &Host, slot: SlotRef) -> Option<Pick> {
    Some(host.roster.entry(slot).pin()?.into_pick())
}
