//! Servers that a test scripts, and connections that count themselves.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use peerage::policy::RoundRobin;
use peerage::transports::pool::{Connect, Pool, PoolOptions, PoolPeer, Pooled};
use peerage::{
    Chooser, ConnectionStatus, Lifecycle, List, ListOptions, ListUpdates, PeerList, Pick, Request,
    Wait,
};

use crate::support::until;

/// Whether a server answers, and how it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    Up,
    Refuses,
    Panics,
    /// There are no descriptors to try with.
    #[cfg(unix)]
    IsOutOfReach,
}

#[derive(Default)]
pub(crate) struct World {
    servers: Mutex<HashMap<String, Server>>,
    /// Connections that exist.
    pub(crate) alive: AtomicUsize,
    numbers: AtomicUsize,
    /// Called by each connection that is dropped.
    at_drop: Mutex<Option<Arc<dyn Fn() + Send + Sync>>>,
}

pub(crate) struct Connection {
    pub(crate) number: usize,
    pub(crate) is_good: bool,
    world: Arc<World>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.world.alive.fetch_sub(1, Ordering::SeqCst);
        let at_drop = self.world.at_drop.lock().unwrap().clone();
        if let Some(at_drop) = at_drop {
            at_drop();
        }
    }
}

pub(crate) struct Scripted(pub(crate) Arc<World>);

impl Connect for Scripted {
    type Connection = Connection;

    fn connect(&self, peer: &str) -> Result<Connection, peerage::TransportError> {
        match self.0.server(peer) {
            Server::Up => {}
            Server::Refuses => return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
            Server::Panics => panic!("planted"),
            #[cfg(unix)]
            Server::IsOutOfReach => return Err(io::Error::from_raw_os_error(libc::EMFILE).into()),
        }
        let number = self.0.numbers.fetch_add(1, Ordering::SeqCst);
        self.0.alive.fetch_add(1, Ordering::SeqCst);
        Ok(Connection { number, is_good: true, world: Arc::clone(&self.0) })
    }

    fn is_reusable(&self, connection: &mut Connection) -> bool {
        connection.is_good
    }
}

impl World {
    fn server(&self, peer: &str) -> Server {
        self.servers.lock().unwrap().get(peer).copied().unwrap_or(Server::Up)
    }

    pub(crate) fn set(&self, peer: &str, server: Server) {
        self.servers.lock().unwrap().insert(peer.to_owned(), server);
    }

    pub(crate) fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }

    pub(crate) fn at_drop(&self, call: Option<Arc<dyn Fn() + Send + Sync>>) {
        *self.at_drop.lock().unwrap() = call;
    }
}

/// A list over a pool over a world.
pub(crate) struct Bed {
    pub(crate) world: Arc<World>,
    pub(crate) pool: Arc<Pool<Scripted>>,
    pub(crate) list: Arc<PeerList<RoundRobin>>,
}

pub(crate) fn bed(options: PoolOptions, peers: &[&str]) -> Bed {
    let world = Arc::<World>::default();
    let pool = Pool::with_options(Scripted(Arc::clone(&world)), options);
    let list = PeerList::new(RoundRobin::new(), pool.clone(), ListOptions::new());
    list.start().unwrap();
    list.update(ListUpdates::adding(peers.iter().copied())).unwrap();
    Bed { world, pool, list: Arc::new(list) }
}

impl Bed {
    pub(crate) fn available(&self, peers: usize) {
        until("so many are available", || self.list.available() == peers);
    }

    pub(crate) fn choose(&self) -> Pick {
        self.list.choose(&Request::new(), Wait::timeout(crate::support::LIMIT)).unwrap()
    }

    pub(crate) fn choose_named(&self, peer: &str) -> Pick {
        let request = Request::new().with_preferred(peer);
        let pick = self.list.choose(&request, Wait::timeout(crate::support::LIMIT)).unwrap();
        assert_eq!(pick.identifier(), peer);
        pick
    }

    pub(crate) fn status(&self, peer: &str) -> ConnectionStatus {
        let peers = self.list.introspect().peers;
        let found = peers.iter().find(|known| known.identifier == peer);
        found.unwrap().status.connection_status
    }

    /// Stops the list; every connection and every thread has to be gone afterwards.
    pub(crate) fn end(self) {
        self.list.stop().unwrap();
        self.pool.join();
        until("all connections are closed", || self.world.alive() == 0);
        assert_eq!((self.pool.stats().open, self.pool.stats().idle), (0, 0));
    }
}

pub(crate) fn peer(pick: &Pick) -> &PoolPeer<Scripted> {
    pick.downcast().unwrap()
}

pub(crate) fn checkout(pick: &Pick) -> Pooled<Scripted> {
    peer(pick).checkout().unwrap()
}
