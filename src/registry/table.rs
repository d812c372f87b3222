//! The table: which peers there are, and who wants to hear of them.

use std::convert::Infallible;
use std::sync::Arc;

use super::records::{Record, Records};
use super::reporter::{StatusReporter, Subscriptions};
use crate::error::{PeerHasNoReferenceToSubscriber, TransportError, TransportHasNoReferenceToPeer};
use crate::peer::{Identifier, Peer, Seal, Subscriber};
use crate::sync::Mutex;

/// Identifier → peer, with its subscribers: for authors of transports.
///
/// A peer is made when it is first retained and leaves when its last subscriber does. Every retain
/// counts, also several by one subscriber. No code of the transport's or of a subscriber's runs
/// under the registry's locks. Any thread may call any method at any time; none blocks on anything
/// but those locks.
///
/// A peer keeps the [`StatusReporter`] that it is made with, and calls it when its status has
/// changed:
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use peerage::{ConnectionStatus, Identifier, Peer, Registry, Status, StatusPeer};
/// use peerage::{StatusReporter, Subscriber, Transport, TransportError};
///
/// #[derive(Debug)]
/// struct MyPeer {
///     name: String,
///     connected: AtomicBool,
///     reporter: StatusReporter,
/// }
///
/// impl MyPeer {
///     /// The connection is there, or it is gone.
///     fn set_connected(&self, connected: bool) {
///         self.connected.store(connected, Ordering::Release); // first what `status` reads,
///         self.reporter.notify(); // then the news
///     }
/// }
///
/// impl Identifier for MyPeer {
///     fn identifier(&self) -> &str {
///         &self.name
///     }
/// }
///
/// impl StatusPeer for MyPeer {
///     fn status(&self) -> Status {
///         let connection_status = match self.connected.load(Ordering::Acquire) {
///             true => ConnectionStatus::Available,
///             false => ConnectionStatus::Unavailable,
///         };
///         Status { connection_status, ..Status::default() }
///     }
/// }
///
/// impl Peer for MyPeer {}
///
/// struct MyTransport {
///     peers: Registry<MyPeer>,
/// }
///
/// impl Transport for MyTransport {
///     fn retain_peer(
///         &self,
///         id: &Arc<dyn Identifier>,
///         subscriber: Arc<dyn Subscriber>,
///     ) -> Result<Arc<dyn Peer>, TransportError> {
///         let name = id.identifier();
///         let (peer, is_new) = self.peers.retain(name, subscriber, |reporter| MyPeer {
///             name: name.to_owned(),
///             connected: AtomicBool::new(false),
///             reporter,
///         });
///         if is_new {
///             // .. begin to connect, on a thread or an event loop of your own ..
///         }
///         Ok(peer)
///     }
///
///     fn release_peer(
///         &self,
///         id: &Arc<dyn Identifier>,
///         subscriber: &Arc<dyn Subscriber>,
///     ) -> Result<(), TransportError> {
///         if let Some(last) = self.peers.release(id.identifier(), subscriber)? {
///             last.set_connected(false); // .. close the connection ..
///         }
///         Ok(())
///     }
/// }
///
/// // A list over it hears of each change at once.
/// use peerage::policy::RoundRobin;
/// use peerage::{Lifecycle, List, ListOptions, ListUpdates, PeerList};
///
/// let transport = Arc::new(MyTransport { peers: Registry::new("my transport") });
/// let list = PeerList::new(RoundRobin::new(), transport.clone(), ListOptions::new());
/// list.start()?;
/// list.update(ListUpdates::adding(["10.0.0.1:80"]))?;
/// assert_eq!(list.available(), 0);
/// transport.peers.get("10.0.0.1:80").unwrap().set_connected(true);
/// assert_eq!(list.available(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Registry<P> {
    pub(super) transport: String,
    pub(super) records: Mutex<Records<P>>,
}

impl<P: Peer> Registry<P> {
    /// An empty registry; `transport` is the name in its errors.
    #[must_use]
    pub fn new(transport: impl Into<String>) -> Self {
        Self { transport: transport.into(), records: Mutex::new(Records::new()) }
    }

    /// Returns the peer called `id` with one more subscriber, and whether it was made now, so that
    /// it is time to connect. If there is none, `make` makes it and keeps the reporter that it is
    /// given.
    ///
    /// If two threads make the same peer at once, one of the two is dropped: leave anything that
    /// matters until afterwards, or see [`try_retain`](Registry::try_retain).
    pub fn retain(
        &self,
        id: &str,
        subscriber: Arc<dyn Subscriber>,
        make: impl FnOnce(StatusReporter) -> P,
    ) -> (Arc<P>, bool) {
        let mut was_made = false;
        let make = |reporter| {
            was_made = true;
            Ok::<_, Infallible>(Arc::new(make(reporter)))
        };
        let Ok((peer, surplus)) = self.try_retain(id, subscriber, make);
        (peer, was_made && surplus.is_none())
    }

