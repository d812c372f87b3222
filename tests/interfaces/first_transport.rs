//! A transport over the registry, as its author writes it at the first attempt.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;

use peerage::policy::RoundRobin;
use peerage::{Chooser, ConnectionStatus, Identifier, Lifecycle, List, ListOptions, ListUpdates};
use peerage::{Peer, PeerList, Registry, Request, Status, StatusPeer, StatusReporter};
use peerage::{Subscriber, Transport, TransportError, Wait};

use crate::support::{LIMIT, until};

/// A peer.
#[derive(Debug)]
pub(crate) struct Line {
    name: String,
    status: AtomicI32,
    pub(crate) reporter: StatusReporter,
}

impl Line {
    pub(crate) fn new(name: &str, reporter: StatusReporter) -> Self {
        Self { name: name.to_owned(), status: AtomicI32::new(0), reporter }
    }

    pub(crate) fn set(&self, status: ConnectionStatus) {
        self.status.store(status as i32, Ordering::Release);
        self.reporter.notify();
    }
}

impl Identifier for Line {
    fn identifier(&self) -> &str {
        &self.name
    }
}

impl StatusPeer for Line {
    fn status(&self) -> Status {
        let connection_status = self.status.load(Ordering::Acquire).try_into().unwrap();
        Status { connection_status, ..Status::default() }
    }
}

impl Peer for Line {}

struct Lines {
    lines: Registry<Line>,
    /// What a line reports while it is made.
    first: Option<ConnectionStatus>,
}

impl Transport for Lines {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let make = |reporter| {
            let line = Line::new(name, reporter);
            if let Some(status) = self.first {
                line.set(status);
            }
            line
        };
        Ok(self.lines.retain(name, subscriber, make).0)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.lines.release(id.identifier(), subscriber).map(drop)
    }
}

#[test]
fn a_first_transport_wakes_those_who_wait_and_takes_peers_out() {
    let transport = Arc::new(Lines { lines: Registry::new("lines"), first: None });
    let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["a"])).unwrap();
    let peer = transport.lines.get("a").unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| list.choose(&Request::new(), Wait::timeout(LIMIT)).map(drop));
        until("a waiter", || list.waiting() == 1);
        peer.set(ConnectionStatus::Available);
        waiter.join().unwrap().unwrap();
    });
    peer.set(ConnectionStatus::Connecting);
    assert_eq!((list.available(), list.unavailable()), (0, 1));
    list.stop().unwrap();
    assert!(transport.lines.peers().is_empty());
    peer.set(ConnectionStatus::Available);
    assert_eq!(list.available(), 0);
}

/// The status may change while the peer is still being retained: the list reads it afterwards.
#[test]
fn a_report_from_inside_make_is_not_needed_and_does_no_harm() {
    let first = Some(ConnectionStatus::Available);
    let transport = Arc::new(Lines { lines: Registry::new("lines"), first });
    let list = PeerList::new(RoundRobin::new(), transport, ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(["a", "b"])).unwrap();
    assert_eq!(list.available(), 2);
}
