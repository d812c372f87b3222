//! The TCP transport: makes peers for lists, and keeps their status true.
//!
//! Each peer has a manager, a thread that dials until it is connected and then sleeps until a
//! request has failed. It never asks a healthy peer how it is: the requests do that.
//!
//! ```text
//!   retained ─► Connecting ─ dialled ─► Available
//!                 ▲    ▲                    │
//!        backoff  │    └─ a request failed ─┘
//!                 ▼
//!              Unavailable
//! ```
//!
//! The status changes *before* the failed request returns, so its next try goes to another peer.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use parking_lot::Mutex;
use peerage::{Identifier, Peer, Registry, Subscriber, Transport, TransportError};

use crate::backoff::Backoff;
use crate::connection::{CallError, Connection};
use crate::peer::TcpPeer;

pub(crate) struct TcpTransport {
    peers: Registry<TcpPeer>,
    dials: Arc<Dials>,
    managers: Mutex<Vec<JoinHandle<()>>>,
}

/// Makes connections, and counts them.
#[derive(Default)]
struct Dials {
    made: AtomicU64,
    refused: AtomicU64,
}

impl TcpTransport {
    pub(crate) fn new() -> Arc<Self> {
        let (peers, dials) = (Registry::new("tcp"), Arc::default());
        Arc::new(Self { peers, dials, managers: Mutex::default() })
    }

    /// Has `exchange` send a request to `peer` and wait for the answer, on an idle connection or a
    /// new one.
    pub(crate) fn call<A>(
        &self,
        peer: &TcpPeer,
        exchange: impl FnOnce(&mut Connection) -> Result<A, CallError>,
    ) -> Result<A, CallError> {
        let mut connection = match peer.take() {
            Ok(idle) => idle,
            Err(epoch) => self.dials.dial(peer, epoch).inspect_err(|_| peer.doubt(epoch))?,
        };
        let answer = exchange(&mut connection).inspect_err(|_| peer.doubt(connection.epoch))?;
        peer.put_back(connection);
        Ok(answer)
    }

    /// How many connections were made, and how many attempts failed.
    pub(crate) fn dials(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.dials.made), count(&self.dials.refused))
    }

    /// Waits for the managers; they end when their peers are released.
    pub(crate) fn join(&self) {
        let managers = std::mem::take(&mut *self.managers.lock());
        for manager in managers {
            drop(manager.join());
        }
    }
}

impl Transport for TcpTransport {
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        let address: SocketAddr = name.parse()?;
        // A peer is shared once it has its manager, not before: the thread may not be had.
        let (peer, surplus) = self.peers.try_retain(name, subscriber, |reporter| {
            let peer = Arc::new(TcpPeer::new(name, address, reporter));
            let (dials, managed) = (Arc::clone(&self.dials), Arc::clone(&peer));
            let thread = thread::Builder::new().name(format!("peer {name}"));
            self.managers.lock().push(thread.spawn(move || dials.manage(&managed))?);
            Ok::<_, io::Error>(peer)
        })?;
        if let Some(surplus) = surplus {
            surplus.close();
        }
        Ok(peer)
    }

    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        if let Some(last) = self.peers.release(id.identifier(), subscriber)? {
            last.close();
        }
        Ok(())
    }
}

impl Dials {
    fn dial(&self, peer: &TcpPeer, epoch: u64) -> Result<Connection, CallError> {
        let dialled = Connection::dial(peer.address, epoch);
        let counter = if dialled.is_ok() { &self.made } else { &self.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        dialled.map_err(|_| CallError::NotConnected)
    }

    /// The life of a manager.
    fn manage(&self, peer: &TcpPeer) {
        let mut backoff = Backoff::new();
        while let Some(epoch) = peer.connecting() {
            if let Ok(connection) = self.dial(peer, epoch) {
                peer.connected(connection);
                match peer.doubted(epoch) {
                    None => return,
                    Some(true) => {
                        backoff.reset();
                        continue;
                    }
                    // It lets itself be dialled and is of no use: that is no better than refusing.
                    Some(false) => {}
                }
            }
            peer.refused();
            peer.rest(backoff.next());
        }
    }
}
