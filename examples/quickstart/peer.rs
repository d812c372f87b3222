//! A peer of the TCP transport: its status and its idle connections.
//!
//! Two sorts of threads meet here. Clients take connections, put them back, and when one has failed
//! say that they *doubt* the peer. The peer's manager (`transport.rs`) waits for doubt and dials.
//! Doubts are counted: a connection knows the count at its birth, so a dozen requests that fail
//! because of one death are one doubt, and no connection from before comes back into the pool.
//! Every change of the status is reported, first made and then told, with no lock held.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use peerage::{ConnectionStatus, Identifier, Peer, Status, StatusPeer, StatusReporter};

use crate::connection::Connection;

/// More idle connections than this are closed.
const IDLE: usize = 64;

#[derive(Debug)]
pub(crate) struct TcpPeer {
    id: String,
    pub(crate) address: SocketAddr,
    status: AtomicI32,
    pool: Mutex<Pool>,
    changed: Condvar,
    reporter: StatusReporter,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Connection>,
    doubts: u64,
    /// Whether a request was answered since the last doubt.
    proven: bool,
    closed: bool,
}

impl Identifier for TcpPeer {
    fn identifier(&self) -> &str {
        &self.id
    }
}

impl StatusPeer for TcpPeer {
    fn status(&self) -> Status {
        let status = ConnectionStatus::try_from(self.status.load(Ordering::Acquire));
        Status { connection_status: status.unwrap_or_default(), ..Status::default() }
    }
}

impl Peer for TcpPeer {}

impl TcpPeer {
    pub(crate) fn new(id: &str, address: SocketAddr, reporter: StatusReporter) -> Self {
        let (pool, changed) = (Mutex::default(), Condvar::new());
        Self { id: id.to_owned(), address, status: AtomicI32::new(0), pool, changed, reporter }
    }

    fn set(&self, status: ConnectionStatus) {
        self.status.store(status as i32, Ordering::Release);
    }

    /// An idle connection that is good, and the epoch for a new one if there is none.
    pub(crate) fn take(&self) -> Result<Connection, u64> {
        let mut pool = self.pool.lock();
        while let Some(connection) = pool.idle.pop() {
            if connection.is_open() {
                return Ok(connection);
            }
        }
        Err(pool.doubts)
    }

    /// Takes a connection back that has just served a request.
    pub(crate) fn put_back(&self, connection: Connection) {
        let mut pool = self.pool.lock();
        if connection.epoch == pool.doubts && !pool.closed {
            pool.proven = true;
            if pool.idle.len() < IDLE {
                pool.idle.push(connection);
            }
        }
    }

    /// A connection of this epoch has failed, or could not be made.
    pub(crate) fn doubt(&self, epoch: u64) {
        {
            let mut pool = self.pool.lock();
            let available = self.status().connection_status == ConnectionStatus::Available;
            if pool.closed || epoch != pool.doubts || !available {
                return;
            }
            pool.doubts += 1;
            pool.idle.clear();
            self.set(ConnectionStatus::Connecting);
            self.changed.notify_all();
        }
        self.reporter.notify();
    }

    /// The manager is about to dial: the epoch of the connection. `None`: the peer is closed.
    pub(crate) fn connecting(&self) -> Option<u64> {
        let epoch = {
            let pool = self.pool.lock();
            self.set(ConnectionStatus::Connecting);
            (!pool.closed).then_some(pool.doubts)
        };
        self.reporter.notify();
        epoch
    }

    /// The manager has connected.
    pub(crate) fn connected(&self, connection: Connection) {
        {
            let mut pool = self.pool.lock();
            pool.proven = false;
            pool.idle.push(connection);
            self.set(ConnectionStatus::Available);
        }
        self.reporter.notify();
    }

    /// Waits for doubt. `Some`: whether the peer had answered anything before. `None`: it is closed.
    pub(crate) fn doubted(&self, epoch: u64) -> Option<bool> {
        let mut pool = self.pool.lock();
        while !pool.closed && pool.doubts == epoch {
            self.changed.wait(&mut pool);
        }
        (!pool.closed).then_some(pool.proven)
    }

    /// The manager waits until the next attempt.
    pub(crate) fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut pool = self.pool.lock();
        self.changed.wait_while_until(&mut pool, |pool| !pool.closed, until);
    }

    /// The manager could not connect.
    pub(crate) fn refused(&self) {
        self.set(ConnectionStatus::Unavailable);
        self.reporter.notify();
    }

    /// Nobody retains it any more.
    pub(crate) fn close(&self) {
        let mut pool = self.pool.lock();
        pool.closed = true;
        pool.idle.clear();
        self.changed.notify_all();
    }
}
