//! The transport of a simulation: its peers are servers by number, there or not as the world has it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use peerage::{
    ConnectionStatus, Identifier, Peer, Registry, Status, StatusPeer, StatusReporter, Subscriber,
    Transport, TransportError,
};

/// All clients of a run share it, as the threads of a process would.
pub(crate) struct SimTransport {
    peers: Registry<SimPeer>,
    names: Vec<String>,
    /// Whether each server is there.
    up: Vec<AtomicBool>,
}

#[derive(Debug)]
pub(crate) struct SimPeer {
    name: String,
    pub(crate) server: u32,
    is_up: AtomicBool,
    reporter: StatusReporter,
}

impl SimTransport {
    pub(crate) fn new(servers: usize) -> Arc<Self> {
        let names = (0..servers).map(|server| format!("server-{server}"));
        let up = (0..servers).map(|_| AtomicBool::new(true));
        let peers = Registry::new("simulation");
        Arc::new(Self { peers, names: names.collect(), up: up.collect() })
    }

    pub(crate) fn name(&self, server: u32) -> &str {
        &self.names[server as usize]
    }

    /// Tells every list that has the server.
    pub(crate) fn set_up(&self, server: u32, is_up: bool) {
        // Relaxed: a run is one thread.
        self.up[server as usize].store(is_up, Ordering::Relaxed);
        if let Some(peer) = self.peers.get(self.name(server)) {
            peer.is_up.store(is_up, Ordering::Relaxed);
            peer.reporter.notify();
        }
    }
}

impl Transport for SimTransport {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let number = name.strip_prefix("server-").and_then(|number| number.parse().ok());
        let server: u32 = number.ok_or("not a server of the simulation")?;
        let is_up = self.up.get(server as usize).ok_or("there is no such server")?;
        let is_up = is_up.load(Ordering::Relaxed);
        let make = |reporter| {
            let is_up = AtomicBool::new(is_up);
            SimPeer { name: name.to_owned(), server, is_up, reporter }
        };
        Ok(self.peers.retain(name, subscriber, make).0)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        self.peers.release(id.identifier(), subscriber).map(drop)
    }
}

impl Identifier for SimPeer {
    fn identifier(&self) -> &str {
        &self.name
    }
}

impl StatusPeer for SimPeer {
    fn status(&self) -> Status {
        let connection_status = if self.is_up.load(Ordering::Relaxed) {
            ConnectionStatus::Available
        } else {
            ConnectionStatus::Unavailable
        };
        Status { connection_status, ..Status::default() }
    }
}

impl Peer for SimPeer {}
