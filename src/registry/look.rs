//! What can be read of a registry.

use std::fmt;
use std::sync::Arc;

use super::records::Record;
use super::reporter::StatusReporter;
use super::table::Registry;
use crate::peer::Peer;
#[cfg(any(test, feature = "testing"))]
use crate::peer::Subscriber;

impl<P: Peer> Registry<P> {
    /// The reporter of the peer called `id`, for a transport that keeps statuses elsewhere than in
    /// its peers.
    #[must_use]
    pub fn reporter(&self, id: &str) -> Option<StatusReporter> {
        self.find(id, |record| record.subscriptions.reporter())
    }

    /// The peer called `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Arc<P>> {
        self.find(id, |record| Arc::clone(&record.peer))
    }

    /// How many subscriptions the peer called `id` has.
    #[must_use]
    pub fn subscriptions(&self, id: &str) -> usize {
        self.find(id, |record| record.subscriptions.len()).unwrap_or(0)
    }

    /// The subscribers of the peer called `id`, those that have subscribed first before the others.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn subscribers(&self, id: &str) -> Vec<Arc<dyn Subscriber>> {
        self.find(id, |record| record.subscriptions.all().to_vec()).unwrap_or_default()
    }

    /// What `see` sees in the record of the peer called `id`, under the lock.
    fn find<T>(&self, id: &str, see: impl FnOnce(&Record<P>) -> T) -> Option<T> {
        let records = self.records.lock();
        records.get(id, records.hash(id)).map(see)
    }

    /// All peers, in no order.
    #[must_use]
    pub fn peers(&self) -> Vec<Arc<P>> {
        self.records.lock().iter().map(|record| Arc::clone(&record.peer)).collect()
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
