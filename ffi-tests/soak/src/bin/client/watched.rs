//! A transport of the client's own: a thread for each peer, which connects ten times a second.
//!
//! The transport that probes never takes the last peer out, so with it hardly a caller waits. This one
//! reports what it sees: when all servers are down, there is no peer.

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use peerage::{ConnectionStatus, Identifier, Peer, Registry, Status, StatusPeer, StatusReporter};
use peerage::{Subscriber, Transport, TransportError};

const PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct Watched {
    name: String,
    is_up: AtomicBool,
    reporter: StatusReporter,
}

impl Identifier for Watched {
    fn identifier(&self) -> &str {
        &self.name
    }
}

impl StatusPeer for Watched {
    fn status(&self) -> Status {
        let connection_status = match self.is_up.load(Ordering::Acquire) {
            true => ConnectionStatus::Available,
            false => ConnectionStatus::Unavailable,
        };
        Status { connection_status, ..Status::default() }
    }
}

impl Peer for Watched {}

pub(crate) struct Watching(Registry<Watched>);

impl Watching {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Registry::new("watched")))
    }
}

impl Transport for Watching {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let (peer, is_new) = self.0.retain(name, subscriber, |reporter| Watched {
            name: name.to_owned(),
            is_up: AtomicBool::new(false),
            reporter,
        });
        if is_new {
            let peer = Arc::downgrade(&peer);
            thread::spawn(move || watch(&peer));
        }
        Ok(peer)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.0.release(id.identifier(), subscriber)?;
        Ok(())
    }
}

/// Until the peer is gone.
fn watch(peer: &Weak<Watched>) {
    while let Some(peer) = peer.upgrade() {
        let address = peer.name.parse().expect("an address");
        let is_up = TcpStream::connect_timeout(&address, PAUSE).is_ok();
        if peer.is_up.swap(is_up, Ordering::AcqRel) != is_up {
            peer.reporter.notify();
        }
        drop(peer);
        thread::sleep(PAUSE);
    }
}