    /// Returns the peer called `id` with one more subscriber; if there is none, the one that `make`
    /// makes. For peers that can fail to be made, and for those that must be complete, threads and
    /// all, before another list may share them.
    ///
    /// The second value is a peer to close: `make` has made it, and another thread was faster to
    /// make one of the same name, which is returned first. What the second one reports reaches
    /// nothing.
    ///
    /// # Errors
    ///
    /// That of `make`; the registry stays as it was.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use peerage::{Identifier, Peer, Registry, Status, StatusPeer, StatusReporter, Subscriber};
    /// # #[derive(Debug)] struct MyPeer;
    /// # impl MyPeer {
    /// #     fn connect(_: &str, _: StatusReporter) -> std::io::Result<Self> { Ok(Self) }
    /// #     fn close(&self) {}
    /// # }
    /// # impl Identifier for MyPeer { fn identifier(&self) -> &str { "a" } }
    /// # impl StatusPeer for MyPeer { fn status(&self) -> Status { Status::default() } }
    /// # impl Peer for MyPeer {}
    /// # fn retain(peers: &Registry<MyPeer>, id: &str, subscriber: Arc<dyn Subscriber>)
    /// # -> std::io::Result<Arc<MyPeer>> {
    /// let make = |reporter| MyPeer::connect(id, reporter).map(Arc::new);
    /// let (peer, surplus) = peers.try_retain(id, subscriber, make)?;
    /// if let Some(surplus) = surplus {
    ///     surplus.close();
    /// }
    /// # Ok(peer) }
    /// # struct Deaf;
    /// # impl Subscriber for Deaf { fn notify_status_changed(&self, _: &dyn Identifier) {} }
    /// # assert!(retain(&Registry::new("test"), "a", Arc::new(Deaf)).is_ok());
    /// ```
    pub fn try_retain<E>(
        &self,
        id: &str,
        subscriber: Arc<dyn Subscriber>,
        make: impl FnOnce(StatusReporter) -> Result<Arc<P>, E>,
    ) -> Result<(Arc<P>, Option<Arc<P>>), E> {
        self.find_or_make(id, || id.into(), subscriber, make)
    }

    /// The same by an identifier, of which the name is shared if it can be: for the transports of this
    /// crate.
    pub(crate) fn try_retain_as<E>(
        &self,
        identifier: &dyn Identifier,
        subscriber: Arc<dyn Subscriber>,
        make: impl FnOnce(StatusReporter) -> Result<Arc<P>, E>,
    ) -> Result<(Arc<P>, Option<Arc<P>>), E> {
        // The name is read once: a record is found by the name that it keeps.
        let id = identifier.identifier();
        let name = || identifier.shared_name(Seal(())).unwrap_or_else(|| id.into());
        self.find_or_make(id, name, subscriber, make)
    }

    fn find_or_make<E>(
        &self,
        id: &str,
        name: impl FnOnce() -> Arc<str>,
        subscriber: Arc<dyn Subscriber>,
        make: impl FnOnce(StatusReporter) -> Result<Arc<P>, E>,
    ) -> Result<(Arc<P>, Option<Arc<P>>), E> {
        let hash = {
            let records = self.records.lock();
            let hash = records.hash(id);
            if let Some(record) = records.get(id, hash) {
                return Ok((record.subscribe(subscriber), None));
            }
            hash
        };
        let subscriptions = Subscriptions::new(name());
        let made = make(subscriptions.reporter())?; // with no lock held

        let mut records = self.records.lock();
        if let Some(record) = records.get(id, hash) {
            return Ok((record.subscribe(subscriber), Some(made)));
        }
        let record = Record { peer: made, subscriptions };
        let peer = record.subscribe(subscriber);
        records.insert(record, hash);
        Ok((peer, None))
    }

    /// Takes one subscription back. Returns the peer if it was the last: it has left the registry,
    /// and what it reports from now on reaches nothing.
    ///
    /// # Errors
    ///
    /// [`TransportHasNoReferenceToPeer`] if there is no such peer,
    /// [`PeerHasNoReferenceToSubscriber`] if it does not have this subscriber.
    pub fn release(
        &self,
        id: &str,
        subscriber: &Arc<dyn Subscriber>,
    ) -> Result<Option<Arc<P>>, TransportError> {
        let mut records = self.records.lock();
        let hash = records.hash(id);
        let Some(record) = records.get(id, hash) else {
            return Err(Box::new(TransportHasNoReferenceToPeer {
                transport_name: self.transport.clone(),
                peer_identifier: id.to_owned(),
            }));
        };
        let Some(gone) = record.subscriptions.remove(subscriber) else {
            return Err(Box::new(PeerHasNoReferenceToSubscriber {
                peer_identifier: id.to_owned(),
                peer_subscriber: format!("{:p}", Arc::as_ptr(subscriber)),
            }));
        };
        let last = if gone.was_last { records.remove(id, hash) } else { None };
        drop(records);
        drop(gone);
        Ok(last.map(|record| record.peer))
    }
}

impl<P> Record<P> {
    fn subscribe(&self, subscriber: Arc<dyn Subscriber>) -> Arc<P> {
        self.subscriptions.add(subscriber);
        Arc::clone(&self.peer)
    }
}
