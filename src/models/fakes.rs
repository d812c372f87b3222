//! A peer and an owner that notice when they are used after the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::PeerFailure;
use crate::outcome::Outcome;
use crate::panics::Panicked;
use crate::peer::{ConnectionStatus, Identifier, Peer, Status, StatusPeer, Subscriber};
use crate::roster::Roster;
use crate::slot::SlotRef;
use crate::slot::owner::Owner;
use crate::sync::UnsafeCell;

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

/// The owner of one slot of a bare roster.
pub(super) struct Host {
    roster: Arc<Roster>,
    tenancy: SlotRef,
    probe: Arc<Probe>,
    identifier: Arc<dyn Identifier>,
}

impl Subscriber for Host {
    fn notify_status_changed(&self, _: &dyn Identifier) {}
}

impl Owner for Host {
    fn identifier(&self) -> &Arc<dyn Identifier> {
        &self.identifier
    }

    fn finished(&self, _: Outcome) {}

    fn panicked(&self, _: &Panicked) {}

    fn release(self: Arc<Self>, peer: Arc<dyn Peer>) -> Result<(), PeerFailure> {
        let roster = Arc::clone(&self.roster);
        roster.vacate(self.tenancy);
        self.probe.release();
        drop(peer);
        Ok(())
    }

    fn retire(self: Arc<Self>, peer: Arc<dyn Peer>) {
        let _ = self.release(peer);
    }
}

/// Seats a probe in a slot of the roster and makes it available.
pub(super) fn seat(roster: &Arc<Roster>, probe: &Arc<Probe>) -> SlotRef {
    let tenancy = roster.occupy().expect("there is room");
    let host = Arc::new(Host {
        roster: Arc::clone(roster),
        tenancy,
        probe: Arc::clone(probe),
        identifier: crate::identify("probe"),
    });
    roster.seat(tenancy, Arc::clone(probe) as _, host, 0, |_| ());
    push(roster, tenancy, ConnectionStatus::Available);
    tenancy
}

/// Pushes a status.
pub(super) fn push(roster: &Roster, tenancy: SlotRef, status: ConnectionStatus) {
    if let Some((_, number)) = roster.begin(tenancy) {
        roster.apply(tenancy, number, status, None);
    }
}

/// Removes a peer, and releases it if no request is in flight.
pub(super) fn remove(roster: &Roster, tenancy: SlotRef) {
    if let Some(removed) = roster.remove(tenancy, None) {
        let _ = removed.owner.release(removed.peer);
    }
}
