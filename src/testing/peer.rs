//! A peer: the status that a test sets, and the requests that it was told of.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use crate::outcome::Outcome;
use crate::peer::{ConnectionStatus, Identifier, Peer, Status, StatusPeer};
use crate::sync::Mutex;

/// A peer of a [`FakeTransport`](super::FakeTransport).
#[derive(Debug)]
pub struct FakePeer {
    id: String,
    status: AtomicU8,
    watches: bool,
    started: AtomicUsize,
    ended: Mutex<Vec<Outcome>>,
}

impl FakePeer {
    pub(super) fn new(id: &str, initial: ConnectionStatus, watches: bool) -> Self {
        Self {
            id: id.to_owned(),
            status: AtomicU8::new(initial as u8),
            watches,
            started: AtomicUsize::new(0),
            ended: Mutex::new(vec![]),
        }
    }

    pub(super) fn set(&self, status: ConnectionStatus) {
        self.status.store(status as u8, Ordering::Release);
    }

    /// How many requests it was told of, by a transport that
    /// [watches](super::FakeTransport::watching_requests).
    #[must_use]
    pub fn started(&self) -> usize {
        self.started.load(Ordering::Acquire)
    }

    /// How those of them ended that have.
    #[must_use]
    pub fn ended(&self) -> Vec<Outcome> {
        self.ended.lock().clone()
    }
}

impl Identifier for FakePeer {
    fn identifier(&self) -> &str {
        &self.id
    }
}

impl StatusPeer for FakePeer {
    fn status(&self) -> Status {
        let connection_status = match self.status.load(Ordering::Acquire) {
            2 => ConnectionStatus::Available,
            1 => ConnectionStatus::Connecting,
            _ => ConnectionStatus::Unavailable,
        };
        let in_flight = self.started().saturating_sub(self.ended.lock().len());
        Status { connection_status, pending_request_count: in_flight as u32 }
    }
}

impl Peer for FakePeer {
    fn watches_requests(&self) -> bool {
        self.watches
    }

    fn start_request(&self) {
        self.started.fetch_add(1, Ordering::AcqRel);
    }

    fn end_request(&self, outcome: Outcome) {
        self.ended.lock().push(outcome);
    }
}
