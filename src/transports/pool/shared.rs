//! What all peers of a pool share.

use std::sync::{Arc, Weak};
use std::time::Instant;

use super::connect::Connect;
use super::idle::Held;
use super::options::PoolOptions;
use super::places::{Place, Places};
use crate::error::TransportError;
use crate::panics::fallible;
use crate::sync::{Condvar, Mutex, Ordering};

/// What keeps idle connections of one peer, as the pool sees it.
pub(super) trait Keeps<T>: Send + Sync {
    /// How many it keeps.
    fn idle(&self) -> usize;
    /// Gives up the one that has been idle the longest.
    fn oldest(&self) -> Option<Held<T>>;
    /// Closes them all, and keeps no more.
    fn close(&self);
}

pub(super) struct Shared<C: Connect> {
    pub(super) connect: C,
    pub(super) options: PoolOptions,
    pub(super) places: Arc<Places>,
    /// Where idle connections may be taken from when there are too many.
    homes: Mutex<Vec<Weak<dyn Keeps<C::Connection>>>>,
    /// How many threads of peers there are.
    managers: Mutex<usize>,
    ended: Condvar,
}

/// A thread of a peer, until it ends.
pub(super) struct Manager<C: Connect>(Arc<Shared<C>>);

impl<C: Connect> Shared<C> {
    pub(super) fn new(connect: C, options: PoolOptions) -> Arc<Self> {
        let places = Places::new(options.max_connections);
        let (homes, managers) = (Mutex::new(Vec::new()), Mutex::new(0));
        Arc::new(Self { connect, options, places, homes, managers, ended: Condvar::new() })
    }

    /// Makes a connection to the peer. Blocks.
    pub(super) fn dial(
        &self,
        peer: &str,
        epoch: u64,
        place: Place,
    ) -> Result<Held<C::Connection>, TransportError> {
        let connection = self.connect(peer)?;
        Ok(Held { connection, epoch, made: Instant::now(), _place: place })
    }

    /// Makes a connection only to see that it can be made. Blocks.
    pub(super) fn probe(&self, peer: &str) -> Result<(), TransportError> {
        self.connect(peer).map(drop)
    }

    fn connect(&self, peer: &str) -> Result<C::Connection, TransportError> {
        let dialled = fallible("a pool's connect", || self.connect.connect(peer));
        let counter = if dialled.is_ok() { &self.places.made } else { &self.places.failed };
        counter.fetch_add(1, Ordering::Relaxed);
        dialled
    }

    /// A place for one more connection, at the cost of an idle one of any peer if need be.
    pub(super) fn place(&self) -> Option<Place> {
        loop {
            if let Some(place) = self.places.take() {
                return Some(place);
            }
            // Closed with no lock held: it is the user's object.
            drop(self.oldest()?);
        }
    }

    fn oldest(&self) -> Option<Held<C::Connection>> {
        let homes = self.homes.lock().clone();
        homes.iter().find_map(|home| home.upgrade()?.oldest())
    }

    pub(super) fn enter(&self, home: Weak<dyn Keeps<C::Connection>>) {
        self.homes.lock().push(home);
    }

    /// By its address: an object may have several tables of functions.
    pub(super) fn leave<H>(&self, home: *const H) {
        self.homes.lock().retain(|known| !std::ptr::addr_eq(known.as_ptr(), home));
    }

    pub(super) fn homes(&self) -> Vec<Arc<dyn Keeps<C::Connection>>> {
        let homes = self.homes.lock().clone();
        homes.iter().filter_map(Weak::upgrade).collect()
    }

    pub(super) fn manager(self: &Arc<Self>) -> Manager<C> {
        *self.managers.lock() += 1;
        Manager(Arc::clone(self))
    }

    /// Waits until no thread of a peer is left.
    pub(super) fn join(&self) {
        let mut managers = self.managers.lock();
        while *managers > 0 {
            managers = self.ended.wait(managers);
        }
    }
}

impl<C: Connect> Drop for Manager<C> {
    fn drop(&mut self) {
        *self.0.managers.lock() -= 1;
        self.0.ended.notify_all();
    }
}
