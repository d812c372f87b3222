//! A ring with a bare roster, for tests and models: what a list does around them, in few lines.

use std::sync::Arc;

use super::layers::Start;
use super::lookup::Ring;
use crate::attributes::Attributes;
use crate::outcome::Finish;
use crate::panics::Panicked;
use crate::peer::{Identifier, Peer, Status, StatusPeer};
use crate::reasons::Reason;
use crate::roster::{About, Index, Roster};
use crate::slot::{
    Contents, HandOver, Key, Owner, PinOf, Retained, Retiring, Slot, SlotRef, Watched,
};

/// A ring and the roster it serves.
pub(crate) struct Bed {
    /// In a box: a ring knows its roster by the address.
    pub(crate) roster: Box<Roster>,
    pub(crate) ring: Ring,
}

impl Bed {
    pub(crate) fn new(replicas: u32, delimiter: &str) -> Self {
        let (roster, ring) = (Box::new(Roster::new()), Ring::new(replicas, delimiter.into()));
        let bed = Self { roster, ring };
        assert!(bed.ring.attach(&bed.roster));
        bed
    }

    /// Seats a peer and makes it available.
    pub(crate) fn add(&self, id: &Arc<str>, shard: &str) -> SlotRef {
        let slot = self.roster.occupy().expect("there is room");
        let attributes = Arc::new(Attributes::new().with_shard(shard));
        let identifier = crate::identify(&**id);
        let retained = Retained::new(Arc::new(NoList), Arc::clone(id), identifier, slot);
        let contents = Contents {
            peer: Arc::new(Still),
            retained: Arc::new(retained),
            watched: Watched::new(0, &attributes),
            learner: std::ptr::null(),
            factors: crate::cost::Factors::from_bits(0),
            words: [0; 2],
        };
        let about = About { id, attributes: &attributes };
        self.roster.seat(slot, contents, &about, Some(&self.ring));
        self.set_up(slot, true);
        slot
    }

    /// Gives a peer another shard name.
    #[cfg(not(loom))]
    pub(crate) fn move_to(&self, peer: SlotRef, id: &Arc<str>, shard: &str) {
        let attributes = Arc::new(Attributes::new().with_shard(shard));
        let about = About { id, attributes: &attributes };
        assert!(self.roster.reattribute(peer, &about, Some(&self.ring)));
    }

    pub(crate) fn set_up(&self, peer: SlotRef, up: bool) {
        let set = self.roster.set_reason(peer, Reason::NotConnected, !up, Some(&self.ring));
        assert!(set.is_some());
    }

    #[cfg(not(loom))]
    pub(crate) fn remove(&self, peer: SlotRef) {
        let retiring = self.roster.remove(peer, Some(&self.ring)).expect("no pick is left");
        drop(Slot::take(&retiring));
        self.roster.vacate(peer);
    }

    /// Ends a batch. Returns what the ring says about it.
    pub(crate) fn end_batch(&self) -> bool {
        self.ring.after_batch()
    }

    /// Which peer a lookup finds.
    pub(crate) fn find(&self, start: Start, offset: usize, except: &[Key]) -> Option<Key> {
        let found = self.ring.lookup(&self.roster, start, offset, except);
        found.map(|pinned| pinned.key())
    }

    /// Which peer is found by the name of its place.
    pub(crate) fn named(&self, name: &[u8]) -> Option<Key> {
        self.ring.named(&self.roster, name, &[]).map(|pinned| pinned.key())
    }
}

/// A peer that does nothing.
#[derive(Debug)]
struct Still;

impl Identifier for Still {
    fn identifier(&self) -> &str {
        "still"
    }
}

impl StatusPeer for Still {
    fn status(&self) -> Status {
        Status::default()
    }
}

impl Peer for Still {}

/// The owner of slots that watch nothing, and are removed when no request is in flight.
struct NoList;

impl Owner<Slot> for NoList {
    fn status_changed(&self, _: &Retained) {}

    fn finished(&self, _: &Slot, _: &Finish) {}

    fn any_place_serves(&self) -> bool {
        false
    }

    fn hand_over(&self, pin: PinOf<Slot>) -> HandOver<Slot> {
        HandOver::Back { pin, serves_any: false }
    }

    fn reported(&self, _: SlotRef, _: u32) {}

    fn sweep(&self) {}

    fn place_freed(&self, _: bool) {}

    fn panicked(&self, _: &Panicked) {}

    fn retire(&self, _: Retiring<Slot>) {
        unreachable!("a slot was removed while it was pinned");
    }

    #[cfg(feature = "capi")]
    fn set_data(&self, _: SlotRef, _: usize, _: bool) {}

    #[cfg(feature = "capi")]
    fn in_flight(&self, _: SlotRef) -> u32 {
        0
    }
}
