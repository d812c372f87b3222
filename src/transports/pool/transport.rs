//! The transport: it makes peers, each with a thread, and closes them.

use std::fmt;
use std::io;
use std::sync::{Arc, Weak};

use super::connect::Connect;
use super::home::Home;
use super::manager;
use super::options::PoolOptions;
use super::peer::PoolPeer;
use super::shared::{Keeps, Shared};
use crate::error::TransportError;
use crate::peer::{Identifier, Peer, Subscriber};
use crate::registry::Registry;
use crate::sync::Ordering;
use crate::transport::Transport;

/// A transport that keeps connections of your own to each of its peers.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpListener;
/// use peerage::policy::RoundRobin;
/// use peerage::transports::pool::{Pool, PoolPeer, Tcp};
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request, Wait};
///
/// # let server = TcpListener::bind("127.0.0.1:0")?;
/// # let address = server.local_addr()?.to_string();
/// # std::thread::spawn(move || {
/// #     for stream in server.incoming().flatten() {
/// #         std::thread::spawn(move || std::io::copy(&mut &stream, &mut &stream));
/// #     }
/// # });
/// let pool = Pool::new(Tcp::new());
/// let list = PeerList::new(RoundRobin::new(), pool.clone(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding([address.as_str()]))?;
///
/// let pick = list.choose(&Request::new(), Wait::default())?;
/// let connection = pick.downcast::<PoolPeer<Tcp>>()?.checkout()?;
/// let answer = connection.exchange(|stream| {
///     let mut answer = [0; 4];
///     stream.write_all(b"ping")?;
///     stream.read_exact(&mut answer).map(|()| answer)
/// });
/// pick.finish(if answer.is_ok() { Outcome::Success } else { Outcome::Failure });
/// assert_eq!(&answer?, b"ping");
/// assert_eq!((pool.stats().open, pool.stats().idle), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A peer is `Connecting` when it is retained, `Available` as soon as a first connection is there, and
/// stays so until an exchange fails; then it is `Connecting` again, and `Unavailable` between attempts
/// that fail. No probes are sent: a peer without requests that dies is noticed by the next request.
///
/// Each peer has a thread, which sleeps while the peer is available. Lists that share the pool share
/// its peers. Dropping the pool, or its lists, closes what is idle.
pub struct Pool<C: Connect> {
    peers: Registry<PoolPeer<C>>,
    shared: Arc<Shared<C>>,
}

/// What a [`Pool`] has at one moment, and has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PoolStats {
    /// Connections that are idle, in use or being made.
    pub open: usize,
    /// Those that are idle.
    pub idle: usize,
    /// How many have been made so far.
    pub made: u64,
    /// How many attempts to make one have failed so far.
    pub failed: u64,
}

impl<C: Connect> Pool<C> {
    /// A pool with the usual [limits](PoolOptions::new). It has no peers yet.
    #[must_use]
    pub fn new(connect: C) -> Arc<Self> {
        Self::with_options(connect, PoolOptions::new())
    }

    /// A pool with limits of your own.
    #[must_use]
    pub fn with_options(connect: C, options: PoolOptions) -> Arc<Self> {
        let shared = Shared::new(connect, options);
        Arc::new(Self { peers: Registry::new("pool"), shared })
    }

    /// What there is now. The numbers are read one after the other, while others may change them.
    #[must_use]
    pub fn stats(&self) -> PoolStats {
        let places = &self.shared.places;
        PoolStats {
            open: places.open(),
            idle: self.shared.homes().iter().map(|home| home.idle()).sum(),
            made: places.made.load(Ordering::Relaxed),
            failed: places.failed.load(Ordering::Relaxed),
        }
    }

    /// Waits for the threads of its peers, which end once the peers are released: after the lists
    /// have been stopped it takes as long as one attempt to connect. Blocks for ever while a peer is
    /// retained. A program that just ends need not call it.
    pub fn join(&self) {
        self.shared.join();
    }
}

impl<C: Connect> Transport for Pool<C> {
    /// Starts the peer's thread, and does not wait for a connection.
    fn retain_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: Arc<dyn Subscriber>,
    ) -> Result<Arc<dyn Peer>, TransportError> {
        let name = id.identifier();
        self.shared.connect.check(name)?;
        // A peer is shared once it has its thread, not before: there may be none to be had.
        let (peer, surplus) = self.peers.try_retain_as(&**id, subscriber, |reporter| {
            let home = Arc::new(Home::new(name, Arc::clone(&self.shared), reporter));
            manager::start(&home)?;
            let kept: Weak<Home<C>> = Arc::downgrade(&home);
            self.shared.enter(kept);
            Ok::<_, io::Error>(Arc::new(PoolPeer { home }))
        })?;
        if let Some(surplus) = surplus {
            surplus.home.close();
        }
        Ok(peer)
    }

    /// Closes what is idle; what is in use is closed when it comes back.
    fn release_peer(
        &self,
        id: &Arc<dyn Identifier>,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<(), TransportError> {
        if let Some(last) = self.peers.release(id.identifier(), subscriber)? {
            last.home.close();
        }
        Ok(())
    }
}

impl<C: Connect> Drop for Pool<C> {
    fn drop(&mut self) {
        for home in self.shared.homes() {
            home.close();
        }
    }
}

impl<C: Connect> fmt::Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
