//! The table that nearly every transport needs: which peers there are, and who wants to hear of
//! them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::error::TransportError;
use crate::error::{PeerHasNoReferenceToSubscriber, TransportHasNoReferenceToPeer};
use crate::peer::{Identifier, Peer, Subscriber};
use crate::sync::Mutex;

/// Identifier → peer, with its subscribers: for authors of transports.
///
/// A peer is made when it is first retained and leaves when its last subscriber does. Every retain
/// counts, also several by one subscriber. No code of the transport's or of a subscriber's runs
/// under the registry's lock.
///
/// ```
/// use std::sync::Arc;
/// use peerage::{Identifier, Peer, Registry, Subscriber, Transport, TransportError};
/// # use peerage::{Status, StatusPeer};
/// # #[derive(Debug)] struct MyPeer(String);
/// # impl MyPeer { fn connect(&self) {} fn close(&self) {} }
/// # impl Identifier for MyPeer { fn identifier(&self) -> &str { &self.0 } }
/// # impl StatusPeer for MyPeer { fn status(&self) -> Status { Status::default() } }
/// # impl Peer for MyPeer {}
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
///         let make = || MyPeer(id.identifier().to_owned());
///         let (peer, is_new) = self.peers.retain(id.identifier(), subscriber, make);
///         if is_new {
///             peer.connect();
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
///             last.close();
///         }
///         Ok(())
///     }
/// }
/// ```
pub struct Registry<P> {
    transport: String,
    records: Mutex<HashMap<String, Record<P>>>,
}

struct Record<P> {
    peer: Arc<P>,
    subscribers: Vec<Arc<dyn Subscriber>>,
}

impl<P: Peer> Registry<P> {
    /// An empty registry; `transport` is the name in its errors.
    #[must_use]
    pub fn new(transport: impl Into<String>) -> Self {
        Self { transport: transport.into(), records: Mutex::new(HashMap::new()) }
    }

    /// The peer called `id`, made by `make` if there is none, with one more subscriber. `true`: it
    /// was made now, so it is time to connect. (If two threads make the same peer at once, one of
    /// the two is dropped: leave anything that matters until afterwards.)
    pub fn retain(
        &self,
        id: &str,
        subscriber: Arc<dyn Subscriber>,
        make: impl FnOnce() -> P,
    ) -> (Arc<P>, bool) {
        if let Some(peer) = self.join(id, &subscriber) {
            return (peer, false);
        }
        let made = Arc::new(make());
        match self.add(id, Arc::clone(&made), subscriber) {
            None => (made, true),
            Some(peer) => (peer, false),
        }
    }

    /// The peer called `id`, if there is one, with one more subscriber.
    pub fn join(&self, id: &str, subscriber: &Arc<dyn Subscriber>) -> Option<Arc<P>> {
        let mut records = self.records.lock();
        records.get_mut(id).map(|record| record.subscribe(subscriber))
    }

    /// Makes `peer` the one called `id`, with its first subscriber: for a transport whose peers can
    /// only be shared when they are complete. `Some`: there is another by now, which has got the
    /// subscriber, and `peer` is not needed.
    pub fn add(&self, id: &str, peer: Arc<P>, subscriber: Arc<dyn Subscriber>) -> Option<Arc<P>> {
        let mut records = self.records.lock();
        if let Some(record) = records.get_mut(id) {
            return Some(record.subscribe(&subscriber));
        }
        records.insert(id.to_owned(), Record { peer, subscribers: vec![subscriber] });
        None
    }

    /// Takes one subscription back. `Some`: it was the last, and the peer has left the registry.
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
        let Some(record) = records.get_mut(id) else {
            return Err(Box::new(TransportHasNoReferenceToPeer {
                transport_name: self.transport.clone(),
                peer_identifier: id.to_owned(),
            }));
        };
        let mut subscribers = record.subscribers.iter();
        let Some(position) = subscribers.position(|known| Arc::ptr_eq(known, subscriber)) else {
            return Err(Box::new(PeerHasNoReferenceToSubscriber {
                peer_identifier: id.to_owned(),
                peer_subscriber: format!("{:p}", Arc::as_ptr(subscriber)),
            }));
        };
        let gone = record.subscribers.swap_remove(position);
        let last = record.subscribers.is_empty().then(|| records.remove(id)).flatten();
        drop(records);
        drop(gone);
        Ok(last.map(|record| record.peer))
    }

    /// Tells the subscribers of `peer` that its status may have changed. A subscriber that is
    /// released at the same time may still be told, which changes nothing.
    pub fn notify(&self, peer: &dyn Identifier) {
        let subscribers = {
            let records = self.records.lock();
            records.get(peer.identifier()).map(|record| record.subscribers.clone())
        };
        for subscriber in subscribers.into_iter().flatten() {
            subscriber.notify_status_changed(peer);
        }
    }

    /// The peer called `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Arc<P>> {
        self.records.lock().get(id).map(|record| Arc::clone(&record.peer))
    }

    /// How many subscriptions the peer called `id` has.
    #[must_use]
    pub fn subscriptions(&self, id: &str) -> usize {
        self.records.lock().get(id).map_or(0, |record| record.subscribers.len())
    }

    /// All peers, in no order.
    #[must_use]
    pub fn peers(&self) -> Vec<Arc<P>> {
        self.records.lock().values().map(|record| Arc::clone(&record.peer)).collect()
    }
}

impl<P> Record<P> {
    fn subscribe(&mut self, subscriber: &Arc<dyn Subscriber>) -> Arc<P> {
        self.subscribers.push(Arc::clone(subscriber));
        Arc::clone(&self.peer)
    }
}

impl<P> fmt::Debug for Registry<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peers = self.records.lock().len();
        f.debug_struct("Registry")
            .field("transport", &self.transport)
            .field("peers", &peers)
            .finish()
    }
}
